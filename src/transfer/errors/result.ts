/** A value, or the problem that prevented it. */
import { toTransferError, type TransferError } from './transfer-error.ts';

/** Work that succeeded. */
interface Ok<Value> {
  readonly ok: true;
  readonly value: Value;
}

/** Work that failed. */
interface Failed<Problem> {
  readonly ok: false;
  readonly problem: Problem;
}

/** The result of work that can fail: a value, or its problem. The problem of a parsed text is one sentence. */
export type Result<Value, Problem = readonly TransferError[]> = Ok<Value> | Failed<Problem>;

/** The result of work that succeeded. */
export const ok = <Value>(value: Value): Ok<Value> => ({ ok: true, value });

/** The result of work that failed. */
export const failed = <Problem>(problem: Problem): Failed<Problem> => ({ ok: false, problem });

/** Runs work, and returns its value or the error that it throws. */
export async function toResult<Value>(work: () => Promise<Value>): Promise<Result<Value>> {
  try {
    return ok(await work());
  } catch (error) {
    return failed([toTransferError(error)]);
  }
}

/** The values of several results. */
export const valuesOf = <Value>(results: readonly Result<Value, unknown>[]): readonly Value[] =>
  results.flatMap((result) => (result.ok ? [result.value] : []));

/** The errors of several results. */
export const problemsOf = (results: readonly Result<unknown>[]): readonly TransferError[] =>
  results.flatMap((result) => (result.ok ? [] : result.problem));

/** The errors of several results. Errors with the same message (a refused sign-in) are listed once. */
export const distinctProblems = (results: readonly Result<unknown>[]): readonly TransferError[] => [
  ...new Map(problemsOf(results).map((item) => [item.message, item])).values(),
];
