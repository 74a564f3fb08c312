import { asFailure, type Failure } from '../failure.ts';
import type { SetupRequest } from './request.ts';
import type { SetupResult } from './result.ts';
import { carryOut, changesOf, undone, type Carried, type Step } from './steps.ts';
import type { SetupWorld } from './world.ts';

/** What is told besides the changes. */
export interface Conclusion {
  /** As they are in the end. */
  readonly facts: () => Pick<SetupResult, 'principalId' | 'sasExpiresAt'>;
  /** Proves that everything works, after something was changed without a failure; its warnings. */
  readonly proof: () => Promise<readonly string[]>;
}

async function proven(
  proof: Conclusion['proof'],
): Promise<{ warnings: readonly string[]; failures: readonly Failure[] }> {
  try {
    return { warnings: await proof(), failures: [] };
  } catch (error) {
    return { warnings: [], failures: [asFailure(error)] };
  }
}

const resultOf = (
  { state, pipeline }: SetupRequest,
  status: SetupResult['status'],
  { changes, failures }: Carried,
  rest: Pick<SetupResult, 'principalId' | 'sasExpiresAt' | 'warnings'>,
): SetupResult => ({
  state,
  status,
  pipelineId: pipeline.resourceId,
  changes,
  failures: failures.map(({ facts }) => facts),
  ...rest,
});

/** Tells the difference, and makes it none unless this is a dry run. */
export async function conclude(
  request: SetupRequest,
  world: SetupWorld,
  steps: readonly Step[],
  { facts, proof }: Conclusion,
): Promise<SetupResult> {
  world.onEvent({ kind: 'difference', changes: changesOf(steps) });
  const nothing = { changes: undone(steps), failures: [] };
  if (steps.length === 0) return resultOf(request, 'unchanged', nothing, { ...facts(), warnings: [] });
  if (request.dryRun) return resultOf(request, 'planned', nothing, { ...facts(), warnings: [] });
  const carried = await carryOut(steps, world);
  const { warnings, failures } = carried.failures.length > 0 ? { warnings: [], failures: [] } : await proven(proof);
  const all = { ...carried, failures: [...carried.failures, ...failures] };
  return resultOf(request, all.failures.length > 0 ? 'failed' : 'changed', all, { ...facts(), warnings });
}
