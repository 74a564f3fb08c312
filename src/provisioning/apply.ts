/** Applies changes step by step. */
import { toTransferError, type TransferError } from '../transfer/errors/index.ts';
import type { ProvisioningContext } from './ports.ts';
import type { ProvisioningRequest } from './request.ts';
import type { Change, ProvisioningResult } from './result.ts';

/** Changes that are made together. */
export interface Step {
  readonly changes: readonly Change[];
  /** `carries-rest`: nothing that comes after can be done without it. `needs-all`: not done unless all before it was. */
  readonly place: 'free' | 'carries-rest' | 'needs-all';
  readonly run: () => Promise<unknown>;
}

/** One change by itself. */
export const step = (change: Change, run: Step['run'], place: Step['place'] = 'free'): Step => ({
  changes: [change],
  place,
  run,
});

/** What became of the steps. */
interface AppliedSteps {
  readonly changes: readonly (Change & { readonly done: boolean })[];
  readonly failures: readonly TransferError[];
}

/** Every change of some steps. */
export const changesOf = (steps: readonly Step[]): readonly Change[] => steps.flatMap(({ changes }) => changes);

/** Of steps that are not carried out. */
const undone = (steps: readonly Step[]): AppliedSteps['changes'] =>
  changesOf(steps).map((change) => ({ ...change, done: false }));

/** Carries out what it can: whoever has fewer rights than it takes gets the rest done by somebody else. */
async function applySteps(
  steps: readonly Step[],
  { onEvent }: Pick<ProvisioningContext, 'onEvent'>,
): Promise<AppliedSteps> {
  const changes: (Change & { readonly done: boolean })[] = [];
  const failures: TransferError[] = [];
  let stopped = false;
  for (const { changes: own, place, run } of steps) {
    const held: boolean = stopped || (place === 'needs-all' && failures.length > 0);
    const done: boolean = !held && (await succeeds(run, failures));
    stopped ||= !done && place === 'carries-rest';
    for (const change of own) {
      changes.push({ ...change, done });
      if (done) onEvent({ kind: 'changed', change });
    }
  }
  return { changes, failures };
}

async function succeeds(run: Step['run'], failures: TransferError[]): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    failures.push(toTransferError(error));
    return false;
  }
}

/** What is told besides the changes. */
export interface Conclusion {
  /** As they are in the end. */
  readonly facts: () => Pick<ProvisioningResult, 'principalId' | 'sasExpiresAt'>;
  /** Proves that everything works, after something was changed without a failure; its warnings. */
  readonly proof: () => Promise<readonly string[]>;
}

async function proven(
  proof: Conclusion['proof'],
): Promise<{ warnings: readonly string[]; failures: readonly TransferError[] }> {
  try {
    return { warnings: await proof(), failures: [] };
  } catch (error) {
    return { warnings: [], failures: [toTransferError(error)] };
  }
}

const resultOf = (
  { state, pipeline }: ProvisioningRequest,
  status: ProvisioningResult['status'],
  { changes, failures }: AppliedSteps,
  rest: Pick<ProvisioningResult, 'principalId' | 'sasExpiresAt' | 'warnings'>,
): ProvisioningResult => ({
  state,
  status,
  pipelineId: pipeline.resourceId,
  changes,
  failures: failures.map(({ facts }) => facts),
  ...rest,
});

/** Tells the difference, and makes it none unless this is a dry run. */
export async function conclude(
  request: ProvisioningRequest,
  world: ProvisioningContext,
  steps: readonly Step[],
  { facts, proof }: Conclusion,
): Promise<ProvisioningResult> {
  world.onEvent({ kind: 'difference', changes: changesOf(steps) });
  const nothing = { changes: undone(steps), failures: [] };
  if (steps.length === 0) return resultOf(request, 'unchanged', nothing, { ...facts(), warnings: [] });
  if (request.dryRun) return resultOf(request, 'planned', nothing, { ...facts(), warnings: [] });
  const carried = await applySteps(steps, world);
  const { warnings, failures } = carried.failures.length > 0 ? { warnings: [], failures: [] } : await proven(proof);
  const all = { ...carried, failures: [...carried.failures, ...failures] };
  return resultOf(request, all.failures.length > 0 ? 'failed' : 'changed', all, { ...facts(), warnings });
}
