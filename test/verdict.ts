/** Conditions that the figures of a show or a bench must meet. A figure that could not be measured meets none. */

/** Conditions that are not met, one sentence each. Empty: all of them are met. */
export type Failures = readonly string[];

type Measured = number | string | boolean | null | undefined;

const shown = (value: Measured): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));

/** Requires `value` ≤ `limit`; infinite values and NaN fail. */
export const atMost = (name: string, value: number | null | undefined, limit: number): Failures =>
  typeof value === 'number' && Number.isFinite(value) && value <= limit
    ? []
    : [`${name} is ${shown(value)}, and at most ${limit} is allowed`];

/** Requires `value` ≥ `limit`; infinite values and NaN fail. */
export const atLeast = (name: string, value: number | null | undefined, limit: number): Failures =>
  typeof value === 'number' && Number.isFinite(value) && value >= limit
    ? []
    : [`${name} is ${shown(value)}, and at least ${limit} is required`];

/** Requires exactly this value. */
export const equal = (name: string, value: Measured, expected: number | string | boolean): Failures =>
  value === expected ? [] : [`${name} is ${shown(value)}, and ${shown(expected)} is required`];

/** What the last line of a show or a bench says of its figures. */
export interface Verdict {
  readonly verdict: 'passed' | 'failed';
  readonly failures: Failures;
}

/** Makes the verdict of the conditions that are not met. */
export const verdictOf = (failures: Failures): Verdict => ({
  verdict: failures.length === 0 ? 'passed' : 'failed',
  failures,
});
