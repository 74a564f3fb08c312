/** What belongs to the selected artifacts of a repository: manifests below an index, and what refers to either. */
import { formatReference, type Reference } from '../reference.ts';
import { excluderOf } from '../selection/choose.ts';
import { findCompanions, type Family } from './companions.ts';
import type { Picked, Staying } from './considered.ts';
import type { Ground } from './ground.ts';
import { judge } from './judge.ts';
import { companionTags, isUntagged, mayHaveChildren, type CompanionTag } from './listing.ts';
import { excludedBy } from './pick.ts';
import type { ReasonIn } from './reason.ts';
import type { ListedManifest } from '../services.ts';

/** Something that is selected or belongs to what is, compared with the far side. */
export interface Judged extends Picked {
  readonly verdict: ReasonIn | { readonly kind: 'present' };
  /** Of the selected artifact that it is, or belongs to. */
  readonly root: string;
  /** Digest that its tag says it refers to; null when only its manifest can tell. */
  readonly subject: string | null;
}

/** The selected artifacts with all that belongs to them. */
export interface Belongings {
  readonly judged: readonly Judged[];
  readonly excluded: readonly Staying[];
}

/** Manifests that are neither selected nor known at the far side: parts, referrers, left over, or not asked for. */
function unaccounted({ listing, known }: Ground, selected: readonly Judged[]): readonly ListedManifest[] {
  const accounted = new Set([
    ...selected.map(({ digest }) => digest),
    // A companion's tag says what it is.
    ...companionTags(listing).map(({ digest }) => digest),
  ]);
  return [...listing.manifests.values()].filter(({ digest }) => !accounted.has(digest) && !known?.digests.has(digest));
}

/** Companions' tags that are not known at the far side; of what is gone from the source nothing can belong to anything. */
const newCompanionTags = ({ listing, known }: Ground): readonly CompanionTag[] =>
  companionTags(listing).filter(
    ({ name, digest, subject }) => known?.tags.get(name) !== digest && listing.manifests.has(subject),
  );

/** Digests below an index; a manifest that the listing does not call an index is not read for it. */
async function childrenOf(ground: Ground, digest: string): Promise<readonly string[]> {
  if (!mayHaveChildren(ground.listing, digest)) return [];
  const children = (await ground.manifest(ground.listing.repository, digest))?.children ?? [];
  const below = await Promise.all(children.map((child) => childrenOf(ground, child)));
  return [...children, ...below.flat()];
}

type Children = ReadonlyMap<string, readonly string[]>;

async function readChildren(ground: Ground, judged: readonly Judged[]): Promise<Children> {
  const digests = [...new Set(judged.map(({ digest }) => digest))];
  return new Map(
    await Promise.all(
      digests.map(async (digest): Promise<[string, readonly string[]]> => [digest, await childrenOf(ground, digest)]),
    ),
  );
}

/** An index whose manifests are not all known to be there travels again. */
function withMissing({ known }: Ground, item: Judged, children: Children): Judged {
  if (item.verdict.kind !== 'present' || known === null) return item;
  const missing = (children.get(item.digest) ?? []).filter((child) => !known.digests.has(child)).length;
  return missing === 0 ? item : { ...item, verdict: { kind: 'incomplete', missing } };
}

function familyOf(judged: readonly Judged[], children: Children): Family {
  const family: Family = new Map(judged.map(({ digest, root }) => [digest, root]));
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
function adoptTagged({ listing }: Ground, family: Family): void {
  const tags = companionTags(listing);
  for (;;) {
    const next = tags.filter(({ digest, subject }) => family.has(subject) && !family.has(digest));
    if (next.length === 0) return;
    for (const { digest, subject } of next) family.set(digest, family.get(subject) ?? '');
  }
}

async function findAll(ground: Ground, family: Family, candidates: readonly string[]): Promise<readonly Found[]> {
  const { listing, manifest, referrers } = ground;
  const { repository } = listing;
  const sight = { manifest, referrers, repository, isUntagged: (digest: string) => isUntagged(listing, digest) };
  adoptTagged(ground, family);
  const companions = await findCompanions(candidates, family, sight);
  adoptTagged(ground, family);
  const byManifest = companions.map(({ digest, root }): Found => {
    return { reference: { kind: 'digest', repository, digest }, digest, root, subject: null };
  });
  const byTag = newCompanionTags(ground).flatMap(({ name, digest, subject }): Found[] => {
    const root = family.get(subject);
    return root === undefined ? [] : [{ reference: { kind: 'tag', repository, tag: name }, digest, root, subject }];
  });
  return [...byManifest, ...byTag];
}

const nameOf = (reference: Reference): string => (reference.kind === 'tag' ? reference.tag : reference.digest);

/** Sorts what was found: what is there already is not spoken of, what a line leaves out is. */
function sortFound(ground: Ground, selected: readonly Judged[], found: readonly Found[]): Belongings {
  const { listing, known, brief } = ground;
  const taken = new Set(selected.map(({ reference }) => formatReference(reference)));
  const lineOf = new Map(selected.map(({ root, where }) => [root, where]));
  const judged: Judged[] = [];
  const excluded: Staying[] = [];
  for (const item of found) {
    if (taken.has(formatReference(item.reference))) continue;
    const picked = { ...item, where: lineOf.get(item.root) ?? '' };
    const verdict = judge(picked, known);
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
export async function withBelongings(ground: Ground, selected: readonly Judged[]): Promise<Belongings> {
  const strangers = unaccounted(ground, selected);
  if (strangers.length + newCompanionTags(ground).length === 0) return { judged: selected, excluded: [] };
  const children = await readChildren(ground, selected);
  const whole = selected.map((item) => withMissing(ground, item, children));
  if (!ground.brief.includeReferrers) return { judged: whole, excluded: [] };
  const family = familyOf(whole, children);
  // A new tag may belong to what refers to something selected and is known already.
  const tagged = newCompanionTags(ground).flatMap(({ subject }) =>
    isUntagged(ground.listing, subject) ? subject : [],
  );
  const leftOver = strangers.filter(({ tags }) => tags.length === 0).map(({ digest }) => digest);
  const candidates = [...new Set([...leftOver, ...tagged])].filter((digest) => !family.has(digest));
  const found = await findAll(ground, family, candidates);
  const { judged, excluded } = sortFound(ground, whole, found);
  return { judged: [...whole, ...judged], excluded };
}
