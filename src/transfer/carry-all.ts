import pLimit from 'p-limit';
import { failedArtifacts, type BatchResult, type Carriage, type Carried, type Limits } from './carry.ts';
import { asFailure, failure } from './failure.ts';
import type { Batch } from './plan.ts';
import type { TransferRequest } from './request.ts';
import { stageRunner, type Conduct, type StageRecord } from './stage.ts';
import type { World } from './world.ts';

/** Carries one batch through the stages of a mode. */
export type CarryBatch = (batch: Batch, carriage: Carriage) => Promise<Carried>;

/** Copies at a time: each keeps several blocks in flight and fills a runner's network on its own. */
const HANDOFFS_AT_A_TIME = 2;

const limitsOf = (request: TransferRequest): Limits => ({
  exports: pLimit(request.parallelRuns),
  handoffs: pLimit(HANDOFFS_AT_A_TIME),
  imports: pLimit(request.parallelRuns),
});

async function carryOne(
  batch: Batch,
  carry: CarryBatch,
  conduct: Conduct,
  limits: Limits,
  stopped: () => boolean,
): Promise<BatchResult> {
  const stages: StageRecord[] = [];
  const runStage = stageRunner(batch, conduct, stages);
  const stage: Carriage['stage'] = (name, detail, work) => {
    if (stopped() && stages.length === 0) return Promise.reject(failure('ACRT4008', { blob: batch.blob }));
    return runStage(name, detail, work);
  };
  try {
    return { batch, stages, failure: null, ...(await carry(batch, { stage, limits })) };
  } catch (error) {
    return { batch, stages, artifacts: failedArtifacts(batch), blob: null, bytes: 0, failure: asFailure(error) };
  }
}

/**
 * Carries all batches, each through its own stages: none waits for another's stage, only for its turn under the limits.
 * A batch that fails does not touch the others, unless fail-fast keeps those from starting that have not begun.
 */
export async function carryAll(
  batches: readonly Batch[],
  carry: CarryBatch,
  request: TransferRequest,
  world: World,
): Promise<readonly BatchResult[]> {
  const limits = limitsOf(request);
  const conduct: Conduct = { ...world, timeoutMinutes: request.timeoutMinutes };
  let failed = false;
  return Promise.all(
    batches.map(async (batch) => {
      const result = await carryOne(batch, carry, conduct, limits, () => failed && request.failFast);
      failed ||= result.failure !== null;
      return result;
    }),
  );
}
