import { backoffSeconds } from '../../transfer/backoff.ts';
import type { Clock } from '../../transfer/services.ts';
import { secondsAsked } from '../retry-after.ts';
import { isAbort, refusalOf } from '../service-error.ts';
import type { Gate, Passage } from './gate.ts';
import type { Answer, Send } from './transport.ts';

/** What one try came to. */
export type Outcome =
  { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'error'; readonly error: unknown };

/** What is to be made of one try. */
export interface Verdict {
  readonly passage: Passage;
  /** Tries after which there is no other; 1: this one was the last. */
  readonly tries: number;
}

const MOST_TRIES = 8;

/** A name that does not resolve, or a port that nobody listens on, seldom changes by waiting. */
const FEW_TRIES = 4;

/** Time that tries and the waits between them may take, without the waits that the service asks for. Seconds. */
const PATIENCE_SECONDS = 120;

const BROKEN =
  /^(?:ECONNRESET|ETIMEDOUT|EPIPE|EPROTO|EAI_AGAIN|REQUEST_SEND_ERROR|PARSE_ERROR|ERR_STREAM_PREMATURE_CLOSE)$/;
const UNREACHED = /^(?:ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH)$/;

function judgeAnswer(answer: Answer, now: number): Verdict {
  const { status } = answer;
  const seconds = secondsAsked(answer.headers.get('retry-after'), now);
  if (status === 429 || (status === 503 && seconds !== null)) {
    return { passage: { kind: 'throttled', seconds }, tries: MOST_TRIES };
  }
  const transient = status === 408 || (status >= 500 && status !== 501 && status !== 505);
  return transient ? { passage: { kind: 'lost' }, tries: MOST_TRIES } : { passage: { kind: 'answered' }, tries: 1 };
}

function judgeError(error: unknown): Verdict {
  const passage: Passage = { kind: 'lost' };
  const code = refusalOf(error).code ?? '';
  if (UNREACHED.test(code)) return { passage, tries: FEW_TRIES };
  return { passage, tries: isAbort(error) || BROKEN.test(code) ? MOST_TRIES : 1 };
}

/**
 * Judges one try: whether another one makes sense.
 * @param now milliseconds since the epoch
 */
export const judge = (outcome: Outcome, now: number): Verdict =>
  outcome.kind === 'answer' ? judgeAnswer(outcome.answer, now) : judgeError(outcome.error);

function settle(outcome: Outcome): Answer {
  if (outcome.kind === 'error') throw outcome.error;
  return outcome.answer;
}

/** A request that nobody may end from outside: it has limits of its own. */
const NEVER = new AbortController().signal;

/**
 * Sends requests until they are answered: again after 408, 429, 5xx and broken connections, through a gate for all of them.
 * After 8 tries, or 2 minutes without those that the service asked to wait, the last answer or error stands.
 */
export function steadily(send: Send, gate: Gate, clock: Clock): Send {
  const attempt: (...ask: Parameters<Send>) => Promise<Outcome> = (ask) =>
    send(ask).then(
      (answer): Outcome => ({ kind: 'answer', answer }),
      (error: unknown): Outcome => ({ kind: 'error', error }),
    );
  return async (ask) => {
    const place = gate.draw();
    let patience = PATIENCE_SECONDS;
    for (let tries = 1; ; tries += 1) {
      const leave = await gate.enter(place);
      const start = clock.now();
      const outcome = await attempt(ask);
      const verdict = judge(outcome, clock.now());
      leave(verdict.passage);
      patience -= (clock.now() - start) / 1000;
      if (tries >= verdict.tries || patience <= 0) return settle(outcome);
      if (verdict.passage.kind === 'throttled') continue;
      const seconds = backoffSeconds(tries);
      patience -= seconds;
      await clock.sleep(seconds, NEVER);
    }
  };
}
