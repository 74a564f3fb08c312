import { redact, TransferError } from '../../transfer/errors/index.ts';
import type { Observation } from '../../transfer/ports/access-inspector.ts';
import { isAbort, serviceReason } from '../http/index.ts';

/** Room for what ARM says of a missing right, with its resource ID; whatever is longer explains nothing more. Characters. */
const MAX_REASON_LENGTH = 600;

/** Services put the reason first, and what to do about it, or where to read more, into the sentences that follow. */
function firstSentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const end = line.search(/[.!?] \p{Lu}/u);
  const sentence = end < 0 ? line : line.slice(0, end + 1);
  return sentence.length > MAX_REASON_LENGTH ? `${sentence.slice(0, MAX_REASON_LENGTH)}…` : sentence;
}

function reasonOf(error: unknown): string {
  if (isAbort(error)) return 'no answer came in time';
  return error instanceof TransferError ? error.facts.message : serviceReason(error);
}

/** A look that saw something. */
export const observed = <Value>(value: Value): Observation<Value> => ({ kind: 'seen', value });

/**
 * A look that saw nothing.
 * @param why shortened to one sentence, without secrets
 */
export const notObserved = (why: string): Observation<never> => ({ kind: 'unseen', why: firstSentence(redact(why)) });

/** Looks; whatever stands against it, a missing right or a closed network, is a look that saw nothing. */
export async function observe<Value>(work: () => Promise<Observation<Value>>): Promise<Observation<Value>> {
  try {
    return await work();
  } catch (error) {
    return notObserved(reasonOf(error));
  }
}
