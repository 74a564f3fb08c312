/** Retry decision and loop, Retry-After. */
import type { Clock } from '../../transfer/ports/clock.ts';
import {
  backoffSeconds,
  MAX_ATTEMPTS,
  MAX_ATTEMPTS_UNREACHABLE,
  RETRY_BUDGET_SECONDS,
} from '../../transfer/resilience/retry.ts';
import { answerIn, isAbort, readServiceError, type Answered } from './service-error.ts';
import type { RequestOutcome, Throttle } from './throttle.ts';

/**
 * What a service asks to wait (RFC 9110, 10.2.3), seconds; null when it does not.
 * @param text the header: seconds, or a date
 * @param now milliseconds since the epoch
 */
export function parseRetryAfter(text: string | null | undefined, now: number): number | null {
  if (text === null || text === undefined || text === '') return null;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}

/** What one try came to. */
export type SendOutcome =
  { readonly kind: 'answer'; readonly answer: Answered } | { readonly kind: 'error'; readonly error: unknown };

/** What is to be made of one try. */
export interface RetryDecision {
  readonly passage: RequestOutcome;
  /** Tries after which there is no other; 1: this one was the last. */
  readonly tries: number;
}

const CONNECTION_LOST =
  /^(?:ECONNRESET|ETIMEDOUT|EPIPE|EPROTO|EAI_AGAIN|REQUEST_SEND_ERROR|PARSE_ERROR|ERR_STREAM_PREMATURE_CLOSE)$/;
/** Code of an answer that is damaged, or was meant for somebody else. */
const DAMAGED = 'DAMAGED';

/** Lets a check of an answer say that it is damaged, so that it is asked for again. */
export function retryIfInvalid<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), { code: DAMAGED });
  }
}

const UNREACHED = /^(?:ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH)$/;

function decideOnResponse({ status, headers }: Answered, now: number): RetryDecision {
  const seconds = parseRetryAfter(headers.get('retry-after'), now);
  if (status === 429 || (status === 503 && seconds !== null)) {
    return { passage: { kind: 'throttled', seconds }, tries: MAX_ATTEMPTS };
  }
  const transient = status === 408 || (status >= 500 && status !== 501 && status !== 505);
  return transient ? { passage: { kind: 'lost' }, tries: MAX_ATTEMPTS } : { passage: { kind: 'answered' }, tries: 1 };
}

function decideOnError(error: unknown, now: number): RetryDecision {
  // Some clients throw what others answer.
  const answer = answerIn(error);
  if (answer !== null) return decideOnResponse(answer, now);
  const passage: RequestOutcome = { kind: 'lost' };
  const code = readServiceError(error).code ?? '';
  if (UNREACHED.test(code) || code === DAMAGED) return { passage, tries: MAX_ATTEMPTS_UNREACHABLE };
  return { passage, tries: isAbort(error) || CONNECTION_LOST.test(code) ? MAX_ATTEMPTS : 1 };
}

/**
 * Judges one try: whether another one makes sense.
 * @param now milliseconds since the epoch
 */
export const decideRetry = (outcome: SendOutcome, now: number): RetryDecision =>
  outcome.kind === 'answer' ? decideOnResponse(outcome.answer, now) : decideOnError(outcome.error, now);

/** For requests without a caller's signal: they end by their own limits. */
const NO_ABORT = new AbortController().signal;

/**
 * Sends a request until it is answered.
 * @param caller when it aborts, the request isn't tried again, and no wait goes on
 */
export type RetryingSend = <Answer extends Answered>(
  send: () => Promise<Answer>,
  caller?: AbortSignal,
) => Promise<Answer>;

/**
 * Sends requests until they are answered: again after 408, 429, 5xx and broken connections, through a gate for all of them.
 * After 10 tries, or 2 minutes without those that the service asked to wait, the last answer or error stands.
 */
export function retryingSend(gate: Throttle, clock: Clock): RetryingSend {
  return async (send, caller = NO_ABORT) => {
    const place = gate.draw();
    let budget = RETRY_BUDGET_SECONDS;
    for (let tries = 1; ; tries += 1) {
      const leave = await gate.enter(place);
      const start = clock.now();
      const outcome = await send().then(
        (answer) => ({ kind: 'answer', answer }) as const,
        (error: unknown) => ({ kind: 'error', error }) as const,
      );
      const verdict = decideRetry(outcome, clock.now());
      leave(verdict.passage);
      budget -= (clock.now() - start) / 1000;
      if (tries >= verdict.tries || budget <= 0 || caller.aborted) {
        if (outcome.kind === 'error') throw outcome.error;
        return outcome.answer;
      }
      if (verdict.passage.kind === 'throttled') continue;
      const seconds = backoffSeconds(tries);
      budget -= seconds;
      await clock.sleep(seconds, caller);
    }
  };
}
