/** A value, or the errors that prevented it. */
import { toTransferError, type TransferError } from './transfer-error.ts';

/** The result of work that can fail: a value, or all errors. */
export type Result<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failures: readonly TransferError[] };

/** Runs work, and returns its value or the error that it throws. */
export async function toResult<Value>(work: () => Promise<Value>): Promise<Result<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, failures: [toTransferError(error)] };
  }
}

/** The errors of several results. */
export const problemsOf = (results: readonly Result<unknown>[]): readonly TransferError[] =>
  results.flatMap((result) => (result.ok ? [] : result.failures));

/** The errors of several results. Errors with the same message (a refused sign-in) are listed once. */
export const distinctProblems = (results: readonly Result<unknown>[]): readonly TransferError[] => [
  ...new Map(problemsOf(results).map((item) => [item.message, item])).values(),
];

/** A parsed value, or the problem of the text. */
export type Parsed<Value> = { readonly value: Value } | { readonly problem: string };
