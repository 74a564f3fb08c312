/** Time, and the system's own clock (the only implementation here: azure/ and the entries share it). */
import { setTimeout as wait } from 'node:timers/promises';

/** The time of this machine. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: (seconds, signal) => wait(seconds * 1000, undefined, { signal }),
};

/** Time, so that waiting can be tested without waiting. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after that many seconds, or rejects when the signal aborts. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
}
