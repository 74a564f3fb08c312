import { it } from '@jest/globals';
import { few, type Choice } from './tier.ts';

/** Declares a test, as Jest's `it` does. */
export type Declare = (name: string, run: () => Promise<void>) => void;

/**
 * Declares tests of which the gate runs a number, and the nightly run all: for expensive tests of one rule.
 * @param declare declares all of them, by the `it` that it is given
 */
export function someOf(most: number, declare: (it: Declare) => void, choice?: Choice): () => void {
  return () => {
    const declared: { readonly name: string; readonly run: () => Promise<void> }[] = [];
    declare((name, run) => declared.push({ name, run }));
    for (const { name, run } of few(declared, most, choice)) it(name, run);
  };
}
