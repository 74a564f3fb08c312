/** The retry loop, and its policies. */
import { failed, ok, TransferError, type Result, type Temporary } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';

/** Attempts of one request. With the backoff, they span half a minute to a minute, or longer with Retry-After. */
export const MAX_ATTEMPTS = 10;

/** Attempts if a host name doesn't resolve or a port is closed, because waiting seldom helps. */
export const MAX_ATTEMPTS_UNREACHABLE = 5;

/** Time budget of attempts and backoff, without Retry-After delays. Seconds. */
export const RETRY_BUDGET_SECONDS = 120;

/**
 * Seconds to wait after a number of attempts: half a second, doubled each time up to ten, with jitter, so that requests that
 * failed together don't retry together.
 */
export const backoffSeconds = (attempts: number): number =>
  Math.min(10, 2 ** (attempts - 2)) * (0.5 + Math.random() / 2);

/** When an attempt is followed by another one. */
interface RetryPolicy<Value> {
  readonly clock: Clock;
  /** Ends the waits with its reason. */
  readonly signal: AbortSignal;
  /**
   * Seconds to wait before the next attempt, 0 for none; null if this attempt was the last one.
   * @param outcome value of the attempt, or the error that it threw
   * @param attempts number of attempts so far
   */
  readonly delaySeconds: (outcome: Result<Value, unknown>, attempts: number) => number | null;
}

/** Runs attempts until the policy accepts one. Returns the value of the last attempt, or throws its error. */
export async function retry<Value>(
  attempt: () => Promise<Value>,
  { clock, signal, delaySeconds }: RetryPolicy<Value>,
): Promise<Value> {
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt().then(ok, failed<unknown>);
    const seconds = delaySeconds(outcome, attempts);
    if (seconds === null) {
      if (outcome.ok) return outcome.value;
      throw outcome.problem;
    }
    if (seconds > 0) await clock.sleep(seconds, signal);
  }
}

/** The facts for a retry of a temporary error (`TransferError.temporary`); null for a value or any other error. */
export const temporaryOf = (outcome: Result<unknown, unknown>): Temporary | null =>
  !outcome.ok && outcome.problem instanceof TransferError ? outcome.problem.temporary : null;

/**
 * Delays after temporary errors: throttling, lost connections, damage in transit. Honors Retry-After. At most MAX_ATTEMPTS.
 * @param onThrottled called each time the service throttles
 */
export const afterTemporaryErrors =
  (onThrottled: () => void): RetryPolicy<unknown>['delaySeconds'] =>
  (outcome, attempts) => {
    const temporary = temporaryOf(outcome);
    if (temporary === null || attempts >= MAX_ATTEMPTS) return null;
    if (temporary.throttled) onThrottled();
    return temporary.retryAfterSeconds ?? backoffSeconds(attempts);
  };

/**
 * Delays of fixed lengths, until a value is final. Errors are final.
 * @param isFinal whether no further attempt is needed
 */
export const fixedDelays =
  <Value>(waits: readonly number[], isFinal: (value: Value) => boolean): RetryPolicy<Value>['delaySeconds'] =>
  (outcome, attempts) =>
    outcome.ok && !isFinal(outcome.value) ? (waits[attempts - 1] ?? null) : null;
