/** `success()`, `transferError()`, `cancelled()`, `always()`, for jobs and for steps. */
import { data } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';

/** The result of a job or a step. */
export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

const predicate = (name: string, maxArgs: number, call: (names: readonly string[]) => boolean): FunctionDefinition => ({
  name,
  minArgs: 0,
  maxArgs,
  call: (...names) => new data.BooleanData(call(names.map((each) => each.coerceString()))),
});

/** The functions of a step. They use the status of the job. */
export const stepFunctions = (status: Conclusion): readonly FunctionDefinition[] => [
  predicate('success', 0, () => status === 'success'),
  predicate('failure', 0, () => status === 'failure'),
  predicate('cancelled', 0, () => status === 'cancelled'),
  predicate('always', 0, () => true),
];

/**
 * The functions of a job. They use all its ancestors, not only those that it needs directly: a job is skipped if any of them
 * was (actions/runner#491, #2205).
 * @param ancestors results by job
 * @param cancelled whether the run is canceled
 */
export function jobFunctions(
  ancestors: ReadonlyMap<string, Conclusion>,
  cancelled: boolean,
): readonly FunctionDefinition[] {
  const chosen = (names: readonly string[]): readonly (Conclusion | undefined)[] =>
    names.length > 0 ? names.map((name) => ancestors.get(name)) : [...ancestors.values()];
  return [
    predicate('success', 255, (names) => !cancelled && chosen(names).every((result) => result === 'success')),
    predicate('failure', 255, (names) => chosen(names).includes('failure')),
    predicate('cancelled', 0, () => cancelled),
    predicate('always', 0, () => true),
  ];
}

/** The common result of several legs or jobs. */
export function combined(conclusions: readonly Conclusion[]): Conclusion {
  if (conclusions.includes('failure')) return 'failure';
  if (conclusions.includes('cancelled')) return 'cancelled';
  return conclusions.every((conclusion) => conclusion === 'skipped') ? 'skipped' : 'success';
}
