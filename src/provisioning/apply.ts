/** Applies changes step by step. */
import { toTransferError, TransferError, transferError } from '../transfer/errors/index.ts';
import { withDeadline } from '../transfer/resilience/deadline.ts';
import type { ProvisioningContext } from './ports.ts';
import type { ProvisioningRequest } from './request.ts';
import type { Change, ProvisioningResult } from './result.ts';

/** Changes that are applied together. */
export interface Step {
  readonly changes: readonly Change[];
  /** `required`: if the step fails, later steps are skipped. `needs-all`: skipped if an earlier step failed. */
  readonly dependency: 'none' | 'required' | 'needs-all';
  readonly run: () => Promise<unknown>;
}

/** Creates a step with one change. */
export const step = (change: Change, run: Step['run'], dependency: Step['dependency'] = 'none'): Step => ({
  changes: [change],
  dependency,
  run,
});

/** The changes of the steps, and the errors. */
interface AppliedSteps {
  readonly changes: readonly (Change & { readonly done: boolean })[];
  readonly failures: readonly TransferError[];
}

/** All changes of steps. */
export const changesOf = (steps: readonly Step[]): readonly Change[] => steps.flatMap(({ changes }) => changes);

/** The changes of steps that are not applied. */
const notApplied = (steps: readonly Step[]): AppliedSteps['changes'] =>
  changesOf(steps).map((change) => ({ ...change, done: false }));

/** Applies as many steps as possible. A person with more permissions can apply the others. */
async function applySteps(
  steps: readonly Step[],
  { onEvent, signal }: Pick<ProvisioningContext, 'onEvent' | 'signal'>,
): Promise<AppliedSteps> {
  const changes: (Change & { readonly done: boolean })[] = [];
  const failures: TransferError[] = [];
  let stopped = false;
  for (const { changes: own, dependency, run } of steps) {
    const skipped: boolean = stopped || signal.aborted || (dependency === 'needs-all' && failures.length > 0);
    const done: boolean = !skipped && (await succeeds(run, signal, failures));
    stopped ||= !done && dependency === 'required';
    for (const change of own) {
      changes.push({ ...change, done });
      if (done) onEvent({ kind: 'changed', change });
    }
  }
  if (signal.aborted && failures.length === 0) failures.push(provisioningError(signal.reason, signal));
  return { changes, failures };
}

/** The error of provisioning: ACRT4023 for work that was canceled. */
export const provisioningError = (error: unknown, signal: AbortSignal): TransferError =>
  signal.aborted && !(error instanceof TransferError)
    ? transferError('ACRT4023', { what: 'The setup' }, { cause: error })
    : toTransferError(error);

async function succeeds(run: Step['run'], signal: AbortSignal, failures: TransferError[]): Promise<boolean> {
  try {
    await withDeadline(signal, run);
    return true;
  } catch (error) {
    failures.push(provisioningError(error, signal));
    return false;
  }
}

/** Facts and verification of a result, besides the changes. */
export interface Conclusion {
  /** Facts after the changes. */
  readonly facts: () => Pick<ProvisioningResult, 'principalId' | 'sasExpiresAt'>;
  /** Verifies the pipeline after successful changes. Returns warnings. */
  readonly verify: () => Promise<readonly string[]>;
}

async function verified(
  verify: Conclusion['verify'],
  signal: AbortSignal,
): Promise<{ warnings: readonly string[]; failures: readonly TransferError[] }> {
  try {
    return { warnings: await withDeadline(signal, verify), failures: [] };
  } catch (error) {
    return { warnings: [], failures: [provisioningError(error, signal)] };
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

/** Reports the changes, and applies them unless this is a dry run. */
export async function conclude(
  request: ProvisioningRequest,
  context: ProvisioningContext,
  steps: readonly Step[],
  { facts, verify }: Conclusion,
): Promise<ProvisioningResult> {
  context.onEvent({ kind: 'difference', changes: changesOf(steps) });
  const nothing = { changes: notApplied(steps), failures: [] };
  if (steps.length === 0) return resultOf(request, 'unchanged', nothing, { ...facts(), warnings: [] });
  if (request.dryRun) return resultOf(request, 'planned', nothing, { ...facts(), warnings: [] });
  const applied = await applySteps(steps, context);
  const { warnings, failures } =
    applied.failures.length > 0 ? { warnings: [], failures: [] } : await verified(verify, context.signal);
  const all = { ...applied, failures: [...applied.failures, ...failures] };
  return resultOf(request, all.failures.length > 0 ? 'failed' : 'changed', all, { ...facts(), warnings });
}
