import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import type { ExtractEvents } from 'tar-stream';
import type { RegistryStore, StoredManifest } from '../contracts.ts';
import { INDEX_FILE, REPOSITORY_ANNOTATION, TAG_ANNOTATION, digestAt } from './layout.ts';
import { digestOf, linksOf } from './manifest.ts';
import type { Descriptor } from './manifest.ts';

/** One file of a tar: its header and its bytes. */
type Entry = ExtractEvents['entry'][1];

/** An artifact in a transfer blob. */
export interface Arrival {
  /** `repository:tag` or `repository@digest`. */
  readonly text: string;
  readonly repository: string;
  /** Undefined if it is transferred by digest. */
  readonly tag: string | undefined;
  readonly root: Descriptor;
}

/** The content of a transfer blob. */
export interface Arrivals {
  /** The chosen artifacts. */
  readonly artifacts: readonly Arrival[];
  /** By digest. */
  readonly manifests: ReadonlyMap<string, StoredManifest>;
  /** Why a config or layer wasn't stored, by its digest. */
  readonly damaged: ReadonlyMap<string, string>;
}

/** Chooses artifacts of a blob before anything is stored. Can throw. */
export type Choose = (artifacts: readonly Arrival[]) => readonly Arrival[];

/** The OCI distribution specification allows a registry to reject manifests of more than 4 MiB. */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

async function readSmall(entry: Entry): Promise<Buffer> {
  if (entry.header.size > MAX_MANIFEST_BYTES) throw new Error(`${entry.header.name} is larger than 4 MiB`);
  return buffer(entry);
}

function toArrival(root: Descriptor): Arrival {
  const repository = root.annotations[REPOSITORY_ANNOTATION];
  if (repository === undefined) throw new Error(`${root.digest} has no repository`);
  const tag = root.annotations[TAG_ANNOTATION];
  return { text: tag === undefined ? `${repository}@${root.digest}` : `${repository}:${tag}`, repository, tag, root };
}

/** Reads the entries of one tar in their order. A manifest names the later entries that are needed, and their repository. */
function createReceiver(store: RegistryStore): {
  readonly want: (artifacts: readonly Arrival[]) => void;
  readonly take: (entry: Entry, digest: string) => Promise<void>;
  readonly manifests: ReadonlyMap<string, StoredManifest>;
  readonly damaged: ReadonlyMap<string, string>;
} {
  const manifests = new Map<string, StoredManifest>();
  const damaged = new Map<string, string>();
  const wantedManifests = new Map<string, { readonly repository: string; readonly mediaType: string }>();
  const wantedBlobs = new Map<string, string>();

  const takeManifest = async (entry: Entry, digest: string, repository: string, mediaType: string): Promise<void> => {
    const bytes = await readSmall(entry);
    if (digestOf(bytes) !== digest) throw new Error(`${entry.header.name} has another digest`);
    manifests.set(digest, { digest, mediaType, bytes });
    const links = linksOf(bytes);
    for (const child of links.manifests) wantedManifests.set(child.digest, { repository, mediaType: child.mediaType });
    for (const blob of links.blobs) wantedBlobs.set(blob.digest, repository);
  };

  const takeBlob = (entry: Entry, digest: string, repository: string): Promise<void> =>
    store.writeBlob(repository, digest, Readable.from(entry, { objectMode: false })).catch((error: unknown) => {
      damaged.set(digest, error instanceof Error ? error.message : String(error));
    });

  return {
    manifests,
    damaged,
    want: (artifacts) => {
      for (const { repository, root } of artifacts)
        wantedManifests.set(root.digest, { repository, mediaType: root.mediaType });
    },
    take: async (entry, digest) => {
      const manifest = wantedManifests.get(digest);
      const repository = wantedBlobs.get(digest);
      if (manifest) await takeManifest(entry, digest, manifest.repository, manifest.mediaType);
      else if (repository !== undefined && !store.hasBlob(digest)) await takeBlob(entry, digest, repository);
      else entry.resume();
    },
  };
}

async function readEntries(entries: AsyncIterable<Entry>, store: RegistryStore, choose: Choose): Promise<Arrivals> {
  const receiver = createReceiver(store);
  let artifacts: readonly Arrival[] | undefined;
  for await (const entry of entries) {
    const digest = digestAt(entry.header.name);
    if (entry.header.name === INDEX_FILE) {
      artifacts = choose(linksOf(await readSmall(entry)).manifests.map(toArrival));
      receiver.want(artifacts);
    } else if (!artifacts) throw new Error(`it begins with ${entry.header.name}, not with ${INDEX_FILE}`);
    else if (digest !== null) await receiver.take(entry, digest);
    else entry.resume();
  }
  if (!artifacts) throw new Error(`it has no ${INDEX_FILE}`);
  return { artifacts, manifests: receiver.manifests, damaged: receiver.damaged };
}

/** Reads a transfer blob in one pass: manifests into memory, configs and layers into the registry's store. */
export async function receive(content: AsyncIterable<Buffer>, store: RegistryStore, choose: Choose): Promise<Arrivals> {
  const tar = extract();
  const arrived = pipeline(content, tar);
  arrived.catch(() => undefined); // readEntries meets the same error
  const arrivals = await readEntries(tar, store, choose);
  await arrived;
  return arrivals;
}
