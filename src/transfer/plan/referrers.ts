/** Finds the referrers of selected artifacts: signatures, SBOMs, and attestations. */
import type { Selected, Skipped, TransferReason } from '../model/plan.ts';
import { formatReference, type Reference } from '../model/reference.ts';
import type { ListedManifest, Registry } from '../ports/registry.ts';
import { excluderOf } from '../selection/index.ts';
import { compare, toExcluded } from './diff.ts';
import {
  type DiscoverInput,
  isUntagged,
  mayHaveChildren,
  type ReferrerTag,
  referrerTags,
  type RepositoryContext,
} from './repository.ts';

/**
 * Digests that can have referrers, each with its root: the selected artifact that its referrers are transferred with. Grows
 * as referrers are found.
 */
type SubjectMap = Map<string, string>;

/** A manifest that refers to a subject. */
export interface Referrer {
  readonly digest: string;
  readonly root: string;
}

/** Reads manifests and referrers of one repository, and limits its own concurrency. */
export interface RepositoryReader extends Pick<Registry, 'manifest' | 'referrers'> {
  readonly repository: string;
  /** Whether a manifest has no tag. A tagged manifest is selected by its tag or not at all. */
  readonly isUntagged: (digest: string) => boolean;
  readonly listings: DiscoverInput['listings'];
}

/** Finds the root of a manifest that refers to a subject, directly or through other referrers; null if it doesn't. */
async function rootOf(
  digest: string,
  subjects: ReadonlyMap<string, string>,
  reader: RepositoryReader,
): Promise<string | null> {
  const subject = (await reader.manifest(reader.repository, digest))?.subject ?? null;
  if (subject === null) return null;
  const root = subjects.get(subject);
  if (root !== undefined) return root;
  // A referrer in between might be up to date at the target, and therefore no candidate itself.
  return reader.isUntagged(subject) ? rootOf(subject, subjects, reader) : null;
}

/** Reads the subject of every candidate. Expensive if many untagged manifests have no subject. */
async function readSubjects(
  candidates: readonly string[],
  subjects: SubjectMap,
  reader: RepositoryReader,
): Promise<readonly Referrer[]> {
  const roots = await Promise.all(candidates.map((digest) => rootOf(digest, subjects, reader)));
  const found = candidates.flatMap((digest, index): Referrer[] => {
    const root = roots[index] ?? null;
    return root === null ? [] : [{ digest, root }];
  });
  for (const { digest, root } of found) subjects.set(digest, root);
  return found;
}

/** Lists the referrers of every subject, and then those of the referrers that it finds. */
async function listReferrers(subjects: SubjectMap, reader: RepositoryReader): Promise<readonly Referrer[]> {
  const found: Referrer[] = [];
  let pending = [...subjects];
  while (pending.length > 0) {
    reader.listings.sent += pending.length;
    const lists = await Promise.all(
      pending.map(async ([digest, root]) => {
        const referrers = await reader.referrers(reader.repository, digest);
        return referrers.filter(reader.isUntagged).map((referrer) => ({ digest: referrer, root }));
      }),
    );
    const next = new Map(lists.flat().map((referrer) => [referrer.digest, referrer]));
    pending = [];
    for (const referrer of next.values()) {
      if (subjects.has(referrer.digest)) continue;
      subjects.set(referrer.digest, referrer.root);
      found.push(referrer);
      pending.push([referrer.digest, referrer.root]);
    }
  }
  return found;
}

/**
 * Listings of referrers per minute that the service allows one identity (Microsoft: "Azure Container Registry SKU features and
 * limits", Premium). The whole registry can have twice as many, but this action has one identity.
 */
const MAX_LISTINGS = 1000;

/** Reads that the service allows for each listing (10,000 per minute). */
const READS_PER_LISTING = 10;

/** Reads that are preferred to one listing while the limit is far: a read also returns the subject of a chain. */
const PREFERRED_READS = 2;

/** Number of candidates up to which reading them takes less time than listing the referrers of each subject. */
function maxReads(subjects: number, { listings }: RepositoryReader): number {
  return subjects * (listings.sent + subjects > MAX_LISTINGS ? READS_PER_LISTING : PREFERRED_READS);
}

