import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import type { Pack } from 'tar-stream';
import type { RegistryStore, StoredManifest } from '../contracts.ts';
import type { Artifact } from './selection.ts';

/**
 * The format of the sandbox's transfer blobs. What the service writes is not known; this is an OCI image layout in a tar, in an order that can
 * be read in one pass: index.json, oci-layout, manifests (parents before children), configs and layers; each blob once.
 */
export const INDEX_FILE = 'index.json';

/** Name of a tag, by the OCI image specification. */
export const TAG_ANNOTATION = 'org.opencontainers.image.ref.name';

/** Which repository an entry of index.json is of; the specification has no annotation for it. */
export const REPOSITORY_ANNOTATION = 'acr-transfer.sandbox.repository';

/** Where the layout keeps a blob. */
export const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

/** The digest of a file of the layout; null for files that are no blobs. */
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

/** The same content always makes the same tar: no times, no owners. */
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

/** Bytes of all blobs of these artifacts, each counted once: what the tar holds but for its frame and the manifests. */
export const payloadBytes = (store: RegistryStore, artifacts: readonly Artifact[]): number =>
  new Set(artifacts.flatMap(({ blobs }) => blobs)).values().reduce((sum, digest) => sum + store.blobSize(digest), 0);

/** The tar, as it is being written: no faster than it is read. */
export async function* writeLayout(store: RegistryStore, artifacts: readonly Artifact[]): AsyncGenerator<Buffer> {
  const tar = pack();
  fill(tar, store, artifacts).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  yield* tar as AsyncIterable<Buffer>;
}
