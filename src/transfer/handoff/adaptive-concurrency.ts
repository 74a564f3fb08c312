/** How many blocks in flight. */
import type { Clock } from '../ports/clock.ts';

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

const MIN_BLOCKS_IN_FLIGHT = 1;
const FIRST = 8;
const MOST = 16;

/** A higher rate than this share above the best one says that more in flight carries more. */
const GAIN = 1.05;
/** Windows without a gain after which one more is tried. */
const PROBE_AFTER = 8;
/** A window says something only when it is longer than this, milliseconds. */
const WINDOW = 200;

/** How the limit follows what is measured, window by window. */
interface Climb {
  readonly limit: number;
  /** Bytes a millisecond in the best window of late. */
  readonly best: number;
  /** Windows since the last gain. */
  readonly idle: number;
}

function climbed({ limit, best, idle }: Climb, rate: number): Climb {
  if (rate > best * GAIN) return { limit: Math.min(MOST, limit + Math.ceil(limit / 4)), best: rate, idle: 0 };
  // The best of long ago says little about a line that others share: it fades.
  if (idle >= PROBE_AFTER) return { limit: Math.min(MOST, limit + 1), best: (best + rate) / 2, idle: 0 };
  return { limit, best, idle: idle + 1 };
}

/** The limit of one transfer. */
export interface FlowLimit {
  /** Blocks that may be in flight. */
  readonly blocks: () => number;
  /**
   * A block has left.
   * @param bytes that arrived
   * @param wanted whether others wait; without anybody waiting the limit was not what kept the rate down
   */
  readonly left: (bytes: number, wanted: boolean) => void;
  /** The service has asked for less. */
  readonly ease: () => void;
}

/** Makes the limit. */
export function flowLimit(clock: Pick<Clock, 'now'>): FlowLimit {
  let climb: Climb = { limit: FIRST, best: 0, idle: 0 };
  let easedAt = -Infinity;
  const opened = () => ({ since: clock.now(), bytes: 0, blocks: 0 });
  let window = opened();
  return {
    blocks: () => climb.limit,
    left: (bytes, wanted) => {
      window = { ...window, bytes: window.bytes + bytes, blocks: window.blocks + 1 };
      const elapsed = clock.now() - window.since;
      if (window.blocks < climb.limit || elapsed < WINDOW) return;
      if (wanted) climb = climbed(climb, window.bytes / elapsed);
      window = opened();
    },
    ease: () => {
      // The blocks in flight are refused together: that is one wish, not one for each.
      if (clock.now() - easedAt < WINDOW) return;
      easedAt = clock.now();
      climb = { limit: Math.max(MIN_BLOCKS_IN_FLIGHT, Math.floor(climb.limit / 2)), best: climb.best, idle: 0 };
      window = opened();
    },
  };
}