/**
 * Finds referrers in the shorter time: reads each candidate, or lists the referrers of each subject. Reads of candidates
 * without a subject find nothing. Listings beyond the limit wait for a minute.
 * @param candidates untagged digests that are neither selected nor in the baseline
 * @param subjects the referrers that are found are added
 * @throws ACRT6004
 */
export function findReferrers(
  candidates: readonly string[],
  subjects: SubjectMap,
  reader: RepositoryReader,
): Promise<readonly Referrer[]> {
  if (candidates.length === 0) return Promise.resolve([]);
  return candidates.length <= maxReads(subjects.size, reader)
    ? readSubjects(candidates, subjects, reader)
    : listReferrers(subjects, reader);
}

/** A selected artifact or one of its referrers, compared with the baseline. */
export interface Compared extends Selected {
  readonly comparison: TransferReason | { readonly kind: 'present' };
  /** `repository@digest` of the selected artifact that it is, or refers to. */
  readonly root: string;
  /** Digest of the subject according to its tag; null if only its manifest has it. */
  readonly subject: string | null;
}

/** The selected artifacts and their referrers. */
export interface Referrers {
  readonly compared: readonly Compared[];
  readonly excluded: readonly Skipped[];
}

/** Manifests that are neither selected nor in the baseline: children of an index, referrers, or not selected. */
function unaccountedManifests(
  { listing, baseline }: RepositoryContext,
  selected: readonly Compared[],
): readonly ListedManifest[] {
  const accounted = new Set([
    ...selected.map(({ digest }) => digest),
    // The tag of a referrer contains its subject.
    ...referrerTags(listing).map(({ digest }) => digest),
  ]);
  return [...listing.manifests.values()].filter(
    ({ digest }) => !accounted.has(digest) && !baseline?.digests.has(digest),
  );
}

/** Referrer tags that are not in the baseline, without those whose subject was deleted at the source. */
const newReferrerTags = ({ listing, baseline }: RepositoryContext): readonly ReferrerTag[] =>
  referrerTags(listing).filter(
    ({ name, digest, subject }) => baseline?.tags.get(name) !== digest && listing.manifests.has(subject),
  );

/** Digests of all manifests below an index. Doesn't read a manifest that the listing says is no index. */
async function childrenOf(context: RepositoryContext, digest: string): Promise<readonly string[]> {
  if (!mayHaveChildren(context.listing, digest)) return [];
  const children = (await context.manifest(context.listing.repository, digest))?.children ?? [];
  const below = await Promise.all(children.map((child) => childrenOf(context, child)));
  return [...children, ...below.flat()];
}

type Children = ReadonlyMap<string, readonly string[]>;

async function readChildren(context: RepositoryContext, compared: readonly Compared[]): Promise<Children> {
  const digests = [...new Set(compared.map(({ digest }) => digest))];
  return new Map(
    await Promise.all(
      digests.map(async (digest): Promise<[string, readonly string[]]> => [digest, await childrenOf(context, digest)]),
    ),
  );
}

/** Marks an index as incomplete if the baseline doesn't have all its manifests. It is transferred again. */
function markIncomplete({ baseline }: RepositoryContext, item: Compared, children: Children): Compared {
  if (item.comparison.kind !== 'present' || baseline === null) return item;
  const missing = (children.get(item.digest) ?? []).filter((child) => !baseline.digests.has(child)).length;
  return missing === 0 ? item : { ...item, comparison: { kind: 'incomplete', missing } };
}

function subjectMapOf(compared: readonly Compared[], children: Children): SubjectMap {
  const subjects: SubjectMap = new Map(compared.map(({ digest, root }) => [digest, root]));
  for (const { digest, root } of compared) {
    for (const child of children.get(digest) ?? []) if (!subjects.has(child)) subjects.set(child, root);
  }
  return subjects;
}

interface FoundReferrer {
  readonly reference: Reference;
  readonly digest: string;
  readonly root: string;
  readonly subject: string | null;
}

