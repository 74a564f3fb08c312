import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../../../src/transfer/ports/clock.ts';

/** A clock whose time passes only by sleeping, at once. */
export interface FakeClock extends Clock {
  /** The waits in seconds, in order. */
  readonly slept: readonly number[];
}

/**
 * Creates a clock that starts at the beginning of 2026.
 * @param limit aborts after this number of seconds, as a time limit does
 */
export function fakeClock(limit?: { readonly seconds: number; readonly controller: AbortController }): FakeClock {
  const start = Date.UTC(2026, 0, 1);
  const slept: number[] = [];
  let now = start;
  return {
    slept,
    now: () => now,
    sleep: async (seconds, signal) => {
      slept.push(seconds);
      now += seconds * 1000;
      if (limit !== undefined && now - start >= limit.seconds * 1000)
        limit.controller.abort(new DOMException('The time is over.', 'TimeoutError'));
      await turn();
      signal.throwIfAborted();
    },
  };
}

/** A signal that is never aborted. */
export const unlimited = (): AbortSignal => new AbortController().signal;
