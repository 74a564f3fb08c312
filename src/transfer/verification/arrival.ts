/**
 * Compares what an import brought with what was planned.
 *
 * Assumption: the list `importedArtifacts` of a run is complete. No public evidence shows that it is. The live suite counts
 * how often it holds (docs/live-tests.md). An artifact that the service imports and doesn't list isn't found here.
 */
import { transferError, type TransferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { ArrivalCheck } from '../model/result.ts';
import { compareList, NOTHING_FOUND } from './compare-list.ts';
import { linesOf, type ArrivalContext, type ArrivalSide, type ImportedList } from './extra-artifacts.ts';
import { closureOf, namesAllTags } from './imported-list.ts';
import type { ChangedTag } from './tag-baseline.ts';

/** Combines the comparisons of several imports of a batch. */
export const mergeArrivals = (one: ArrivalCheck, other: ArrivalCheck): ArrivalCheck => ({
  extra: [...one.extra, ...other.extra],
  failures: [...one.failures, ...other.failures],
  warnings: [...one.warnings, ...other.warnings],
});

/** An import whose arrival is compared: the list of its run, and whether this attempt started the run. */
interface ComparedImport extends ImportedList {
  /** False: an earlier attempt or the source trigger started the run, so the tags before the run aren't known. */
  readonly startedHere: boolean;
}

const NO_LIST = 'The service did not list what it imported.';
const NO_TAGS = 'The service did not list the tags that it imported.';

const changeText = ({ reference, digest, before }: ChangedTag): string =>
  before === null ? `${reference} is new (${digest})` : `${reference} moved to ${digest}, was ${before}`;

/**
 * Compares the tags of the repositories of a batch before and after its import. Another client can push tags at the same
 * time, and a tag doesn't show who pushed it. Therefore a change is a warning (ACRT6009).
 */
async function compareTags(
  { registry, verify, baseline }: ArrivalSide,
  batch: Batch,
  { fresh, startedHere }: ComparedImport,
  reason: string,
  { onNote }: ArrivalContext,
): Promise<readonly TransferError[]> {
  const changes = fresh && verify ? await baseline.changes(batch) : null;
  if (changes === null || !startedHere) {
    const why = !verify
      ? 'verify is false, so the tags are not compared.'
      : `${startedHere && fresh ? 'The tags could not be read' : 'An earlier attempt or the source trigger started the run'}, so its tags before the run are not known.`;
    onNote(`${reason} ${why}`);
  }
  if (changes === null) return [];
  if (changes.length === 0) {
    if (startedHere) onNote(`${reason} The tags of its repositories were compared instead: no other tag has changed.`);
    return [];
  }
  const tags = linesOf(changes.map(changeText));
  return [transferError('ACRT6009', { blob: batch.blob, registry: registry.loginServer, reason, tags })];
}

/**
 * Compares what an import brought with its batch: by the list of its run, and by the tags of its repositories if the list is
 * absent or names no tags. Without a manifest nothing is planned, and nothing is compared.
 */
export async function checkArrival(
  side: ArrivalSide,
  batch: Batch,
  compared: ComparedImport,
  context: ArrivalContext,
): Promise<ArrivalCheck> {
  if (batch.artifacts.length === 0) {
    context.onNote('Without a transfer manifest, what this blob contains is not compared with a plan.');
    if (compared.entries === null) context.onNote(`${NO_LIST} Its artifacts are not known.`);
    return NOTHING_FOUND;
  }
  const { listed, extra, failures, warnings } = await compareList(side, batch, compared, context);
  if (listed !== null && namesAllTags(listed, closureOf(batch))) return { extra, failures, warnings };
  const ofTags = await compareTags(side, batch, compared, listed === null ? NO_LIST : NO_TAGS, context);
  return { extra, failures, warnings: [...warnings, ...ofTags] };
}
