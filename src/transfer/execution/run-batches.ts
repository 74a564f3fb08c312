/** Runs all batches concurrently, within limits. */
import pLimit from 'p-limit';
import { toTransferError, TransferError, transferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { TransferRequest } from '../model/request.ts';
import { withOutcome, type ArrivalCheck, type BatchResult, type StageRecord } from '../model/result.ts';
import { MAX_CONCURRENT_READS } from '../plan/index.ts';
import type { TransferContext } from '../ports/context.ts';
import { deadlineError, withDeadline } from '../resilience/deadline.ts';
import { mergeArrivals, NOTHING_FOUND } from '../verification/index.ts';
import type { BatchWork } from './batch.ts';
import { stageRunner, type Limits, type RunStage, type StageRunner, type StageTerms } from './stage.ts';

/** Blobs copied at a time. A small blob doesn't use the full bandwidth alone. The block scheduler limits the blocks. */
const MAX_CONCURRENT_HANDOFFS = 16;

const limitsOf = (request: TransferRequest): Limits => ({
  exports: pLimit(request.parallelRuns),
  handoffs: pLimit(MAX_CONCURRENT_HANDOFFS),
  imports: pLimit(request.parallelRuns),
  reads: pLimit(MAX_CONCURRENT_READS),
});

/** Prevents further batches from starting after the first failure. */
interface FailFast {
  readonly trigger: () => void;
  readonly isActive: () => boolean;
}

function failFastOf(enabled: boolean): FailFast {
  let failed = false;
  return {
    trigger: () => {
      failed = true;
    },
    isActive: () => enabled && failed,
  };
}

/** Stages before which nothing of a batch has started. */
const PREPARING: readonly StageRecord['stage'][] = ['verify', 'check'];

/** Triggers fail-fast as soon as a stage fails, before a limit admits the next batch. */
const withFailFast =
  (runStage: RunStage, batch: Batch, stages: readonly StageRecord[], failFast: FailFast): RunStage =>
  async (stage, detail, work) => {
    if (failFast.isActive() && stages.every((record) => PREPARING.includes(record.stage)))
      throw transferError('ACRT4008', { blob: batch.blob });
    try {
      return await runStage(stage, detail, work);
    } catch (error) {
      failFast.trigger();
      throw error;
    }
  };

/** Time that a stage has to report its own end after the deadline. Seconds. */
const STAGE_GRACE_SECONDS = 0.1;

const batchError = (error: unknown, batch: Batch, terms: StageTerms): TransferError =>
  terms.signal.aborted && !(error instanceof TransferError)
    ? deadlineError(`The transfer of ${batch.blob}`, terms, error)
    : toTransferError(error);

async function runBatch(
  batch: Batch,
  work: BatchWork,
  terms: StageTerms,
  limits: Limits,
  failFast: FailFast,
): Promise<readonly BatchResult[]> {
  const stages: StageRecord[] = [];
  const runStage = withFailFast(stageRunner(batch, terms, stages), batch, stages, failFast);
  let blob: BatchResult['blob'] = null;
  let handoff: BatchResult['handoff'] = null;
  let arrival: ArrivalCheck = NOTHING_FOUND;
  const onExported: StageRunner['onExported'] = (exported) => {
    blob = exported;
  };
  const onHandedOff: StageRunner['onHandedOff'] = (facts) => {
    handoff = facts;
  };
  const onArrival: StageRunner['onArrival'] = (found) => {
    arrival = mergeArrivals(arrival, found);
  };
  const runChecks: StageRunner['runChecks'] = (checks) =>
    checks().catch((error: unknown) => {
      failFast.trigger();
      throw error;
    });
  const runner: StageRunner = { runStage, runChecks, limits, clock: terms, onExported, onHandedOff, onArrival };
  try {
    // The error of a stage contains more details than the error of this deadline, so the stage gets time to report it.
    const result = await withDeadline(terms.signal, () => work(batch, runner), STAGE_GRACE_SECONDS);
    const { again = [], ...outcome } = result;
    const hasFailed = outcome.artifacts.some(({ outcome: status }) => status === 'failed');
    if (hasFailed || arrival.failures.length > 0) failFast.trigger();
    // A blob that isn't used is not part of the result.
    const isUnused = again.length > 0 && outcome.artifacts.length === 0 && outcome.handoff === null;
    const results: BatchResult[] = isUnused ? [] : [{ batch, stages, blob, arrival, failure: null, ...outcome }];
    // One after the other, because they share the number of the batch in events.
    for (const next of again) results.push(...(await runBatch(next, work, terms, limits, failFast)));
    return results;
  } catch (error) {
    failFast.trigger();
    const artifacts = withOutcome(batch, 'failed');
    const bytes = (handoff as BatchResult['handoff'])?.bytes ?? 0;
    return [{ batch, stages, blob, arrival, artifacts, bytes, handoff, failure: batchError(error, batch, terms) }];
  }
}

/**
 * Runs all batches, each through its own stages. A batch waits only for the limits, never for a stage of another batch.
 * A failed batch doesn't affect the others, unless fail-fast prevents those from starting that haven't started yet. A batch
 * whose blob lacks artifacts has several results: one for each blob.
 */
export async function runBatches(
  batches: readonly Batch[],
  work: BatchWork,
  request: TransferRequest,
  context: TransferContext,
): Promise<readonly BatchResult[]> {
  const limits = limitsOf(request);
  const terms: StageTerms = { ...context, timeoutMinutes: request.timeoutMinutes };
  const failFast = failFastOf(request.failFast);
  const results = await Promise.all(batches.map((batch) => runBatch(batch, work, terms, limits, failFast)));
  return results.flat();
}
