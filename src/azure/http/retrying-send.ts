/** Retry decision and retry loop. */
import type { Clock } from '../../transfer/ports/clock.ts';
import {
  backoffSeconds,
  MAX_ATTEMPTS,
  MAX_ATTEMPTS_UNREACHABLE,
  RETRY_BUDGET_SECONDS,
} from '../../transfer/resilience/retry.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { isAbort, readServiceError, thrownResponse, type ResponseHead } from './service-error.ts';
import type { RequestOutcome, Throttle } from './throttle.ts';

/** Outcome of one attempt. */
export type SendOutcome =
  { readonly kind: 'response'; readonly response: ResponseHead } | { readonly kind: 'error'; readonly error: unknown };

/** Whether an attempt is repeated. */
export interface RetryDecision {
  readonly outcome: RequestOutcome;
  /** 1: no further attempt. */
  readonly maxAttempts: number;
}

const CONNECTION_LOST =
  /^(?:ECONNRESET|ETIMEDOUT|EPIPE|EPROTO|EAI_AGAIN|REQUEST_SEND_ERROR|PARSE_ERROR|ERR_STREAM_PREMATURE_CLOSE)$/;

/** Code of a response that is damaged or doesn't belong to the request. */
const DAMAGED = 'DAMAGED';

/** Marks every error of a response check as damage, so that the request is retried. */
export function retryIfInvalid<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), { code: DAMAGED });
  }
}

const UNREACHABLE = /^(?:ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|PROXY_FAILED)$/;

function decideOnResponse({ status, headers }: ResponseHead, now: number): RetryDecision {
  const seconds = retryAfterSeconds((name) => headers.get(name), now);
  if (status === 429 || (status === 503 && seconds !== null)) {
    return { outcome: { kind: 'throttled', seconds }, maxAttempts: MAX_ATTEMPTS };
  }
  const transient = status === 408 || (status >= 500 && status !== 501 && status !== 505);
  return transient
    ? { outcome: { kind: 'failed' }, maxAttempts: MAX_ATTEMPTS }
    : { outcome: { kind: 'completed' }, maxAttempts: 1 };
}

function decideOnError(error: unknown, now: number): RetryDecision {
  // Some clients throw error responses, others return them.
  const response = thrownResponse(error);
  if (response !== null) return decideOnResponse(response, now);
  const outcome: RequestOutcome = { kind: 'failed' };
  const code = readServiceError(error).code ?? '';
  if (UNREACHABLE.test(code) || code === DAMAGED) return { outcome, maxAttempts: MAX_ATTEMPTS_UNREACHABLE };
  return { outcome, maxAttempts: isAbort(error) || CONNECTION_LOST.test(code) ? MAX_ATTEMPTS : 1 };
}

/**
 * Decides whether an attempt is repeated.
 * @param now milliseconds since the epoch
 */
export const decideRetry = (outcome: SendOutcome, now: number): RetryDecision =>
  outcome.kind === 'response' ? decideOnResponse(outcome.response, now) : decideOnError(outcome.error, now);

/** Signal of requests without a caller's signal, which have time limits of their own. */
const NO_ABORT = new AbortController().signal;

/**
 * Sends a request, and retries it after temporary errors.
 * @param callerSignal when it aborts, retries and waits end
 */
export type RetryingSend = <Result extends ResponseHead>(
  send: () => Promise<Result>,
  callerSignal?: AbortSignal,
) => Promise<Result>;

/**
 * Retries requests after 408, 429, 5xx and lost connections. All of them share one throttle. After 10 attempts, or after 2
 * minutes without the waits that the service asked for, the last response is returned or the last error thrown.
 */
export function retryingSend(throttle: Throttle, clock: Clock): RetryingSend {
  return async (send, callerSignal = NO_ABORT) => {
    const position = throttle.nextPosition();
    let budget = RETRY_BUDGET_SECONDS;
    for (let attempt = 1; ; attempt += 1) {
      const release = await throttle.acquire(position);
      const start = clock.now();
      const outcome = await send().then(
        (response) => ({ kind: 'response', response }) as const,
        (error: unknown) => ({ kind: 'error', error }) as const,
      );
      const decision = decideRetry(outcome, clock.now());
      release(decision.outcome);
      budget -= (clock.now() - start) / 1000;
      if (attempt >= decision.maxAttempts || budget <= 0 || callerSignal.aborted) {
        if (outcome.kind === 'error') throw outcome.error;
        return outcome.response;
      }
      if (decision.outcome.kind === 'throttled') continue;
      const seconds = backoffSeconds(attempt);
      budget -= seconds;
      await clock.sleep(seconds, callerSignal);
    }
  };
}
