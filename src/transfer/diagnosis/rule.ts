import type { FailureId } from '../catalogue.ts';

/** By what a failure is recognised. Patterns have no nested repetition: texts of services are long, and nobody's friend. */
export interface Rule<Id extends FailureId> {
  readonly pattern: RegExp;
  readonly id: Id;
}

/** The most of a text that is looked at; what a service says stands at its beginning. */
const MOST_READ = 8000;

/** The first rule that a text fits; null when none does. Special cases come before general ones. */
export function recognise<Id extends FailureId>(rules: readonly Rule<Id>[], text: string): Id | null {
  const read = text.slice(0, MOST_READ);
  return rules.find(({ pattern }) => pattern.test(read))?.id ?? null;
}
