/** Signatures, SBOMs and attestations of what is selected. */
import type { Selected, Skipped, TransferReason } from '../model/plan.ts';
import { formatReference, type Reference } from '../model/reference.ts';
import type { ListedManifest, Registry } from '../ports/registry.ts';
import { excluderOf } from '../selection/index.ts';
import { compare, excludedBy } from './diff.ts';
import { isUntagged, mayHaveChildren, referrerTags, type ReferrerTag, type RepositoryContext } from './repository.ts';

/** Manifests that something may refer to, each with the root that its referrers travel with. Grows as referrers are found. */
type SubjectMap = Map<string, string>;

/** A manifest that refers to one of the family. */
export interface Referrer {
  readonly digest: string;
  readonly root: string;
}

/** Looks into one repository; every look waits for its turn by itself. */
export interface RepositoryReader extends Pick<Registry, 'manifest' | 'referrers'> {
  readonly repository: string;
  /** Whether no tag names this manifest: what a tag names is selected by its tag, or not at all. */
  readonly isUntagged: (digest: string) => boolean;
}

/** The root that a manifest travels with; null when it refers, be it by way of others, to none of the family. */
async function rootOf(
  digest: string,
  family: ReadonlyMap<string, string>,
  sight: RepositoryReader,
): Promise<string | null> {
  const subject = (await sight.manifest(sight.repository, digest))?.subject ?? null;
  if (subject === null) return null;
  const root = family.get(subject);
  if (root !== undefined) return root;
  // What lies between may be at the far side already, and so no candidate itself.
  return sight.isUntagged(subject) ? rootOf(subject, family, sight) : null;
}

/** By reading every manifest that nobody accounts for: dear where many are left over that refer to nothing. */
async function readSubjects(
  candidates: readonly string[],
  family: SubjectMap,
  sight: RepositoryReader,
): Promise<readonly Referrer[]> {
  const roots = await Promise.all(candidates.map((digest) => rootOf(digest, family, sight)));
  const found = candidates.flatMap((digest, index): Referrer[] => {
    const root = roots[index] ?? null;
    return root === null ? [] : [{ digest, root }];
  });
  for (const { digest, root } of found) family.set(digest, root);
  return found;
}

