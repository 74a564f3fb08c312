/**
 * What the target is known to have.
 *
 * What documents tell of the far side, as planning asks of it. Pure.
 */
import { documentReference, type BaselineEntry } from '../../documents/index.ts';
import type { Registry } from '../../ports/registry.ts';

/** The two registries that documents speak of. */
export interface RegistryPair {
  /** Login server of the source registry. */
  readonly source: string;
  /** ARM resource ID of the target registry; null when this side does not know it. */
  readonly destination: string | null;
}

const lower = (text: string | null): string | null => text?.toLowerCase() ?? null;

/** Whether two names of a registry, or the absence of one, are the same: Azure compares without case. */
export const isSameRegistry = (one: string | null, other: string | null): boolean => lower(one) === lower(other);

/** Whether both ends are the same; an unknown destination is the same as another unknown one only. */
export const isSamePair = (one: RegistryPair, other: RegistryPair): boolean =>
  isSameRegistry(one.source, other.source) && isSameRegistry(one.destination, other.destination);

/** What is known of the far side without looking, and what a reader should know about it. */
export interface LoadedBaseline {
  readonly known: Baseline;
  /** Sentences: what could not be used, and what follows. */
  readonly notes: readonly string[];
}

/** A message as a sentence among others. */
export const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

const NOTHING: BaselineRepository = { tags: new Map(), digests: new Set() };

function repositoryOf(artifacts: readonly BaselineEntry[]): BaselineRepository {
  const tags = new Map<string, string>();
  for (const { reference, digest } of artifacts) {
    const parsed = documentReference(reference);
    if (parsed.kind === 'tag') tags.set(parsed.tag, digest);
  }
  return {
    tags,
    digests: new Set(artifacts.flatMap(({ digest, children }) => [digest, ...children])),
  };
}

/** What these artifacts come to. */
export function baselineOf(from: BaselineEntries, artifacts: readonly BaselineEntry[]): Baseline {
  const byRepository = Map.groupBy(artifacts, ({ reference }) => documentReference(reference).repository);
  const repositories = new Map([...byRepository].map(([name, items]) => [name, repositoryOf(items)]));
  return {
    from,
    repositories: [...repositories.keys()],
    remembered: artifacts,
    of: (repository) => Promise.resolve(repositories.get(repository) ?? NOTHING),
  };
}

/** What one repository of the far side is known to hold. */
export interface BaselineRepository {
  /** Digest of each tag. */
  readonly tags: ReadonlyMap<string, string>;
  /** Every manifest, those below an index and referrers too. */
  readonly digests: ReadonlySet<string>;
}

/** Where the knowledge comes from: the live target, receipts that came back, or what this side has handed over. */
type BaselineEntries = 'target' | 'receipt' | 'history';

/** The far side as far as it is known. */
export interface Baseline {
  readonly from: BaselineEntries;
  /** A repository that is not known is empty. */
  readonly of: (repository: string) => Promise<BaselineRepository>;
  /** Everything that is remembered; nothing when the far side is looked at. */
  readonly remembered: readonly BaselineEntry[];
  /** Repositories that are remembered; none when the far side is looked at, one repository at a time. */
  readonly repositories: readonly string[];
}

/**
 * What a registry holds of a repository, by one listing; nothing when there is no such repository.
 * @throws ACRT6004
 */
export async function listRepository(registry: Registry, repository: string): Promise<BaselineRepository> {
  const listed = (await registry.manifests(repository)) ?? [];
  return {
    tags: new Map(listed.flatMap(({ digest, tags }) => tags.map((tag): [string, string] => [tag, digest]))),
    digests: new Set(listed.map(({ digest }) => digest)),
  };
}

/** The live target: one listing for each repository that is asked for. */
export const liveTarget = (registry: Registry): Baseline => ({
  from: 'target',
  repositories: [],
  remembered: [],
  of: (repository) => listRepository(registry, repository),
});
