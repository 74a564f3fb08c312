/** Value or problem. */
import { asFailure, type Failure } from './transfer-error.ts';

/** What checking came to: the thing itself, or everything that stands against it. */
export type Checked<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failures: readonly Failure[] };

/** Runs a check that throws at the first fault, as one that returns it. */
export async function checked<Value>(work: () => Promise<Value>): Promise<Checked<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, failures: [asFailure(error)] };
  }
}

/** The failures of several checks. */
export const failuresOf = (results: readonly Checked<unknown>[]): readonly Failure[] =>
  results.flatMap((result) => (result.ok ? [] : result.failures));

/** The failures of several checks; two that met the same fault (a refused sign-in) count as one. */
export const distinct = (results: readonly Checked<unknown>[]): readonly Failure[] => [
  ...new Map(failuresOf(results).map((item) => [item.message, item])).values(),
];

/** Either a value, or what is wrong with the text it was read from. */
export type Parsed<Value> = { readonly value: Value } | { readonly problem: string };
