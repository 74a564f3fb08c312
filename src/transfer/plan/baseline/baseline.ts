/** The baseline: what is known to be at the target. */
import { documentReference, type BaselineEntry } from '../../documents/index.ts';
import { isSameResource } from '../../model/pipeline-id.ts';
import type { Registry } from '../../ports/registry.ts';

/** The two registries that a receipt, manifest, or history is about. */
export interface RegistryPair {
  /** Login server of the source registry. */
  readonly source: string;
  /** ARM resource ID of the target registry; null if this side doesn't know it. */
  readonly destination: string | null;
}

/** What one repository is known to have at the target. */
export interface BaselineRepository {
  /** Digest of each tag. */
  readonly tags: ReadonlyMap<string, string>;
  /** Digests of all manifests, including those below an index and referrers. */
  readonly digests: ReadonlySet<string>;
}

/** The source of a baseline: the live target, receipts from the target side, or the history of this side. */
type BaselineSource = 'target' | 'receipt' | 'history';

/** What is known to be at the target. */
export interface Baseline {
  readonly from: BaselineSource;
  /** An unknown repository is empty. */
  readonly of: (repository: string) => Promise<BaselineRepository>;
  /** All recorded artifacts; none for a live target. */
  readonly entries: readonly BaselineEntry[];
  /** All recorded repositories; none for a live target, which is read one repository at a time. */
  readonly repositories: readonly string[];
}

/** A baseline from documents, and notes about it for the reader. */
export interface LoadedBaseline {
  readonly baseline: Baseline;
  /** Sentences: what could not be used, and the consequence. */
  readonly notes: readonly string[];
}

/** Compares both registries. An unknown destination equals only another unknown one. */
export const isSamePair = (one: RegistryPair, other: RegistryPair): boolean =>
  isSameResource(one.source, other.source) && isSameResource(one.destination, other.destination);

/** Adds the period that a message lacks. */
export const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

const EMPTY_REPOSITORY: BaselineRepository = { tags: new Map(), digests: new Set() };

function repositoryOf(entries: readonly BaselineEntry[]): BaselineRepository {
  const tags = new Map<string, string>();
  for (const { reference, digest } of entries) {
    const parsed = documentReference(reference);
    if (parsed.kind === 'tag') tags.set(parsed.tag, digest);
  }
  return {
    tags,
    digests: new Set(entries.flatMap(({ digest, children }) => [digest, ...children])),
  };
}

/** Creates a baseline from the artifacts that documents record. */
export function baselineOf(from: BaselineSource, entries: readonly BaselineEntry[]): Baseline {
  const byRepository = Map.groupBy(entries, ({ reference }) => documentReference(reference).repository);
  const repositories = new Map([...byRepository].map(([name, items]) => [name, repositoryOf(items)]));
  return {
    from,
    repositories: [...repositories.keys()],
    entries,
    of: (repository) => Promise.resolve(repositories.get(repository) ?? EMPTY_REPOSITORY),
  };
}

/**
 * Lists a repository with one listing; empty if it doesn't exist.
 * @throws ACRT6004
 */
export async function listRepository(registry: Registry, repository: string): Promise<BaselineRepository> {
  const listed = (await registry.manifests(repository)) ?? [];
  return {
    tags: new Map(listed.flatMap(({ digest, tags }) => tags.map((tag): [string, string] => [tag, digest]))),
    digests: new Set(listed.map(({ digest }) => digest)),
  };
}

/** The live target as a baseline: one listing for each repository. */
export const liveTarget = (registry: Registry): Baseline => ({
  from: 'target',
  repositories: [],
  entries: [],
  of: (repository) => listRepository(registry, repository),
});
