/** Makes check results and lists in their texts. */
import type { TransferError } from '../errors/index.ts';
import type { CheckName, CheckResult } from '../model/check-result.ts';
import type { Side } from '../model/side.ts';
import type { Observation } from '../ports/access-inspector.ts';

/** Makes the findings of one check. */
export interface CheckResults {
  readonly ok: (text: string) => CheckResult;
  readonly warning: (failure: TransferError) => CheckResult;
  readonly error: (failure: TransferError) => CheckResult;
  readonly unknown: (why: string) => CheckResult;
}

/** The verdicts of a check on one side. */
export const checkResultsOf = (side: Side, check: CheckName): CheckResults => ({
  ok: (text) => ({ side, check, verdict: 'ok', text }),
  warning: (failure) => ({ side, check, verdict: 'warning', failure }),
  error: (failure) => ({ side, check, verdict: 'error', failure }),
  unknown: (text) => ({ side, check, verdict: 'unknown', text }),
});

/** The findings of a look: what was seen is judged, what could not be seen is said. */
export const judged = <Value>(
  look: Observation<Value>,
  verdicts: CheckResults,
  judge: (value: Value) => readonly CheckResult[],
): readonly CheckResult[] => (look.kind === 'seen' ? judge(look.value) : [verdicts.unknown(look.why)]);

/** An error that stands against a transfer, but not against planning one. */
export const asWarning = (finding: CheckResult): CheckResult =>
  finding.verdict === 'error' ? { ...finding, verdict: 'warning' } : finding;

/** The failures that stand against beginning. */
export const errorsOf = (findings: readonly CheckResult[]): readonly TransferError[] =>
  findings.flatMap((finding) => (finding.verdict === 'error' ? [finding.failure] : []));

const MAX_LISTED = 20;

/** How many of what, as a sentence begins. */
export const howMany = (count: number, one: string, many: string): string =>
  count === 1 ? `One ${one}` : `${count} ${many}`;

/** The first of them, a line each. */
export function listed(names: readonly string[]): string {
  const rest = names.length - MAX_LISTED;
  const lines = names.slice(0, MAX_LISTED).map((name) => `  ${name}`);
  return [...lines, ...(rest > 0 ? [`  … and ${rest} more`] : [])].join('\n');
}
