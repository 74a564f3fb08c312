/** Creates check results, and formats counts and lists for their texts. */
import type { TransferError } from '../errors/index.ts';
import type { CheckName, CheckResult } from '../model/check-result.ts';
import type { Side } from '../model/side.ts';
import type { Observation } from '../ports/access-inspector.ts';

/** Creates the results of one check. */
interface CheckResults {
  readonly ok: (text: string) => CheckResult;
  readonly warning: (failure: TransferError) => CheckResult;
  readonly error: (failure: TransferError) => CheckResult;
  /** The check was not possible, and why. */
  readonly unknown: (why: string) => CheckResult;
}

/** Creates the results of a check on one side. */
export const checkResultsOf = (side: Side, check: CheckName): CheckResults => ({
  ok: (text) => ({ side, check, verdict: 'ok', text }),
  warning: (failure) => ({ side, check, verdict: 'warning', failure }),
  error: (failure) => ({ side, check, verdict: 'error', failure }),
  unknown: (text) => ({ side, check, verdict: 'unknown', text }),
});

/** The results of an observation: those of the observed value, or `unknown` if it could not be read. */
export const resultsOfObservation = <Value>(
  observation: Observation<Value>,
  result: CheckResults,
  resultsOf: (value: Value) => readonly CheckResult[],
): readonly CheckResult[] => (observation.ok ? resultsOf(observation.value) : [result.unknown(observation.problem)]);

/** Downgrades an error to a warning, if it prevents the transfer and not the plan. */
export const asWarning = (result: CheckResult): CheckResult =>
  result.verdict === 'error' ? { ...result, verdict: 'warning' } : result;

/** The errors that prevent the transfer. */
export const errorsOf = (results: readonly CheckResult[]): readonly TransferError[] =>
  results.flatMap((result) => (result.verdict === 'error' ? [result.failure] : []));

const MAX_NAMES = 20;

/** A count with its noun, at the start of a sentence. */
export const formatCount = (count: number, one: string, many: string): string =>
  count === 1 ? `One ${one}` : `${count} ${many}`;

/** The first names, one per line, and the number of the others. */
export function formatNames(names: readonly string[]): string {
  const rest = names.length - MAX_NAMES;
  const lines = names.slice(0, MAX_NAMES).map((name) => `  ${name}`);
  return [...lines, ...(rest > 0 ? [`  … and ${rest} more`] : [])].join('\n');
}
