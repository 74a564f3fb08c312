/** Selects the artifacts of one repository, and compares them with the baseline. Pure. */
import type { Selected, Skipped, SkipReason, TransferReason } from '../model/plan.ts';
import type { Reference } from '../model/reference.ts';
import type { IncludeLine, SelectionLine } from '../model/selection.ts';
import { chooseTags, excluderOf, matchesRepository, type Tag } from '../selection/index.ts';
import type { BaselineRepository } from './baseline/baseline.ts';
import type { Listing } from './repository.ts';

/** What the lines select in one repository. */
interface SelectedArtifacts {
  readonly selected: readonly Selected[];
  readonly excluded: readonly Skipped[];
  /** Lines that match something here, even if another line excludes it. */
  readonly matched: ReadonlySet<IncludeLine>;
}

/** A selected artifact that is skipped, with its media type and size from the listing. */
export function toSkipped(listing: Listing, { reference, digest, where }: Selected, reason: SkipReason): Skipped {
  const { mediaType = null, size = null } = listing.manifests.get(digest) ?? {};
  return { reference, digest, mediaType, size, where, reason };
}

/** An artifact that a line with `!` excludes. */
export const toExcluded = (listing: Listing, selected: Selected, by: string): Skipped =>
  toSkipped(listing, selected, { kind: 'excluded', by });

/** Lines that name a digest of this repository, by that digest. If several lines name it, the first one counts. */
function digestLines(lines: readonly SelectionLine[], { repository, manifests }: Listing): Map<string, IncludeLine> {
  const found = new Map<string, IncludeLine>();
  for (const line of lines) {
    if (line.kind !== 'include' || line.tags.kind !== 'digest' || !matchesRepository(line, repository)) continue;
    const { digest } = line.tags;
    if (manifests.has(digest) && !found.has(digest)) found.set(digest, line);
  }
  return found;
}

const tagReference = (repository: string, { name }: Tag): Reference => ({ kind: 'tag', repository, tag: name });

/**
 * Selects tags and digests of one repository.
 * @param now milliseconds since the epoch, for `pushed-within`
 */
export function select(lines: readonly SelectionLine[], listing: Listing, now: number): SelectedArtifacts {
  const { repository } = listing;
  const byTag = chooseTags(lines, repository, listing.tags, now);
  const byDigest = digestLines(lines, listing);
  const selected: Selected[] = byTag.selected.map(({ tag, line }) => ({
    reference: tagReference(repository, tag),
    digest: tag.digest,
    where: line.where,
  }));
  const excluded = byTag.excluded.map(({ tag, line, by }) =>
    toExcluded(listing, { reference: tagReference(repository, tag), digest: tag.digest, where: line.where }, by.where),
  );
  for (const [digest, { where }] of byDigest) {
    const named: Selected = { reference: { kind: 'digest', repository, digest }, digest, where };
    const by = excluderOf(lines, repository, digest);
    if (by === null) selected.push(named);
    else excluded.push(toExcluded(listing, named, by.where));
  }
  return { selected, excluded, matched: new Set([...byTag.matched, ...byDigest.values()]) };
}

/** Whether the lines would select a tag if it existed. Ignores times. */
export const wouldSelect = (lines: readonly SelectionLine[], repository: string, tag: string): boolean =>
  excluderOf(lines, repository, tag) === null &&
  lines.some(
    (line) =>
      line.kind === 'include' &&
      matchesRepository(line, repository) &&
      (line.tags.kind === 'tag' ? line.tags.tag === tag : line.tags.kind === 'glob' && line.tags.matches(tag)) &&
      (line.filters.semver?.matches(tag) ?? true),
  );

/** Compares an artifact with the baseline: `present` if it is up to date at the target, otherwise why it is transferred. */
export function compare(
  { reference, digest }: Selected,
  baseline: BaselineRepository | null,
): TransferReason | { kind: 'present' } {
  if (baseline === null) return { kind: 'selected' };
  if (reference.kind === 'digest') return { kind: baseline.digests.has(digest) ? 'present' : 'new' };
  const was = baseline.tags.get(reference.tag);
  if (was === undefined) return { kind: 'new' };
  return was === digest ? { kind: 'present' } : { kind: 'changed', was };
}

/** Tags that are in the baseline, would be selected, and were deleted at the source. */
export function findDeleted(
  lines: readonly SelectionLine[],
  repository: string,
  listing: Listing | null,
  baseline: BaselineRepository | null,
): readonly Skipped[] {
  const existing = new Set(listing?.tags.map(({ name }) => name));
  const deleted = [...(baseline?.tags ?? [])].filter(
    ([tag]) => !existing.has(tag) && wouldSelect(lines, repository, tag),
  );
  return deleted.map(([tag, digest]) => ({
    reference: { kind: 'tag', repository, tag },
    digest,
    mediaType: null,
    size: null,
    where: null,
    reason: { kind: 'deleted' },
  }));
}
