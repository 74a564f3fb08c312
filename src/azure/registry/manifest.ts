import { createHash } from 'node:crypto';
import * as z from 'zod';
import { describeSchemaError } from '../../transfer/errors/index.ts';
import type { Descriptor } from '../../transfer/model/artifact.ts';
import type { Manifest } from '../../transfer/ports/registry.ts';
import type { RegistryResponse } from './transport.ts';

/** Images and indexes of OCI and Docker (as in Microsoft's SDKs), and artifact manifests from before OCI 1.1 (ORAS). */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.cncf.oras.artifact.manifest.v1+json',
  'application/vnd.oci.artifact.manifest.v1+json',
].join(', ');

/** Size that every registry must accept, and few exceed (OCI distribution 1.1, "Pushing Manifests"). */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/**
 * Media types of layers that clients download from their `urls`: Docker's (distribution, "Image Manifest V 2, Schema 2") and OCI's
 * with every compression (OCI image specification, layer.md, "Non-Distributable Layers").
 */
const FOREIGN =
  /^application\/vnd\.(?:docker\.image\.rootfs\.foreign\.diff\.tar\.gzip|oci\.image\.layer\.nondistributable\.v1\.tar.*)$/;

const descriptor = z.object({
  digest: z.string(),
  size: z.number().int().nonnegative(),
  mediaType: z.string().nullish(),
});

// An image has config and layers, an index has manifests. OCI and Docker use the same members.
const manifestSchema = z.object({
  config: descriptor.nullish(),
  layers: z.array(descriptor).nullish(),
  // ORAS artifact manifests.
  blobs: z.array(descriptor).nullish(),
  manifests: z.array(descriptor).nullish(),
  subject: descriptor.nullish(),
  // Other kinds, such as Docker schema 1, have none of the members above, but they have these.
  schemaVersion: z.number().nullish(),
  mediaType: z.string().nullish(),
});

type ManifestBody = z.infer<typeof manifestSchema>;

const toDescriptor = ({ digest, size }: Descriptor): Descriptor => ({ digest, size });

function parseManifest(bytes: Buffer): ManifestBody {
  const parsed = manifestSchema.safeParse(JSON.parse(bytes.toString('utf8')));
  if (!parsed.success) throw new Error(`it is not a manifest: ${describeSchemaError(parsed.error)}`);
  if (Object.values(parsed.data).every((member) => (member ?? null) === null)) throw new Error('it is not a manifest');
  return parsed.data;
}

/** Computes the digest of the received bytes. Throws if the request or the registry's header names another one. */
function verifyDigest({ body, headers }: RegistryResponse, tagOrDigest: string): string {
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const stated = headers.get('docker-content-digest') ?? digest;
  const requested = tagOrDigest.includes(':') ? tagOrDigest : digest;
  if (requested !== digest) throw new Error(`the manifest has another digest than requested: ${digest}`);
  if (stated !== digest) throw new Error(`the manifest has the digest ${digest}, not ${stated} as the registry states`);
  return digest;
}

const mediaTypeOf = ({ headers }: RegistryResponse): string | undefined =>
  headers.get('content-type')?.split(';')[0]?.trim();

/** Parses the manifest in a response. Throws if the body isn't a manifest, or isn't the requested one. */
export function toManifest(response: RegistryResponse, tagOrDigest: string): Manifest {
  const digest = verifyDigest(response, tagOrDigest);
  const body = parseManifest(response.body);
  const mediaType = mediaTypeOf(response) ?? body.mediaType;
  if (!mediaType) throw new Error('the manifest has no media type');
  const layers = [...(body.layers ?? []), ...(body.blobs ?? [])];
  return {
    digest,
    mediaType,
    size: response.body.length,
    content: [...(body.config ? [body.config] : []), ...layers].map(toDescriptor),
    children: (body.manifests ?? []).map((child) => child.digest),
    subject: body.subject?.digest ?? null,
    foreign: layers.filter((layer) => FOREIGN.test(layer.mediaType ?? '')).map((layer) => layer.digest),
  };
}
