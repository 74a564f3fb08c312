/** What is known of the far side before anything travels, from wherever it is known. */
import type { Registry } from '../services.ts';

/** What one repository of the far side is known to hold. */
export interface KnownRepository {
  /** Digest of each tag. */
  readonly tags: ReadonlyMap<string, string>;
  /** Every manifest, those below an index and referrers too. */
  readonly digests: ReadonlySet<string>;
  /** Digests below each index, where they are remembered. */
  readonly children: ReadonlyMap<string, readonly string[]>;
}

/** Where the knowledge comes from: the live target, receipts that came back, or what this side has handed over. */
export type KnownFrom = 'target' | 'receipt' | 'history';

/** The far side as far as it is known. */
export interface Known {
  readonly from: KnownFrom;
  /** A repository that is not known is empty. */
  readonly of: (repository: string) => Promise<KnownRepository>;
  /** Repositories that are remembered; none when the far side is looked at, one repository at a time. */
  readonly repositories: readonly string[];
}

/** The live target: one listing for each repository that is asked for. */
export const liveTarget = (registry: Registry): Known => ({
  from: 'target',
  repositories: [],
  of: async (repository) => {
    const listed = (await registry.manifests(repository)) ?? [];
    return {
      tags: new Map(listed.flatMap(({ digest, tags }) => tags.map((tag): [string, string] => [tag, digest]))),
      digests: new Set(listed.map(({ digest }) => digest)),
      children: new Map(),
    };
  },
});
