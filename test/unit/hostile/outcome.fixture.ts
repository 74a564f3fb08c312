import { expect } from '@jest/globals';
import { TransferError } from '../../../src/transfer/errors/transfer-error.ts';
import { POISON } from './json.fixture.ts';

/** Result of reading: a value, or an error of the catalog. Every other exception is a bug. */
export type Outcome<Result> = { readonly value: Result } | { readonly failure: TransferError };

/** Reads, and lets nothing pass but a value or a failure. */
export function outcomeOf<Result>(read: () => Result): Outcome<Result> {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof TransferError) return { failure: error };
    throw error;
  }
}

/** The id of the failure; null when there was none. */
export const idOf = (outcome: Outcome<unknown>): string | null =>
  'failure' in outcome ? outcome.failure.facts.id : null;

const namesOf = (): readonly string[] =>
  [Object.prototype, Array.prototype, Function.prototype].flatMap((prototype) =>
    Reflect.ownKeys(prototype).map(String),
  );

const BEFORE = namesOf();

/** A text under such a name does no harm, but under `__proto__`, where there must be nothing. */
const isPoison = ([key, value]: readonly [string, unknown]): boolean =>
  key === '__proto__' || (POISON.includes(key) && typeof value !== 'string');

function isClean(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  const usual = prototype === Object.prototype || prototype === Array.prototype || prototype === null;
  return usual && !Object.entries(value).some(isPoison) && Object.values(value).every(isClean);
}

/** Checks that no prototype has changed, and that nothing read has another one, or members of such names. */
export function expectUnpolluted(value: unknown): void {
  expect(namesOf()).toEqual(BEFORE);
  expect(isClean(value)).toBe(true);
}
