/** Finds what refers to the selected artifacts of one repository: signatures, SBOMs, attestations. */
import type { Registry } from '../services.ts';

/** Manifests that something may refer to, each with the root that its referrers travel with. Grows as referrers are found. */
export type Family = Map<string, string>;

/** A manifest that refers to one of the family. */
export interface Companion {
  readonly digest: string;
  readonly root: string;
}

/** Looks into one repository; every look waits for its turn by itself. */
export interface Sight extends Pick<Registry, 'manifest' | 'referrers'> {
  readonly repository: string;
  /** Whether no tag names this manifest: what a tag names is selected by its tag, or not at all. */
  readonly isUntagged: (digest: string) => boolean;
}

/** The root that a manifest travels with; null when it refers, be it by way of others, to none of the family. */
async function rootOf(digest: string, family: ReadonlyMap<string, string>, sight: Sight): Promise<string | null> {
  const subject = (await sight.manifest(sight.repository, digest))?.subject ?? null;
  if (subject === null) return null;
  const root = family.get(subject);
  if (root !== undefined) return root;
  // What lies between may be at the far side already, and so no candidate itself.
  return sight.isUntagged(subject) ? rootOf(subject, family, sight) : null;
}

/** By reading every manifest that nobody accounts for: dear where many are left over that refer to nothing. */
async function readAll(candidates: readonly string[], family: Family, sight: Sight): Promise<readonly Companion[]> {
  const roots = await Promise.all(candidates.map((digest) => rootOf(digest, family, sight)));
  const found = candidates.flatMap((digest, index): Companion[] => {
    const root = roots[index] ?? null;
    return root === null ? [] : [{ digest, root }];
  });
  for (const { digest, root } of found) family.set(digest, root);
  return found;
}

/** By asking for the referrers of each of the family, and then of those found. */
async function askAll(family: Family, sight: Sight): Promise<readonly Companion[]> {
  const found: Companion[] = [];
  let asked = [...family];
  while (asked.length > 0) {
    const answers = await Promise.all(
      asked.map(async ([digest, root]) => {
        const referrers = await sight.referrers(sight.repository, digest);
        return referrers.filter(sight.isUntagged).map((referrer) => ({ digest: referrer, root }));
      }),
    );
    const next = new Map(answers.flat().map((companion) => [companion.digest, companion]));
    asked = [];
    for (const companion of next.values()) {
      if (family.has(companion.digest)) continue;
      family.set(companion.digest, companion.root);
      found.push(companion);
      asked.push([companion.digest, companion.root]);
    }
  }
  return found;
}

/**
 * Finds referrers in the way that asks less of the registry: reading the manifests that are left over when everything that
 * is selected or known has been taken away, or asking the referrers API for each subject. The service grants a tenth as
 * many of the latter (2,000 a minute; Microsoft: ACR service tiers), but reading is wasted on what refers to nothing.
 * @param candidates digests without a tag that are neither selected nor known at the far side
 * @param family subjects; what is found is added
 * @throws ACRT6004
 */
export function findCompanions(
  candidates: readonly string[],
  family: Family,
  sight: Sight,
): Promise<readonly Companion[]> {
  if (candidates.length === 0) return Promise.resolve([]);
  return candidates.length <= 2 * family.size ? readAll(candidates, family, sight) : askAll(family, sight);
}
