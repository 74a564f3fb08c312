import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import type { Pack } from 'tar-stream';
import type { RegistryStore, StoredManifest } from '../contracts.ts';
import type { Artifact } from './selection.ts';

/**
 * The format of the sandbox's transfer blobs. The format of the service isn't known. This is an OCI image layout in a tar, in
 * an order that can be read in one pass: index.json, oci-layout, manifests (parents before children), configs and layers. Each
 * blob occurs once.
 */
export const INDEX_FILE = 'index.json';

/** Annotation for a tag (OCI image specification). */
export const TAG_ANNOTATION = 'org.opencontainers.image.ref.name';

/** Annotation for the repository of an entry of index.json. The specification has none. */
export const REPOSITORY_ANNOTATION = 'acr-transfer.sandbox.repository';

/** Path of a blob in the layout. */
export const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

/** The digest of a file of the layout; null if it isn't a blob. */
export function digestAt(path: string): string | null {
  const match = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(path);
  return match ? `sha256:${match[1] ?? ''}` : null;
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

function indexOf(artifacts: readonly Artifact[]): Buffer {
  const manifests = artifacts.map(({ name, manifests: [root] }) => ({
    mediaType: root.mediaType,
    digest: root.digest,
    size: root.bytes.length,
    annotations: {
      [REPOSITORY_ANNOTATION]: name.repository,
      ...(name.tag === undefined ? {} : { [TAG_ANNOTATION]: name.tag }),
    },
  }));
  return json({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests });
}

/** Without times and owners, the same content always gives the same tar. */
const header = (name: string, size: number): { name: string; size: number; mtime: Date } => ({
  name,
  size,
  mtime: new Date(0),
});

function addFile(tar: Pack, name: string, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    tar.entry(header(name, content.length), content, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

async function fill(tar: Pack, store: RegistryStore, artifacts: readonly Artifact[]): Promise<void> {
  const manifests = new Map<string, StoredManifest>();
  for (const manifest of artifacts.flatMap((artifact) => artifact.manifests)) manifests.set(manifest.digest, manifest);
  await addFile(tar, INDEX_FILE, indexOf(artifacts));
  await addFile(tar, 'oci-layout', json({ imageLayoutVersion: '1.0.0' }));
  for (const { digest, bytes } of manifests.values()) await addFile(tar, blobPath(digest), bytes);
  for (const digest of new Set(artifacts.flatMap(({ blobs }) => blobs)))
    await pipeline(store.readBlob(digest), tar.entry(header(blobPath(digest), store.blobSize(digest))));
  tar.finalize();
}

/** Bytes of all blobs of these artifacts. Each one counts once. Without headers and manifests, this is the size of the tar. */
export const payloadBytes = (store: RegistryStore, artifacts: readonly Artifact[]): number =>
  new Set(artifacts.flatMap(({ blobs }) => blobs)).values().reduce((sum, digest) => sum + store.blobSize(digest), 0);

/** The tar as a stream. It is written only as fast as it is read. */
export async function* writeLayout(store: RegistryStore, artifacts: readonly Artifact[]): AsyncGenerator<Buffer> {
  const tar = pack();
  fill(tar, store, artifacts).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  yield* tar as AsyncIterable<Buffer>;
}
