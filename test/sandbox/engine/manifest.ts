import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { StoredManifest } from '../contracts.ts';

const descriptor = z.object({
  mediaType: z.string().default('application/octet-stream'),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number().int().nonnegative(),
  urls: z.array(z.string()).default([]),
  annotations: z.record(z.string(), z.string()).default({}),
});

/** The members of manifests and indexes that reference other content. Other members aren't read. */
const manifestBody = z.object({
  manifests: z.array(descriptor).default([]),
  config: descriptor.optional(),
  layers: z.array(descriptor).default([]),
  blobs: z.array(descriptor).default([]),
});

/** The references of one manifest. */
export interface Links {
  /** Manifests of an index. */
  readonly manifests: readonly Descriptor[];
  /** Config and layers that are transferred. */
  readonly blobs: readonly Descriptor[];
}

/** An OCI descriptor. Size in bytes. */
export type Descriptor = z.infer<typeof descriptor>;

/** Foreign layers aren't transferred (Microsoft Learn, "Transfer artifacts"). */
const isForeign = ({ urls }: Descriptor): boolean => urls.length > 0;

/** The digest of bytes: `sha256:…` */
export const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Parses a manifest, an index, or the index.json of a layout. Throws for anything else. */
export function linksOf(bytes: Buffer): Links {
  const body = manifestBody.parse(JSON.parse(bytes.toString()));
  const blobs = [...(body.config ? [body.config] : []), ...body.layers, ...body.blobs];
  return { manifests: body.manifests, blobs: blobs.filter((blob) => !isForeign(blob)) };
}

/** The same manifest with one more annotation: valid and pullable, but not the one that was sent. */
export function falsified(manifest: StoredManifest): StoredManifest {
  const body = JSON.parse(manifest.bytes.toString()) as { annotations?: Record<string, string> };
  const annotations = { ...body.annotations, 'acr-transfer.sandbox.falsified': 'true' };
  const bytes = Buffer.from(JSON.stringify({ ...body, annotations }));
  return { ...manifest, bytes, digest: digestOf(bytes) };
}
