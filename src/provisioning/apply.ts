/** Applies changes step by step. */
import { asFailure, type Failure } from '../transfer/errors/index.ts';
import type { SetupWorld } from './ports.ts';
import type { SetupRequest } from './request.ts';
import type { Change, SetupResult } from './result.ts';

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
interface Carried {
  readonly changes: readonly (Change & { readonly done: boolean })[];
  readonly failures: readonly Failure[];
}

/** Every change of some steps. */
export const changesOf = (steps: readonly Step[]): readonly Change[] => steps.flatMap(({ changes }) => changes);

/** Of steps that are not carried out. */
const undone = (steps: readonly Step[]): Carried['changes'] =>
  changesOf(steps).map((change) => ({ ...change, done: false }));

/** Carries out what it can: whoever has fewer rights than it takes gets the rest done by somebody else. */
async function carryOut(steps: readonly Step[], { onEvent }: Pick<SetupWorld, 'onEvent'>): Promise<Carried> {
  const changes: (Change & { readonly done: boolean })[] = [];
  const failures: Failure[] = [];
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

async function succeeds(run: Step['run'], failures: Failure[]): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    failures.push(asFailure(error));
    return false;
  }
}

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
