/** What is known of the far side before anything travels, from wherever it is known. */
import type { Registry } from '../services.ts';

/** What one repository of the far side is known to hold. */
export interface KnownRepository {
  /** Digest of each tag. */
  readonly tags: ReadonlyMap<string, string>;
  /** Every manifest, those below an index and referrers too. */
  readonly digests: ReadonlySet<string>;
}

/** Where the knowledge comes from: the live target, receipts that came back, or what this side has handed over. */
export type KnownFrom = 'target' | 'receipt' | 'history';

/** An artifact that a document says is at the far side. */
export interface Remembered {
  /** `repository:tag` or `repository@sha256:…` */
  readonly reference: string;
  readonly digest: string;
  readonly children: readonly string[];
}

/** The far side as far as it is known. */
export interface Known {
  readonly from: KnownFrom;
  /** A repository that is not known is empty. */
  readonly of: (repository: string) => Promise<KnownRepository>;
  /** Everything that is remembered; nothing when the far side is looked at. */
  readonly remembered: readonly Remembered[];
  /** Repositories that are remembered; none when the far side is looked at, one repository at a time. */
  readonly repositories: readonly string[];
}

/**
 * What a registry holds of a repository, by one listing; nothing when there is no such repository.
 * @throws ACRT6004
 */
export async function heldBy(registry: Registry, repository: string): Promise<KnownRepository> {
  const listed = (await registry.manifests(repository)) ?? [];
  return {
    tags: new Map(listed.flatMap(({ digest, tags }) => tags.map((tag): [string, string] => [tag, digest]))),
    digests: new Set(listed.map(({ digest }) => digest)),
  };
}

/** The live target: one listing for each repository that is asked for. */
export const liveTarget = (registry: Registry): Known => ({
  from: 'target',
  repositories: [],
  remembered: [],
  of: (repository) => heldBy(registry, repository),
});
