/** What a check of preflight came to. */
import type { Failure } from '../failure.ts';
import type { Look } from '../inspection.ts';
import type { Side } from '../services.ts';

/** What is checked; the order in which a person should read them. */
export const CHECKS = [
  'sign-in',
  'registry',
  'registry-network',
  'pipeline',
  'pipeline-identity',
  'pipeline-options',
  'rights',
  'container',
  'storage-network',
  'sas',
  'secret',
  'role',
  'artifacts',
  'tags',
  'blobs',
] as const;

/** One of them. */
export type CheckName = (typeof CHECKS)[number];

/** A check with its verdict. */
export type Finding = {
  readonly side: Side;
  readonly check: CheckName;
} & (
  | { readonly verdict: 'ok'; readonly text: string }
  | { readonly verdict: 'warning' | 'error'; readonly failure: Failure }
  /** Could not be checked, and why. */
  | { readonly verdict: 'unknown'; readonly text: string }
);

/** Makes the findings of one check. */
export interface Verdicts {
  readonly ok: (text: string) => Finding;
  readonly warning: (failure: Failure) => Finding;
  readonly error: (failure: Failure) => Finding;
  readonly unknown: (why: string) => Finding;
}

/** The verdicts of a check on one side. */
export const verdictsOf = (side: Side, check: CheckName): Verdicts => ({
  ok: (text) => ({ side, check, verdict: 'ok', text }),
  warning: (failure) => ({ side, check, verdict: 'warning', failure }),
  error: (failure) => ({ side, check, verdict: 'error', failure }),
  unknown: (text) => ({ side, check, verdict: 'unknown', text }),
});

/** The findings of a look: what was seen is judged, what could not be seen is said. */
export const judged = <Value>(
  look: Look<Value>,
  verdicts: Verdicts,
  judge: (value: Value) => readonly Finding[],
): readonly Finding[] => (look.kind === 'seen' ? judge(look.value) : [verdicts.unknown(look.why)]);

/** An error that stands against a transfer, but not against planning one. */
export const asWarning = (finding: Finding): Finding =>
  finding.verdict === 'error' ? { ...finding, verdict: 'warning' } : finding;

/** The failures that stand against beginning. */
export const errorsOf = (findings: readonly Finding[]): readonly Failure[] =>
  findings.flatMap((finding) => (finding.verdict === 'error' ? [finding.failure] : []));
