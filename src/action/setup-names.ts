/** The setup action has one side, so that its inputs need no prefix; the catalogue speaks of two. */
import type { FailureFacts } from '../transfer/failure.ts';

const PREFIXED = /\b(?:source|target)-(?=(?:cloud|tenant-id|client-id|client-secret|audience|container)\b)/g;

/** A text about inputs, by their names here. */
export const ownNames = (text: string): string => text.replaceAll(PREFIXED, '');

/** A failure that names inputs as they are called here. */
export const ownFacts = (facts: FailureFacts): FailureFacts => ({
  ...facts,
  message: ownNames(facts.message),
  remedy: ownNames(facts.remedy),
});