/** By asking for the referrers of each of the family, and then of those found. */
async function listReferrers(family: SubjectMap, sight: RepositoryReader): Promise<readonly Referrer[]> {
  const found: Referrer[] = [];
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
export function findReferrers(
  candidates: readonly string[],
  family: SubjectMap,
  sight: RepositoryReader,
): Promise<readonly Referrer[]> {
  if (candidates.length === 0) return Promise.resolve([]);
  return candidates.length <= 2 * family.size ? readSubjects(candidates, family, sight) : listReferrers(family, sight);
}

/** Something that is selected or belongs to what is, compared with the far side. */
export interface Compared extends Selected {
  readonly verdict: TransferReason | { readonly kind: 'present' };
  /** Of the selected artifact that it is, or belongs to. */
  readonly root: string;
  /** Digest that its tag says it refers to; null when only its manifest can tell. */
  readonly subject: string | null;
}

/** The selected artifacts with all that belongs to them. */
export interface Referrers {
  readonly judged: readonly Compared[];
  readonly excluded: readonly Skipped[];
}

/** Manifests that are neither selected nor known at the far side: parts, referrers, left over, or not asked for. */
function unaccounted({ listing, known }: RepositoryContext, selected: readonly Compared[]): readonly ListedManifest[] {
  const accounted = new Set([
    ...selected.map(({ digest }) => digest),
    // A companion's tag says what it is.
    ...referrerTags(listing).map(({ digest }) => digest),
  ]);
  return [...listing.manifests.values()].filter(({ digest }) => !accounted.has(digest) && !known?.digests.has(digest));
}

/** Companions' tags that are not known at the far side; of what is gone from the source nothing can belong to anything. */
const newReferrerTags = ({ listing, known }: RepositoryContext): readonly ReferrerTag[] =>
  referrerTags(listing).filter(
    ({ name, digest, subject }) => known?.tags.get(name) !== digest && listing.manifests.has(subject),
  );

/** Digests below an index; a manifest that the listing does not call an index is not read for it. */
async function childrenOf(ground: RepositoryContext, digest: string): Promise<readonly string[]> {
  if (!mayHaveChildren(ground.listing, digest)) return [];
  const children = (await ground.manifest(ground.listing.repository, digest))?.children ?? [];
  const below = await Promise.all(children.map((child) => childrenOf(ground, child)));
  return [...children, ...below.flat()];
}

type Children = ReadonlyMap<string, readonly string[]>;

async function readChildren(ground: RepositoryContext, judged: readonly Compared[]): Promise<Children> {
  const digests = [...new Set(judged.map(({ digest }) => digest))];
  return new Map(
    await Promise.all(
      digests.map(async (digest): Promise<[string, readonly string[]]> => [digest, await childrenOf(ground, digest)]),
    ),
  );
}

/** An index whose manifests are not all known to be there travels again. */
function withMissing({ known }: RepositoryContext, item: Compared, children: Children): Compared {
  if (item.verdict.kind !== 'present' || known === null) return item;
  const missing = (children.get(item.digest) ?? []).filter((child) => !known.digests.has(child)).length;
  return missing === 0 ? item : { ...item, verdict: { kind: 'incomplete', missing } };
}

function subjectMapOf(judged: readonly Compared[], children: Children): SubjectMap {
  const family: SubjectMap = new Map(judged.map(({ digest, root }) => [digest, root]));
  for (const { digest, root } of judged) {
    for (const child of children.get(digest) ?? []) if (!family.has(child)) family.set(child, root);
  }
  return family;
}

interface Found {
  readonly reference: Reference;
  readonly digest: string;
  readonly root: string;
  readonly subject: string | null;
}

/** What companions' tags name may have companions of its own, as the signature of an SBOM. */
function adoptTagged({ listing }: RepositoryContext, family: SubjectMap): void {
  const tags = referrerTags(listing);
  for (;;) {
    const next = tags.filter(({ digest, subject }) => family.has(subject) && !family.has(digest));
    if (next.length === 0) return;
    for (const { digest, subject } of next) family.set(digest, family.get(subject) ?? '');
  }
}

async function findAll(
  ground: RepositoryContext,
  family: SubjectMap,
  candidates: readonly string[],
): Promise<readonly Found[]> {
  const { listing, manifest, referrers } = ground;
  const { repository } = listing;
  const sight = { manifest, referrers, repository, isUntagged: (digest: string) => isUntagged(listing, digest) };
  adoptTagged(ground, family);
  const companions = await findReferrers(candidates, family, sight);
  adoptTagged(ground, family);
  const byManifest = companions.map(({ digest, root }): Found => {
    return { reference: { kind: 'digest', repository, digest }, digest, root, subject: null };
  });
  const byTag = newReferrerTags(ground).flatMap(({ name, digest, subject }): Found[] => {
    const root = family.get(subject);
    return root === undefined ? [] : [{ reference: { kind: 'tag', repository, tag: name }, digest, root, subject }];
  });
  return [...byManifest, ...byTag];
}

const nameOf = (reference: Reference): string => (reference.kind === 'tag' ? reference.tag : reference.digest);

/** Sorts what was found: what is there already is not spoken of, what a line leaves out is. */
function sortFound(ground: RepositoryContext, selected: readonly Compared[], found: readonly Found[]): Referrers {
  const { listing, known, brief } = ground;
  const taken = new Set(selected.map(({ reference }) => formatReference(reference)));
  const lineOf = new Map(selected.map(({ root, where }) => [root, where]));
  const judged: Compared[] = [];
  const excluded: Skipped[] = [];
  for (const item of found) {
    if (taken.has(formatReference(item.reference))) continue;
    const picked = { ...item, where: lineOf.get(item.root) ?? '' };
    const verdict = compare(picked, known);
    const by = excluderOf(brief.lines, listing.repository, nameOf(item.reference));
    if (by !== null) excluded.push(excludedBy(listing, picked, by.where));
    else if (verdict.kind !== 'present') judged.push({ ...picked, verdict });
  }
  return { judged, excluded };
}

/**
 * Adds to the selected artifacts of a repository what refers to them, and sends indexes again of which something is
 * missing. Where everything at the source is accounted for, nothing can be missing or new, and nothing is asked.
 * @throws ACRT6004
 */
export async function addReferrers(ground: RepositoryContext, selected: readonly Compared[]): Promise<Referrers> {
  const strangers = unaccounted(ground, selected);
  if (strangers.length + newReferrerTags(ground).length === 0) return { judged: selected, excluded: [] };
  const children = await readChildren(ground, selected);
  const whole = selected.map((item) => withMissing(ground, item, children));
  if (!ground.brief.includeReferrers) return { judged: whole, excluded: [] };
  const family = subjectMapOf(whole, children);
  // A new tag may belong to what refers to something selected and is known already.
  const tagged = newReferrerTags(ground).flatMap(({ subject }) => (isUntagged(ground.listing, subject) ? subject : []));
  const leftOver = strangers.filter(({ tags }) => tags.length === 0).map(({ digest }) => digest);
  const candidates = [...new Set([...leftOver, ...tagged])].filter((digest) => !family.has(digest));
  const found = await findAll(ground, family, candidates);
  const { judged, excluded } = sortFound(ground, whole, found);
  return { judged: [...whole, ...judged], excluded };
}
