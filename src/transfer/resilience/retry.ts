/** Retry policy and retry loop. */
import { TransferError } from '../errors/index.ts';
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

/** Options of a retry. */
export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called each time the service throttles. */
  readonly onThrottled: () => void;
}

/**
 * Runs work, and retries it after temporary errors (`TransferError.temporary`): throttling, lost connections, damage in
 * transit. Honors Retry-After. Throws the last error after MAX_ATTEMPTS attempts.
 */
export async function retry<Result>(work: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransferError) || error.temporary === null || attempts >= MAX_ATTEMPTS) throw error;
      const { retryAfterSeconds, throttled } = error.temporary;
      if (throttled) options.onThrottled();
      await options.clock.sleep(retryAfterSeconds ?? backoffSeconds(attempts), options.signal);
    }
  }
}
