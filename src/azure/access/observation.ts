import { failed, redact, TransferError } from '../../transfer/errors/index.ts';
import type { Observation } from '../../transfer/ports/access-inspector.ts';
import { isAbort, serviceReason } from '../http/index.ts';

/** Characters. ARM's message about a missing permission, with the resource ID, fits. */
const MAX_REASON_LENGTH = 600;

/** Returns the first sentence. Services put the reason there, and advice into the sentences that follow. */
function firstSentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const end = line.search(/[.!?] \p{Lu}/u);
  const sentence = end < 0 ? line : line.slice(0, end + 1);
  return sentence.length > MAX_REASON_LENGTH ? `${sentence.slice(0, MAX_REASON_LENGTH)}…` : sentence;
}

function reasonOf(error: unknown): string {
  if (isAbort(error)) return 'no response in time';
  return error instanceof TransferError ? error.facts.message : serviceReason(error);
}

/**
 * A failed observation.
 * @param why shortened to one sentence, with secrets redacted
 */
export const notObserved = (why: string): Observation<never> => failed(firstSentence(redact(why)));

/** Runs an observation. An error, such as a missing permission or a closed network, becomes a failed observation. */
export async function observe<Value>(work: () => Promise<Observation<Value>>): Promise<Observation<Value>> {
  try {
    return await work();
  } catch (error) {
    return notObserved(reasonOf(error));
  }
}
