/** Clock, and the system clock (implemented here because azure/ and the entries share it). */
import { setTimeout as wait } from 'node:timers/promises';

/** A clock, which tests replace to avoid waiting. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after this number of seconds. Rejects if the signal aborts. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: (seconds, signal) => wait(seconds * 1000, undefined, { signal }),
};
