import { Failure } from '../failure.ts';
import { backoffSeconds, MOST_TRIES } from '../patience.ts';
import type { Clock } from '../services.ts';

/** What trying again takes. */
export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told each time the service asks for less. */
  readonly onThrottled: () => void;
}

/**
 * Does the work, and does it again after what may pass (Failure.temporary): throttling, broken connections, damage under
 * way. What the service asks to wait is waited. After as many tries as are made of anything (patience.ts) the last failure stands.
 */
export async function steadily<Result>(work: () => Promise<Result>, patience: Patience): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure) || error.temporary === null || tries >= MOST_TRIES) throw error;
      const { retryAfterSeconds, throttled } = error.temporary;
      if (throttled) patience.onThrottled();
      await patience.clock.sleep(retryAfterSeconds ?? backoffSeconds(tries), patience.signal);
    }
  }
}
