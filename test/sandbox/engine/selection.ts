import { RunFailure } from '../contracts.ts';
import type { RegistryStore, RunOrder, StoredManifest } from '../contracts.ts';
import { parseArtifact } from './artifact.ts';
import type { ArtifactName } from './artifact.ts';
import { linksOf } from './manifest.ts';
import type { EngineParts } from './parts.ts';

/** Limits of a run: 50 artifacts, and layers of at most 8 GB (Microsoft Learn, "Transfer artifacts"). */
const MAX_ARTIFACTS = 50;
const MAX_LAYER_BYTES = 8 * 1024 ** 3;

/** An artifact with its content. */
export interface Artifact {
  readonly name: ArtifactName;
  /** The artifact's own manifest first, then those of an index. A parent always comes before its children. */
  readonly manifests: readonly [StoredManifest, ...StoredManifest[]];
  /** Digests of configs and layers. */
  readonly blobs: readonly string[];
}

function blobsOf(store: RegistryStore, name: ArtifactName, manifest: StoredManifest): string[] {
  return linksOf(manifest.bytes).blobs.map(({ digest }) => {
    if (!store.hasBlob(digest)) throw new RunFailure(`Blob ${digest} of artifact ${name.text} was not found.`);
    if (store.blobSize(digest) <= MAX_LAYER_BYTES) return digest;
    throw new RunFailure(`Layer ${digest} of artifact ${name.text} is larger than 8 GB.`);
  });
}

/** Assumed: an index is transferred with its children, and without its referrers. */
function manifestsUnder(
  store: RegistryStore,
  { text, repository }: ArtifactName,
  root: StoredManifest,
): StoredManifest[] {
  return linksOf(root.bytes).manifests.flatMap(({ digest }) => {
    const child = store.manifest(repository, digest);
    if (!child) throw new RunFailure(`Manifest ${digest} of artifact ${text} was not found.`);
    return [child, ...manifestsUnder(store, { text, repository, reference: digest }, child)];
  });
}

function find(store: RegistryStore, name: ArtifactName): Artifact {
  const root = store.manifest(name.repository, name.reference);
  if (!root) throw new RunFailure(`Artifact ${name.text} was not found.`);
  const under = manifestsUnder(store, name, root);
  const blobs = [root, ...under].flatMap((manifest) => blobsOf(store, name, manifest));
  return { name, manifests: [root, ...under], blobs };
}

/**
 * Finds the artifacts of an export in the registry. Throws RunFailure with the name of the first one that can't be transferred.
 * With ContinueOnErrors, excludes it.
 * Assumed: a run without remaining artifacts fails.
 */
export function selectArtifacts(
  { store, brokenExports }: Pick<EngineParts, 'store' | 'brokenExports'>,
  order: RunOrder,
): { readonly artifacts: readonly Artifact[]; readonly leftOut: readonly string[] } {
  if (order.artifacts.length > MAX_ARTIFACTS)
    throw new RunFailure(`A run takes at most ${MAX_ARTIFACTS} artifacts, not ${order.artifacts.length}.`);
  const names = new Map(order.artifacts.map(parseArtifact).map((name) => [name.text, name]));
  const failures: RunFailure[] = [];
  const found = [...names.values()].flatMap((name) => {
    try {
      if (brokenExports().includes(name.text)) throw new RunFailure(`Artifact ${name.text} could not be read.`);
      return [find(store, name)];
    } catch (error) {
      if (!(error instanceof RunFailure) || !order.options.includes('ContinueOnErrors')) throw error;
      failures.push(error);
      return [];
    }
  });
  if (found.length === 0) throw failures[0] ?? new RunFailure('The run names no artifacts.');
  return { artifacts: found, leftOut: failures.map(({ message }) => message) };
}
