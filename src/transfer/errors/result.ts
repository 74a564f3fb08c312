/** Value or problem. */
import { toTransferError, type TransferError } from './transfer-error.ts';

/** What checking came to: the thing itself, or everything that stands against it. */
export type Result<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failures: readonly TransferError[] };

/** Runs a check that throws at the first fault, as one that returns it. */
export async function toResult<Value>(work: () => Promise<Value>): Promise<Result<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, failures: [toTransferError(error)] };
  }
}

/** The failures of several checks. */
export const problemsOf = (results: readonly Result<unknown>[]): readonly TransferError[] =>
  results.flatMap((result) => (result.ok ? [] : result.failures));

/** The failures of several checks; two that met the same fault (a refused sign-in) count as one. */
export const distinctProblems = (results: readonly Result<unknown>[]): readonly TransferError[] => [
  ...new Map(problemsOf(results).map((item) => [item.message, item])).values(),
];

/** Either a value, or what is wrong with the text it was read from. */
export type Parsed<Value> = { readonly value: Value } | { readonly problem: string };
