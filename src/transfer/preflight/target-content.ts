/** What is to arrive, against the target as it is: tags that cannot be moved, blobs that the trigger will not see. */
import pLimit from 'p-limit';
import { toResult, transferError, type TransferError } from '../errors/index.ts';
import { groupByRepository, type Artifact, type Batch } from '../model/artifact.ts';
import type { BlobFacts } from '../model/blob.ts';
import type { CheckResult } from '../model/check-result.ts';
import { formatReference } from '../model/reference.ts';
import type { ImportBy } from '../model/request.ts';
import { triggeredRun } from '../pipelines/pipeline-run.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { ListedTag, Registry } from '../ports/registry.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkResultsOf, howMany, listed } from './check-results.ts';
import { namesOf, optionsWith } from './pipeline-checks.ts';

const MAX_CONCURRENT_READS = 10;

/** How a step imports. */
export interface ImportTerms {
  readonly importBy: ImportBy;
  readonly verify: boolean;
}

/** A tag at the target that stands for something else than what would arrive. */
interface ConflictingTag {
  readonly reference: string;
  readonly locked: boolean;
}

const conflictingIn = (tags: readonly ListedTag[], artifacts: readonly Artifact[]): readonly ConflictingTag[] => {
  const there = new Map(tags.map((tag) => [tag.name, tag]));
  return artifacts.flatMap(({ reference, digest }) => {
    const tag = reference.kind === 'tag' ? there.get(reference.tag) : undefined;
    if (tag === undefined || tag.digest === digest) return [];
    return [{ reference: formatReference(reference), locked: !tag.locks.writable }];
  });
};

async function findConflicting(registry: Registry, batches: readonly Batch[]): Promise<readonly ConflictingTag[]> {
  const turn = pLimit(MAX_CONCURRENT_READS);
  const found = await turn.map([...groupByRepository(batches)], async ([name, artifacts]) =>
    conflictingIn((await registry.tags(name)) ?? [], artifacts),
  );
  return found.flat();
}

function tagFaults(
  { registry, facts, pipeline }: ReadySide,
  taken: readonly ConflictingTag[],
): readonly TransferError[] {
  const locked = taken.filter(({ locked }) => locked).map(({ reference }) => reference);
  const kept = facts.options.includes('OverwriteTags') ? [] : taken.filter(({ locked }) => !locked);
  const values = {
    count: howMany(kept.length, 'tag is', 'tags are'),
    references: listed(kept.map(({ reference }) => reference)),
  };
  return [
    ...(locked.length === 0
      ? []
      : [
          transferError('ACRT3030', {
            registry: registry.loginServer,
            count: howMany(locked.length, 'tag is', 'tags are'),
            references: listed(locked),
          }),
        ]),
    ...(kept.length === 0
      ? []
      : [transferError('ACRT3018', { ...namesOf(pipeline), options: optionsWith(facts, 'OverwriteTags'), ...values })]),
  ];
}

async function checkTags(
  target: ReadySide,
  batches: readonly Batch[],
  verify: boolean,
): Promise<readonly CheckResult[]> {
  const verdicts = checkResultsOf('target', 'tags');
  const taken = await toResult(() => findConflicting(target.registry, batches));
  // Who verifies must be able to read the registry; who does not, need not.
  if (!taken.ok) {
    return taken.failures.map((item) => (verify ? verdicts.error(item) : verdicts.unknown(item.facts.message)));
  }
  const faults = tagFaults(target, taken.value);
  if (faults.length > 0) return faults.map(verdicts.error);
  const moved =
    taken.value.length === 0 ? 'no tag is in the way' : `${howMany(taken.value.length, 'tag', 'tags')} will move`;
  return [verdicts.ok(moved)];
}

const DAY = 24 * 60 * 60 * 1000;
/** How far the trigger looks back (Microsoft: ACR Transfer). */
const MAX_DAYS = 60;

/** Rounded up to a tenth: a blob that is a moment too old must not read as one of 60 days. */
const shownDays = (days: number): string => String(Math.ceil(days * 10) / 10);

/** What keeps the source trigger from seeing a blob (Microsoft: ACR Transfer troubleshooting). */
function triggerFaults(
  container: BlobContainer,
  blob: string,
  facts: BlobFacts,
  now: number,
): readonly TransferError[] {
  const values = { blob, container: container.uri };
  const days = (now - facts.modifiedAt) / DAY;
  return [
    ...(facts.md5 === null ? [transferError('ACRT5006', values)] : []),
    ...(facts.metadata['category'] === 'acr-transfer-blob' ? [] : [transferError('ACRT3032', values)]),
    ...(days > MAX_DAYS ? [transferError('ACRT3033', { ...values, days: shownDays(days) })] : []),
  ];
}

async function unseenByTrigger(target: ReadySide, batch: Batch, now: number): Promise<readonly TransferError[]> {
  const facts = await target.container.find(batch.blob);
  const faults = facts === null ? [] : triggerFaults(target.container, batch.blob, facts, now);
  if (faults.length === 0) return [];
  // What the trigger has taken up already, it has seen.
  const run = await triggeredRun(target, batch);
  return run === null ? faults : [];
}

async function checkTriggerBlobs(
  target: ReadySide,
  batches: readonly Batch[],
  now: number,
): Promise<readonly CheckResult[]> {
  const verdicts = checkResultsOf('target', 'blobs');
  const turn = pLimit(MAX_CONCURRENT_READS);
  const looked = await toResult(() => turn.map(batches, (batch) => unseenByTrigger(target, batch, now)));
  if (!looked.ok) return looked.failures.map(verdicts.error);
  const faults = looked.value.flat();
  if (faults.length > 0) return faults.map(verdicts.error);
  return [verdicts.ok('the source trigger can see what is there')];
}

/**
 * Checks what is to arrive; asks nothing when nothing is.
 * @param now milliseconds since the epoch
 */
export async function checkTargetContent(
  target: ReadySide,
  batches: readonly Batch[],
  { importBy, verify }: ImportTerms,
  now: number,
): Promise<readonly CheckResult[]> {
  if (batches.length === 0) return [];
  const found = await Promise.all([
    checkTags(target, batches, verify),
    importBy === 'trigger' ? checkTriggerBlobs(target, batches, now) : [],
  ]);
  return found.flat();
}
