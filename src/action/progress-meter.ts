/** The rate at which bytes move now: not since the start, which a pause or a resumed copy would falsify. */

/** Of the last interval; the rest is of those before. */
const WEIGHT = 0.5;
/** Intervals that are shorter say nothing. */
const SHORTEST_SECONDS = 1;

/** Measures from look to look. */
export interface Meter {
  /**
   * Looks.
   * @param moved bytes since the beginning; never less than at the look before
   * @param now milliseconds since the epoch
   */
  readonly look: (moved: number, now: number) => void;
  /** Bytes a second, smoothed over the looks; null before anything has moved, or once it hardly does. */
  readonly rate: () => number | null;
}

/**
 * Makes a meter.
 * @param moved bytes that are not measured
 * @param since milliseconds since the epoch
 */
export function openMeter(moved: number, since: number): Meter {
  let last = { moved, at: since };
  let rate: number | null = null;
  return {
    look: (bytes, now) => {
      const seconds = (now - last.at) / 1000;
      if (seconds < SHORTEST_SECONDS) return;
      const current = (bytes - last.moved) / seconds;
      last = { moved: bytes, at: now };
      // Before the first byte there is nothing that could be smoothed.
      if (rate !== null) rate += WEIGHT * (current - rate);
      else if (current > 0) rate = current;
    },
    rate: () => (rate !== null && rate >= 1 ? rate : null),
  };
}
