import type { Clock } from '../services.ts';

/** Waits until so many bytes may pass. */
export type Pace = (bytes: number, signal: AbortSignal) => Promise<void>;

/**
 * Keeps all blobs together under a number of bytes a second: each block waits until the line has carried those before it.
 * @param bandwidth bytes a second; null: no limit
 */
export function paceOf(bandwidth: number | null, clock: Clock): Pace {
  if (bandwidth === null) return () => Promise.resolve();
  let free = 0;
  return async (bytes, signal) => {
    const now = clock.now();
    const start = Math.max(free, now);
    free = start + (bytes / bandwidth) * 1000;
    if (start > now) await clock.sleep((start - now) / 1000, signal);
  };
}
