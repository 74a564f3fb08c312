/**
 * Selected against baseline.
 *
 * Which artifacts of one repository the lines select. Pure.
 *
 * Compares what is selected with what is known of the far side. Pure.
 */
import type { Selected, Skipped, SkipReason, TransferReason } from '../model/plan.ts';
import type { Reference } from '../model/reference.ts';
import type { IncludeLine, SelectionLine } from '../model/selection.ts';
import { chooseTags, excluderOf, isOf, type Tag } from '../selection/index.ts';
import type { BaselineRepository } from './baseline/baseline.ts';
import type { Listing } from './repository.ts';

/** What the lines come to in one repository. */
export interface SelectedTags {
  readonly picked: readonly Selected[];
  readonly excluded: readonly Skipped[];
  /** Lines that select something here, be it left out by another. */
  readonly matched: ReadonlySet<IncludeLine>;
}

/** A picked artifact that stays, with what the listing tells of it. */
export function skipped(listing: Listing, { reference, digest, where }: Selected, reason: SkipReason): Skipped {
  const { mediaType = null, size = null } = listing.manifests.get(digest) ?? {};
  return { reference, digest, mediaType, size, where, reason };
}

/** An artifact that is left out by a line with `!`. */
export const excludedBy = (listing: Listing, picked: Selected, by: string): Skipped =>
  skipped(listing, picked, { kind: 'excluded', by });

/** Lines that name a digest of this repository, by that digest; the first of several counts. */
function digestLines(lines: readonly SelectionLine[], { repository, manifests }: Listing): Map<string, IncludeLine> {
  const found = new Map<string, IncludeLine>();
  for (const line of lines) {
    if (line.kind !== 'include' || line.tags.kind !== 'digest' || !isOf(line, repository)) continue;
    const { digest } = line.tags;
    if (manifests.has(digest) && !found.has(digest)) found.set(digest, line);
  }
  return found;
}

const tagReference = (repository: string, { name }: Tag): Reference => ({ kind: 'tag', repository, tag: name });

/**
 * Picks what the lines select of one repository, tags and digests.
 * @param now milliseconds since the epoch, for `pushed-within`
 */
export function select(lines: readonly SelectionLine[], listing: Listing, now: number): SelectedTags {
  const { repository } = listing;
  const { chosen, leftOut, matched } = chooseTags(lines, repository, listing.tags, now);
  const byDigest = digestLines(lines, listing);
  const picked: Selected[] = chosen.map(({ tag, line }) => ({
    reference: tagReference(repository, tag),
    digest: tag.digest,
    where: line.where,
  }));
  const excluded = leftOut.map(({ tag, line, by }) =>
    excludedBy(listing, { reference: tagReference(repository, tag), digest: tag.digest, where: line.where }, by.where),
  );
  for (const [digest, { where }] of byDigest) {
    const named: Selected = { reference: { kind: 'digest', repository, digest }, digest, where };
    const by = excluderOf(lines, repository, digest);
    if (by === null) picked.push(named);
    else excluded.push(excludedBy(listing, named, by.where));
  }
  return { picked, excluded, matched: new Set([...matched, ...byDigest.values()]) };
}

/** Whether a tag would be selected if it were there; times count for nothing. */
export const wouldSelect = (lines: readonly SelectionLine[], repository: string, tag: string): boolean =>
  excluderOf(lines, repository, tag) === null &&
  lines.some(
    (line) =>
      line.kind === 'include' &&
      isOf(line, repository) &&
      (line.tags.kind === 'tag' ? line.tags.tag === tag : line.tags.kind === 'glob' && line.tags.matches(tag)) &&
      (line.filters.semver?.matches(tag) ?? true),
  );

/** Whether an artifact is known to be at the far side under its name, and if not, why it travels. */
export function compare(
  { reference, digest }: Selected,
  known: BaselineRepository | null,
): TransferReason | { kind: 'present' } {
  if (known === null) return { kind: 'selected' };
  if (reference.kind === 'digest') return { kind: known.digests.has(digest) ? 'present' : 'new' };
  const there = known.tags.get(reference.tag);
  if (there === undefined) return { kind: 'new' };
  return there === digest ? { kind: 'present' } : { kind: 'changed', was: there };
}

/** Tags that went over once, would be selected, and are no longer at the source. */
export function findDeleted(
  lines: readonly SelectionLine[],
  repository: string,
  listing: Listing | null,
  known: BaselineRepository | null,
): readonly Skipped[] {
  const here = new Set(listing?.tags.map(({ name }) => name));
  const lost = [...(known?.tags ?? [])].filter(([tag]) => !here.has(tag) && wouldSelect(lines, repository, tag));
  return lost.map(([tag, digest]) => ({
    reference: { kind: 'tag', repository, tag },
    digest,
    mediaType: null,
    size: null,
    where: null,
    reason: { kind: 'gone' },
  }));
}
