import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { RegistryStore } from '../contracts.ts';

export const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';

export const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** What points at something that was put: a descriptor. */
export interface Pushed {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Stores a config or layer. */
export async function putBlob(
  store: RegistryStore,
  repository: string,
  bytes: Buffer,
  mediaType = 'application/vnd.oci.image.layer.v1.tar',
): Promise<Pushed> {
  const digest = digestOf(bytes);
  await store.writeBlob(repository, digest, Readable.from([bytes]));
  return { mediaType, digest, size: bytes.length };
}

/** Stores a manifest or index. */
export function putJson(
  store: RegistryStore,
  repository: string,
  mediaType: string,
  value: object,
  tag?: string,
): Pushed {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...value }));
  const digest = digestOf(bytes);
  store.putManifest(repository, { digest, mediaType, bytes }, tag);
  return { mediaType, digest, size: bytes.length };
}

/** Stores an image of one layer. */
export async function putImage(store: RegistryStore, repository: string, layer: string, tag?: string): Promise<Pushed> {
  const config = await putBlob(store, repository, Buffer.from('{}'), 'application/vnd.oci.image.config.v1+json');
  const layers = [await putBlob(store, repository, Buffer.from(layer))];
  return putJson(store, repository, IMAGE, { config, layers }, tag);
}
