/** Retry policy and loop. */
import { TransferError } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';

/** Tries of one request. With the waits in between that is half a minute to a minute of trouble, and more when the service asks for it. */
export const MAX_ATTEMPTS = 10;

/** A name that does not resolve, or a port that nobody listens on, seldom changes by waiting. */
export const MAX_ATTEMPTS_UNREACHABLE = 5;

/** Time that tries and the waits between them may take, without the waits that the service asks for. Seconds. */
export const RETRY_BUDGET_SECONDS = 120;

/**
 * Seconds to wait after so many tries: half a second and doubled, up to ten; spread, so that requests that broke together
 * do not come back together.
 */
export const backoffSeconds = (tries: number): number => Math.min(10, 2 ** (tries - 2)) * (0.5 + Math.random() / 2);

/** What trying again takes. */
export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told each time the service asks for less. */
  readonly onThrottled: () => void;
}

/**
 * Does the work, and does it again after what may pass (Failure.temporary): throttling, broken connections, damage under
 * way. What the service asks to wait is waited. After as many tries as are made of anything (MAX_ATTEMPTS) the last failure stands.
 */
export async function retry<Result>(work: () => Promise<Result>, patience: RetryOptions): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransferError) || error.temporary === null || tries >= MAX_ATTEMPTS) throw error;
      const { retryAfterSeconds, throttled } = error.temporary;
      if (throttled) patience.onThrottled();
      await patience.clock.sleep(retryAfterSeconds ?? backoffSeconds(tries), patience.signal);
    }
  }
}
