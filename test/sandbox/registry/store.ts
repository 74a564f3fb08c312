import type { Readable } from 'node:stream';
import type { RegistryStore, StoredManifest } from '../contracts.ts';
import { openBlobStore } from './blob-store.ts';
import type { BlobStore } from './blob-store.ts';
import { createClock } from './clock.ts';
import { outlineOf, requiredBlobs } from './manifest.ts';
import { digestOf } from './name.ts';
import { createRepository } from './repository.ts';
import type { Repository } from './repository.ts';

/** The content of a registry. */
export interface Content {
  readonly blobs: BlobStore;
  /** Repositories with at least one manifest, by name. */
  readonly repositories: () => readonly Repository[];
  /** A repository with at least one manifest. */
  readonly find: (name: string) => Repository | undefined;
  /** Returns the repository, and creates it if it doesn't exist. Lists contain it once it has a manifest. */
  readonly ensure: (name: string) => Repository;
  /** Whether a repository has a blob, also if no manifest needs it yet. */
  readonly holds: (name: string, digest: string) => boolean;
  readonly drop: (name: string) => void;
}

/** Opens the content of an empty registry in a folder. */
export async function openContent(folder: string): Promise<Content> {
  const blobs = await openBlobStore(folder);
  const clock = createClock();
  const all = new Map<string, Repository>();
  const ensure = (name: string): Repository => {
    const known = all.get(name) ?? createRepository(name, clock);
    all.set(name, known);
    return known;
  };
  const shown = (repository: Repository | undefined): Repository | undefined =>
    repository?.manifests.size ? repository : undefined;
  return {
    blobs,
    repositories: () => [...all.values()].filter(shown).sort((a, b) => (a.name < b.name ? -1 : 1)),
    find: (name) => shown(all.get(name)),
    ensure,
    holds: (name, digest) => all.get(name)?.blobs.has(digest) ?? false,
    drop: (name) => void all.delete(name),
  };
}

async function writeBlob(content: Content, repository: string, digest: string, bytes: Readable): Promise<void> {
  const upload = content.blobs.startUpload();
  try {
    await upload.append(bytes);
  } catch (error) {
    await upload.discard();
    throw error;
  }
  if (!(await upload.commit(digest))) throw new Error(`the content written does not have the digest ${digest}`);
  content.ensure(repository).blobs.add(digest);
}

/** A manifest that is stored without the HTTP API must follow the same rules, except that its blobs can be in any repository. */
function putManifest({ blobs, ensure }: Content, name: string, manifest: StoredManifest, tag?: string): void {
  const repository = ensure(name);
  const outline = outlineOf(manifest);
  const required = requiredBlobs(outline);
  const missing = [
    ...required.filter((digest) => !blobs.has(digest)),
    ...outline.children.map(({ digest }) => digest).filter((digest) => !repository.manifests.has(digest)),
  ];
  if (digestOf(manifest.bytes) !== manifest.digest) throw new Error(`the manifest is not ${manifest.digest}`);
  if (missing.length) throw new Error(`${name}@${manifest.digest} needs ${missing.join(', ')}`);
  for (const digest of required) repository.blobs.add(digest);
  repository.put(manifest, tag);
}

/** The registry's content for the transfer engine. */
export const createStore = (content: Content): RegistryStore => ({
  manifest: (repository, reference) => content.find(repository)?.find(reference)?.stored ?? null,
  putManifest: (repository, manifest, tag) => {
    putManifest(content, repository, manifest, tag);
  },
  hasBlob: content.blobs.has,
  blobSize: content.blobs.size,
  readBlob: (digest) => content.blobs.read(digest),
  writeBlob: (repository, digest, bytes) => writeBlob(content, repository, digest, bytes),
  digestOf: (repository, reference) => content.find(repository)?.find(reference)?.stored.digest ?? null,
});
