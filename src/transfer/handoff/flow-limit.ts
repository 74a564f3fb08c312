/** How many blocks may be in flight: follows what is measured, window by window. */
import type { Clock } from '../services.ts';

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
