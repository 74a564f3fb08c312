import pLimit from 'p-limit';
import { toTransferError, TransferError, transferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { TransferRequest } from '../model/request.ts';
import { withOutcome, type BatchResult, type StageRecord } from '../model/result.ts';
import { MAX_CONCURRENT_READS } from '../plan/index.ts';
import type { TransferContext } from '../ports/context.ts';
import { deadlineError, withDeadline } from '../resilience/deadline.ts';
import type { Carriage, Carried, Limits } from './batch.ts';
import { stageRunner, type Conduct, type RunStage } from './stage.ts';

/** Carries one batch through the stages of a mode. */
export type CarryBatch = (batch: Batch, carriage: Carriage) => Promise<Carried>;

/** Blobs at a time: small ones would leave the line idle between them. How many blocks are in flight is the flow's. */
const HANDOFFS_AT_A_TIME = 16;

const limitsOf = (request: TransferRequest): Limits => ({
  exports: pLimit(request.parallelRuns),
  handoffs: pLimit(HANDOFFS_AT_A_TIME),
  imports: pLimit(request.parallelRuns),
  looks: pLimit(MAX_CONCURRENT_READS),
});

/** Keeps further batches from starting once one has failed. */
interface Brake {
  readonly pull: () => void;
  readonly isOn: () => boolean;
}

function brakeOf(failFast: boolean): Brake {
  let failed = false;
  return {
    pull: () => {
      failed = true;
    },
    isOn: () => failFast && failed,
  };
}

/** Pulls the brake as soon as a stage fails, before the limits let the next batch have its turn. */
const braked =
  (runStage: RunStage, batch: Batch, stages: readonly StageRecord[], brake: Brake): RunStage =>
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

const conductedFailure = (error: unknown, batch: Batch, conduct: Conduct): TransferError =>
  conduct.signal.aborted && !(error instanceof TransferError)
    ? deadlineError(`The transfer of ${batch.blob}`, conduct, error)
    : toTransferError(error);

async function carryOne(
  batch: Batch,
  carry: CarryBatch,
  conduct: Conduct,
  limits: Limits,
  brake: Brake,
): Promise<BatchResult> {
  const stages: StageRecord[] = [];
  const stage = braked(stageRunner(batch, conduct, stages), batch, stages, brake);
  let blob: BatchResult['blob'] = null;
  const onExported: Carriage['onExported'] = (exported) => {
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
  carry: CarryBatch,
  request: TransferRequest,
  world: TransferContext,
): Promise<readonly BatchResult[]> {
  const limits = limitsOf(request);
  const conduct: Conduct = { ...world, timeoutMinutes: request.timeoutMinutes };
  const brake = brakeOf(request.failFast);
  return Promise.all(batches.map((batch) => carryOne(batch, carry, conduct, limits, brake)));
}
