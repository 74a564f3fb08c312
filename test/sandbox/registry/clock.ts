/** Returns unique times, so that listings by time have one order. */
export type Clock = () => string;

/**
 * Times in the format of the registry: UTC with seven fractional digits (recorded: `2025-04-22T21:54:33.0512957Z`), so that the
 * texts sort by time. The last four digits count within a millisecond.
 */
export function createClock(now: () => number = Date.now): Clock {
  let millisecond = 0;
  let tick = 0;
  return () => {
    const current = Math.max(millisecond, now());
    tick = current === millisecond ? tick + 1 : 0;
    millisecond = current;
    return new Date(current).toISOString().replace('Z', `${String(tick).padStart(4, '0')}Z`);
  };
}
