/** How many of the blocks in flight may come down: as many as leave the others room to go up meanwhile. */

/** What one more block changes of what is known. */
const WEIGHT = 0.2;

const MIN_DOWNLOADS = 2;

/** The balance of one transfer. */
export interface FlowBalance {
  /**
   * @param places blocks that may be in flight
   * @returns blocks that may come down at a time, at least 2: one that has come to a standstill must not stop all
   */
  readonly mayComeDown: (places: number) => number;
  /** A block has arrived: what it took on its way down, and up; any unit of time. */
  readonly arrived: (down: number, up: number) => void;
}

/**
 * All blocks at once would come down together and then go up together, each time with half of the line idle. So as many come
 * down as the share of a block's time that this takes; as long as nothing is known, half of them.
 */
export function flowBalance(): FlowBalance {
  let share = 0.5;
  let known = false;
  return {
    mayComeDown: (places) => Math.max(MIN_DOWNLOADS, Math.ceil(places * share)),
    arrived: (down, up) => {
      if (down + up <= 0) return;
      const seen = down / (down + up);
      share = known ? share + (seen - share) * WEIGHT : seen;
      known = true;
    },
  };
}
