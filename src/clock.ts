import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './transfer/services.ts';

/** The time of this machine. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: (seconds, signal) => wait(seconds * 1000, undefined, { signal }),
};
