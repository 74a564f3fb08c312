import type { Known } from '../plan/known.ts';

/** What is known of the far side without looking, and what a reader should know about it. */
export interface Recollection {
  readonly known: Known;
  /** Sentences: what could not be used, and what follows. */
  readonly notes: readonly string[];
}

/** A message as a sentence among others. */
export const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);
