/** Checks the batches at the target: tags that can't be moved, and blobs that the source trigger ignores. */
import pLimit from 'p-limit';
import { toResult, transferError, type TransferError } from '../errors/index.ts';
import { groupByRepository, type Artifact, type Batch } from '../model/artifact.ts';
import type { BlobFacts } from '../model/blob.ts';
import type { CheckResult } from '../model/check-result.ts';
import { formatReference } from '../model/reference.ts';
import type { ImportBy } from '../model/request.ts';
import { triggeredRun } from '../pipelines/blob-runs.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { PipelineRuns } from '../ports/pipelines.ts';
import type { ListedTag, Registry } from '../ports/registry.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkResultsOf, formatCount, formatNames } from './check-results.ts';
import { namesOf, optionsWith } from './pipeline-checks.ts';

const MAX_CONCURRENT_READS = 10;

/** How a step imports. */
interface ImportTerms {
  readonly importBy: ImportBy;
  readonly verify: boolean;
}

/** A tag that has another digest at the target than in the batches. */
interface ConflictingTag {
  readonly reference: string;
  readonly locked: boolean;
}

const conflictingIn = (tags: readonly ListedTag[], artifacts: readonly Artifact[]): readonly ConflictingTag[] => {
  const byName = new Map(tags.map((tag) => [tag.name, tag]));
  return artifacts.flatMap(({ reference, digest }) => {
    const tag = reference.kind === 'tag' ? byName.get(reference.tag) : undefined;
    if (tag === undefined || tag.digest === digest) return [];
    return [{ reference: formatReference(reference), locked: !tag.locks.writable }];
  });
};

async function findConflicting(registry: Registry, batches: readonly Batch[]): Promise<readonly ConflictingTag[]> {
  const limit = pLimit(MAX_CONCURRENT_READS);
  const found = await limit.map([...groupByRepository(batches)], async ([name, artifacts]) =>
    conflictingIn((await registry.tags(name)) ?? [], artifacts),
  );
  return found.flat();
}

function tagErrors(
  { registry, facts, pipeline }: ReadySide,
  conflicting: readonly ConflictingTag[],
): readonly TransferError[] {
  const locked = conflicting.filter(({ locked }) => locked).map(({ reference }) => reference);
  const notOverwritten = facts.options.includes('OverwriteTags') ? [] : conflicting.filter(({ locked }) => !locked);
  const values = {
    count: formatCount(notOverwritten.length, 'tag is', 'tags are'),
    references: formatNames(notOverwritten.map(({ reference }) => reference)),
  };
  return [
    ...(locked.length === 0
      ? []
      : [
          transferError('ACRT3030', {
            registry: registry.loginServer,
            count: formatCount(locked.length, 'tag is', 'tags are'),
            references: formatNames(locked),
          }),
        ]),
    ...(notOverwritten.length === 0
      ? []
      : [transferError('ACRT3018', { ...namesOf(pipeline), options: optionsWith(facts, 'OverwriteTags'), ...values })]),
  ];
}

async function checkTags(
  target: ReadySide,
  batches: readonly Batch[],
  verify: boolean,
): Promise<readonly CheckResult[]> {
  const result = checkResultsOf('target', 'tags');
  const conflicting = await toResult(() => findConflicting(target.registry, batches));
  // Only verification needs to read the registry.
  if (!conflicting.ok) {
    return conflicting.problem.map((item) => (verify ? result.error(item) : result.unknown(item.facts.message)));
  }
  const errors = tagErrors(target, conflicting.value);
  if (errors.length > 0) return errors.map(result.error);
  const count = conflicting.value.length;
  return [result.ok(count === 0 ? 'no conflicting tags' : `${formatCount(count, 'tag', 'tags')} will move`)];
}

const DAY = 24 * 60 * 60 * 1000;
/** The trigger ignores older blobs (Microsoft: ACR Transfer). */
const MAX_DAYS = 60;

/** Rounds up to a tenth, so that a blob that is slightly too old isn't reported as 60 days old. */
const formatDays = (days: number): string => String(Math.ceil(days * 10) / 10);

/** Why the source trigger ignores a blob (Microsoft: ACR Transfer troubleshooting). */
function triggerErrors(
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
    ...(days > MAX_DAYS ? [transferError('ACRT3033', { ...values, days: formatDays(days) })] : []),
  ];
}

async function ignoredByTrigger(
  target: ReadySide,
  listRuns: PipelineRuns['list'],
  batch: Batch,
  now: number,
): Promise<readonly TransferError[]> {
  const facts = await target.container.find(batch.blob);
  const errors = facts === null ? [] : triggerErrors(target.container, batch.blob, facts, now);
  if (errors.length === 0) return [];
  // The trigger has already started a run for the blob, so it didn't ignore it.
  const run = await triggeredRun(await listRuns(), target.container, batch);
  return run === null ? errors : [];
}

async function checkTriggerBlobs(
  target: ReadySide,
  batches: readonly Batch[],
  now: number,
): Promise<readonly CheckResult[]> {
  const result = checkResultsOf('target', 'blobs');
  const limit = pLimit(MAX_CONCURRENT_READS);
  let listed: ReturnType<PipelineRuns['list']> | undefined;
  const listRuns: PipelineRuns['list'] = () => (listed ??= target.runs.list());
  const found = await toResult(() => limit.map(batches, (batch) => ignoredByTrigger(target, listRuns, batch, now)));
  if (!found.ok) return found.problem.map(result.error);
  const errors = found.value.flat();
  if (errors.length > 0) return errors.map(result.error);
  return [result.ok('the source trigger can import the existing blobs')];
}

/**
 * Checks the batches at the target. Makes no request without batches.
 * @param now milliseconds since the epoch
 */
export async function checkTargetContent(
  target: ReadySide,
  batches: readonly Batch[],
  { importBy, verify }: ImportTerms,
  now: number,
): Promise<readonly CheckResult[]> {
  if (batches.length === 0) return [];
  const results = await Promise.all([
    checkTags(target, batches, verify),
    importBy === 'trigger' ? checkTriggerBlobs(target, batches, now) : [],
  ]);
  return results.flat();
}
