import { createHash } from 'node:crypto';
import * as z from 'zod';
import { describeSchemaError } from '../../transfer/errors/index.ts';
import type { Descriptor } from '../../transfer/model/artifact.ts';
import type { Manifest } from '../../transfer/ports/registry.ts';
import type { RegistryResponse } from './transport.ts';

/** Images and indexes of OCI and Docker (as Microsoft's SDKs ask for), and artifact manifests from before OCI 1.1 (ORAS). */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.cncf.oras.artifact.manifest.v1+json',
  'application/vnd.oci.artifact.manifest.v1+json',
].join(', ');

/** What registries take at least, and seldom more (OCI distribution 1.1, "Pushing Manifests"). Bytes. */
export const MAX_MANIFEST = 4 * 1024 * 1024;

/**
 * Layers that are fetched from elsewhere by their `urls`: Docker's (distribution, "Image Manifest V 2, Schema 2") and OCI's
 * with every compression (OCI image specification, layer.md, "Non-Distributable Layers").
 */
const FOREIGN =
  /^application\/vnd\.(?:docker\.image\.rootfs\.foreign\.diff\.tar\.gzip|oci\.image\.layer\.nondistributable\.v1\.tar.*)$/;

const descriptor = z.object({
  digest: z.string(),
  size: z.number().int().nonnegative(),
  mediaType: z.string().nullish(),
});

// An image has config and layers, an index manifests; OCI and Docker media types agree in these members.
const manifestSchema = z.object({
  config: descriptor.nullish(),
  layers: z.array(descriptor).nullish(),
  /** Of ORAS. */
  blobs: z.array(descriptor).nullish(),
  manifests: z.array(descriptor).nullish(),
  subject: descriptor.nullish(),
  // Older and other kinds (Docker schema 1) have none of these, but say what they are.
  schemaVersion: z.number().nullish(),
  mediaType: z.string().nullish(),
});

type Document = z.infer<typeof manifestSchema>;

const toDescriptor = ({ digest, size }: Descriptor): Descriptor => ({ digest, size });

function parseDocument(bytes: Buffer): Document {
  const parsed = manifestSchema.safeParse(JSON.parse(bytes.toString('utf8')));
  if (!parsed.success) throw new Error(`it is not a manifest: ${describeSchemaError(parsed.error)}`);
  if (Object.values(parsed.data).every((member) => (member ?? null) === null)) throw new Error('it is not a manifest');
  return parsed.data;
}

/** The digest of the bytes, when it is the one that was asked for and that the registry tells. */
function checkedDigest({ body, headers }: RegistryResponse, tagOrDigest: string): string {
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const stated = headers.get('docker-content-digest') ?? digest;
  const asked = tagOrDigest.includes(':') ? tagOrDigest : digest;
  if (asked !== digest) throw new Error(`what arrived has another digest than was asked for, ${digest}`);
  if (stated !== digest) throw new Error(`what arrived has the digest ${digest}, not ${stated} as the registry says`);
  return digest;
}

const mediaTypeOf = ({ headers }: RegistryResponse): string | undefined =>
  headers.get('content-type')?.split(';')[0]?.trim();

/** Reads a manifest out of an answer. Throws when it is none, or not the one that was asked for. */
export function toManifest(answer: RegistryResponse, tagOrDigest: string): Manifest {
  const digest = checkedDigest(answer, tagOrDigest);
  const document = parseDocument(answer.body);
  const mediaType = mediaTypeOf(answer) ?? document.mediaType;
  if (!mediaType) throw new Error('the registry does not say what kind of manifest it is');
  const layers = [...(document.layers ?? []), ...(document.blobs ?? [])];
  return {
    digest,
    mediaType,
    size: answer.body.length,
    content: [...(document.config ? [document.config] : []), ...layers].map(toDescriptor),
    children: (document.manifests ?? []).map((child) => child.digest),
    subject: document.subject?.digest ?? null,
    foreign: layers.filter((layer) => FOREIGN.test(layer.mediaType ?? '')).map((layer) => layer.digest),
  };
}
