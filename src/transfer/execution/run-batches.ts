import pLimit from 'p-limit';
import { toTransferError, TransferError, transferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { TransferRequest } from '../model/request.ts';
import { withOutcome, type BatchResult, type StageRecord } from '../model/result.ts';
import { MAX_CONCURRENT_READS } from '../plan/index.ts';
import type { TransferContext } from '../ports/context.ts';
import { deadlineError, withDeadline } from '../resilience/deadline.ts';
import type { BatchOutcome, Limits, StageRunner } from './batch.ts';
import { stageRunner, type RunStage, type StageTerms } from './stage.ts';

/** Carries one batch through the stages of a mode. */
export type BatchWork = (batch: Batch, carriage: StageRunner) => Promise<BatchOutcome>;

/** Blobs at a time: small ones would leave the line idle between them. How many blocks are in flight is the flow's. */
const MAX_CONCURRENT_HANDOFFS = 16;

const limitsOf = (request: TransferRequest): Limits => ({
  exports: pLimit(request.parallelRuns),
  handoffs: pLimit(MAX_CONCURRENT_HANDOFFS),
  imports: pLimit(request.parallelRuns),
  looks: pLimit(MAX_CONCURRENT_READS),
});

/** Keeps further batches from starting once one has failed. */
interface FailFast {
  readonly pull: () => void;
  readonly isOn: () => boolean;
}

function failFastOf(failFast: boolean): FailFast {
  let failed = false;
  return {
    pull: () => {
      failed = true;
    },
    isOn: () => failFast && failed,
  };
}

/** Pulls the brake as soon as a stage fails, before the limits let the next batch have its turn. */
const stoppedByFailFast =
  (runStage: RunStage, batch: Batch, stages: readonly StageRecord[], brake: FailFast): RunStage =>
  async (stage, detail, work) => {
    if (brake.isOn() && stages.every((record) => record.stage === 'verify'))
      throw transferError('ACRT4008', { blob: batch.blob });
    try {
      return await runStage(stage, detail, work);
    } catch (error) {
      brake.pull();
      throw error;
    }
  };

/** In which a stage notices that it has ended. */
const STAGE_SECONDS = 0.1;

const conductedFailure = (error: unknown, batch: Batch, conduct: StageTerms): TransferError =>
  conduct.signal.aborted && !(error instanceof TransferError)
    ? deadlineError(`The transfer of ${batch.blob}`, conduct, error)
    : toTransferError(error);

async function runBatch(
  batch: Batch,
  carry: BatchWork,
  conduct: StageTerms,
  limits: Limits,
  brake: FailFast,
): Promise<BatchResult> {
  const stages: StageRecord[] = [];
  const stage = stoppedByFailFast(stageRunner(batch, conduct, stages), batch, stages, brake);
  let blob: BatchResult['blob'] = null;
  const onExported: StageRunner['onExported'] = (exported) => {
    blob = exported;
  };
  try {
    // A stage that has ended tells more than this.
    const carried = await withDeadline(
      conduct.signal,
      () => carry(batch, { stage, limits, onExported }),
      STAGE_SECONDS,
    );
    if (carried.artifacts.some(({ outcome }) => outcome === 'failed')) brake.pull();
    return { batch, stages, blob, failure: null, ...carried };
  } catch (error) {
    return {
      batch,
      stages,
      blob,
      artifacts: withOutcome(batch, 'failed'),
      bytes: 0,
      handoff: null,
      failure: conductedFailure(error, batch, conduct),
    };
  }
}

/**
 * Carries all batches, each through its own stages: none waits for another's stage, only for its turn under the limits.
 * A batch that fails does not touch the others, unless fail-fast keeps those from starting that have not begun.
 */
export async function runBatches(
  batches: readonly Batch[],
  carry: BatchWork,
  request: TransferRequest,
  world: TransferContext,
): Promise<readonly BatchResult[]> {
  const limits = limitsOf(request);
  const conduct: StageTerms = { ...world, timeoutMinutes: request.timeoutMinutes };
  const brake = failFastOf(request.failFast);
  return Promise.all(batches.map((batch) => runBatch(batch, carry, conduct, limits, brake)));
}
