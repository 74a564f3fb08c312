/** Decides which requests are retried, and sends them through a throttle. */
import type { Result } from '../../transfer/errors/index.ts';
import type { Clock } from '../../transfer/ports/clock.ts';
import {
  backoffSeconds,
  MAX_ATTEMPTS,
  MAX_ATTEMPTS_UNREACHABLE,
  retry,
  RETRY_BUDGET_SECONDS,
} from '../../transfer/resilience/retry.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { isAbort, readServiceError, thrownResponse, type ResponseHead } from './service-error.ts';
import type { Release, RequestOutcome, Throttle } from './throttle.ts';

/** Whether an attempt is repeated. */
interface RetryDecision {
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
export const decideRetry = (outcome: Result<ResponseHead, unknown>, now: number): RetryDecision =>
  outcome.ok ? decideOnResponse(outcome.value, now) : decideOnError(outcome.problem, now);

/** Signal of requests without a caller's signal, which have time limits of their own. */
const NO_ABORT = new AbortController().signal;

/**
 * Sends a request, and retries it after temporary errors.
 * @param callerSignal when it aborts, retries and waits end
 */
export type RetryingSend = <Response extends ResponseHead>(
  send: () => Promise<Response>,
  callerSignal?: AbortSignal,
) => Promise<Response>;

/**
 * Retries requests after 408, 429, 5xx and lost connections. All of them share one throttle. After 10 attempts, or after 2
 * minutes without the waits that the service asked for, the last response is returned or the last error thrown.
 */
export function retryingSend(throttle: Throttle, clock: Clock): RetryingSend {
  return (send, signal = NO_ABORT) => {
    const position = throttle.nextPosition();
    let [budget, start] = [RETRY_BUDGET_SECONDS, 0];
    let release: Release;
    return retry(
      async () => {
        release = await throttle.acquire(position);
        start = clock.now();
        return send();
      },
      {
        clock,
        signal,
        delaySeconds: (attempt, attempts) => {
          const { outcome, maxAttempts } = decideRetry(attempt, clock.now());
          release(outcome);
          budget -= (clock.now() - start) / 1000;
          if (attempts >= maxAttempts || budget <= 0 || signal.aborted) return null;
          // The throttle pauses all requests, this one included.
          if (outcome.kind === 'throttled') return 0;
          const seconds = backoffSeconds(attempts);
          budget -= seconds;
          return seconds;
        },
      },
    );
  };
}
