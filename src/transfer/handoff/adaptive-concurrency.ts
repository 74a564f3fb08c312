/** Measures how many blocks to copy at a time, and how many of them to download at a time. */
import type { Clock } from '../ports/clock.ts';

/** Weight of a new block in the moving average. */
const WEIGHT = 0.2;

const MIN_DOWNLOADS = 2;

/** Balances downloads and uploads of one transfer. */
interface DownloadBalance {
  /**
   * @param slots blocks that can be in flight
   * @returns blocks that can be downloaded at a time, at least 2, so that a stalled download doesn't block all others
   */
  readonly maxDownloads: (slots: number) => number;
  /** Records the download and the upload time of a block that arrived, both in the same unit. */
  readonly record: (downloadTime: number, uploadTime: number) => void;
}

/**
 * Creates the balance. Without it, all blocks would download together and then upload together, and each time one
 * direction of the connection would be idle. The fraction of blocks that can download equals the fraction of a block's time
 * that its download takes. Without measurements it is one half.
 */
export function createDownloadBalance(): DownloadBalance {
  let fraction = 0.5;
  let known = false;
  return {
    maxDownloads: (slots) => Math.max(MIN_DOWNLOADS, Math.ceil(slots * fraction)),
    record: (downloadTime, uploadTime) => {
      if (downloadTime + uploadTime <= 0) return;
      const measured = downloadTime / (downloadTime + uploadTime);
      fraction = known ? fraction + (measured - fraction) * WEIGHT : measured;
      known = true;
    },
  };
}

const MIN_BLOCKS_IN_FLIGHT = 1;
const INITIAL_BLOCKS_IN_FLIGHT = 8;
const MAX_BLOCKS_IN_FLIGHT = 16;

/** A rate is a gain if it exceeds the best rate by this factor. */
const GAIN = 1.05;
/** Windows without a gain after which the limit is increased by one. */
const PROBE_AFTER = 8;
/** Minimum length of a measurement window, milliseconds. */
const MIN_WINDOW_MILLISECONDS = 200;

/** State of the limit after a window. */
interface LimitState {
  readonly limit: number;
  /** Bytes per millisecond of the best recent window. */
  readonly best: number;
  /** Windows since the last gain. */
  readonly idle: number;
}

function nextState({ limit, best, idle }: LimitState, rate: number): LimitState {
  if (rate > best * GAIN)
    return { limit: Math.min(MAX_BLOCKS_IN_FLIGHT, limit + Math.ceil(limit / 4)), best: rate, idle: 0 };
  // An old best rate says little about a shared connection, so its weight decreases.
  if (idle >= PROBE_AFTER)
    return { limit: Math.min(MAX_BLOCKS_IN_FLIGHT, limit + 1), best: (best + rate) / 2, idle: 0 };
  return { limit, best, idle: idle + 1 };
}

/** Adaptive limit on the blocks in flight of one transfer. */
interface BlockLimit {
  /** Blocks that can be in flight. */
  readonly blocks: () => number;
  /**
   * Records the end of a block.
   * @param bytes bytes that arrived
   * @param contended whether other blocks are waiting. If none is, the limit doesn't restrict the rate
   */
  readonly record: (bytes: number, contended: boolean) => void;
  /** Halves the limit, because the service throttles. */
  readonly backOff: () => void;
}

/** Creates the limit: more blocks while the rate increases, half as many when the service throttles. */
export function createBlockLimit(clock: Pick<Clock, 'now'>): BlockLimit {
  let state: LimitState = { limit: INITIAL_BLOCKS_IN_FLIGHT, best: 0, idle: 0 };
  let reducedAt = -Infinity;
  const startWindow = () => ({ since: clock.now(), bytes: 0, blocks: 0 });
  let window = startWindow();
  return {
    blocks: () => state.limit,
    record: (bytes, contended) => {
      window = { ...window, bytes: window.bytes + bytes, blocks: window.blocks + 1 };
      const elapsed = clock.now() - window.since;
      if (window.blocks < state.limit || elapsed < MIN_WINDOW_MILLISECONDS) return;
      if (contended) state = nextState(state, window.bytes / elapsed);
      window = startWindow();
    },
    backOff: () => {
      // The service rejects all blocks in flight together. They count once.
      if (clock.now() - reducedAt < MIN_WINDOW_MILLISECONDS) return;
      reducedAt = clock.now();
      state = { limit: Math.max(MIN_BLOCKS_IN_FLIGHT, Math.floor(state.limit / 2)), best: state.best, idle: 0 };
      window = startWindow();
    },
  };
}