/** Adds tagged referrers to the subjects, because they can have referrers too, such as the signature of an SBOM. */
function addTaggedReferrers({ listing }: RepositoryContext, subjects: SubjectMap): void {
  const tags = referrerTags(listing);
  for (;;) {
    const next = tags.filter(({ digest, subject }) => subjects.has(subject) && !subjects.has(digest));
    if (next.length === 0) return;
    for (const { digest, subject } of next) subjects.set(digest, subjects.get(subject) ?? '');
  }
}

async function findAll(
  context: RepositoryContext,
  subjects: SubjectMap,
  candidates: readonly string[],
): Promise<readonly FoundReferrer[]> {
  const { listing, manifest, referrers, input } = context;
  const { repository } = listing;
  const reader = {
    manifest,
    referrers,
    repository,
    isUntagged: (digest: string) => isUntagged(listing, digest),
    listings: input.listings,
  };
  addTaggedReferrers(context, subjects);
  const found = await findReferrers(candidates, subjects, reader);
  addTaggedReferrers(context, subjects);
  const byManifest = found.map(({ digest, root }): FoundReferrer => {
    return { reference: { kind: 'digest', repository, digest }, digest, root, subject: null };
  });
  const byTag = newReferrerTags(context).flatMap(({ name, digest, subject }): FoundReferrer[] => {
    const root = subjects.get(subject);
    return root === undefined ? [] : [{ reference: { kind: 'tag', repository, tag: name }, digest, root, subject }];
  });
  return [...byManifest, ...byTag];
}

const nameOf = (reference: Reference): string => (reference.kind === 'tag' ? reference.tag : reference.digest);

/** Compares referrers with the baseline. Returns those to transfer, and those that a line excludes; omits those up to date. */
function compareReferrers(
  context: RepositoryContext,
  selected: readonly Compared[],
  found: readonly FoundReferrer[],
): Referrers {
  const { listing, baseline, input } = context;
  const selectedReferences = new Set(selected.map(({ reference }) => formatReference(reference)));
  const lineOf = new Map(selected.map(({ root, where }) => [root, where]));
  const compared: Compared[] = [];
  const excluded: Skipped[] = [];
  for (const item of found) {
    if (selectedReferences.has(formatReference(item.reference))) continue;
    const referrer = { ...item, where: lineOf.get(item.root) ?? '' };
    const comparison = compare(referrer, baseline);
    const by = excluderOf(input.lines, listing.repository, nameOf(item.reference));
    if (by !== null) excluded.push(toExcluded(listing, referrer, by.where));
    else if (comparison.kind !== 'present') compared.push({ ...referrer, comparison });
  }
  return { compared, excluded };
}

/**
 * Adds the referrers of the selected artifacts of a repository, and marks incomplete indexes for transfer. Makes no request
 * if every manifest at the source is selected or in the baseline, because then nothing can be missing or new.
 * @throws ACRT6004
 */
export async function addReferrers(context: RepositoryContext, selected: readonly Compared[]): Promise<Referrers> {
  const unaccounted = unaccountedManifests(context, selected);
  if (unaccounted.length + newReferrerTags(context).length === 0) return { compared: selected, excluded: [] };
  const children = await readChildren(context, selected);
  const marked = selected.map((item) => markIncomplete(context, item, children));
  if (!context.input.includeReferrers) return { compared: marked, excluded: [] };
  const subjects = subjectMapOf(marked, children);
  // The subject of a new tag might be a referrer that is in the baseline and refers to a selected artifact.
  const subjectsOfTags = newReferrerTags(context).flatMap(({ subject }) =>
    isUntagged(context.listing, subject) ? subject : [],
  );
  const untagged = unaccounted.filter(({ tags }) => tags.length === 0).map(({ digest }) => digest);
  const candidates = [...new Set([...untagged, ...subjectsOfTags])].filter((digest) => !subjects.has(digest));
  const found = await findAll(context, subjects, candidates);
  const { compared, excluded } = compareReferrers(context, marked, found);
  return { compared: [...marked, ...compared], excluded };
}
