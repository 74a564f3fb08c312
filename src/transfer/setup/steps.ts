/** Changes, carried out one after the other. */
import { asFailure, type Failure } from '../failure.ts';
import type { Change } from './result.ts';
import type { SetupWorld } from './world.ts';

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
export interface Carried {
  readonly changes: readonly (Change & { readonly done: boolean })[];
  readonly failures: readonly Failure[];
}

/** Every change of some steps. */
export const changesOf = (steps: readonly Step[]): readonly Change[] => steps.flatMap(({ changes }) => changes);

/** Of steps that are not carried out. */
export const undone = (steps: readonly Step[]): Carried['changes'] =>
  changesOf(steps).map((change) => ({ ...change, done: false }));

/** Carries out what it can: whoever has fewer rights than it takes gets the rest done by somebody else. */
export async function carryOut(steps: readonly Step[], { onEvent }: Pick<SetupWorld, 'onEvent'>): Promise<Carried> {
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
