/** How many blocks are in flight, over all blobs: as many as the way carries, and no more than memory has room for. */
import type { Clock } from '../services.ts';

/** Leaves again; bytes that arrived, 0 when they did not. */
export type LeaveFlow = (bytes: number) => void;

/** Admits blocks, first come, first served. */
export interface Flow {
  /** @param memory bytes that the block takes on this runner */
  readonly enter: (memory: number) => Promise<LeaveFlow>;
  /** The service has asked for less. */
  readonly ease: () => void;
}

const LEAST = 1;
/** A line of a gigabit is full with them: to climb there from fewer took most of the first second. */
const FIRST = 8;
const MOST = 16;
/** Of what the whole step may take (256 MB) most is the runtime's own (`npm run bench -- memory`). */
const MOST_MEMORY_BYTES = 40 * 1024 * 1024;

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

/** Makes the flow of one transfer. */
export function openFlow(clock: Pick<Clock, 'now'>): Flow {
  let climb: Climb = { limit: FIRST, best: 0, idle: 0 };
  let inFlight = 0;
  let memoryInFlight = 0;
  let window = { since: clock.now(), bytes: 0, blocks: 0 };
  let easedAt = -Infinity;
  const waiting: { readonly memory: number; readonly admit: () => void }[] = [];

  const hasRoom = (memory: number): boolean =>
    inFlight === 0 || (inFlight < climb.limit && memoryInFlight + memory <= MOST_MEMORY_BYTES);

  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined && hasRoom(next.memory); next = waiting[0]) {
      waiting.shift();
      inFlight += 1;
      memoryInFlight += next.memory;
      next.admit();
    }
  };

  const measure = (bytes: number): void => {
    window = { ...window, bytes: window.bytes + bytes, blocks: window.blocks + 1 };
    const elapsed = clock.now() - window.since;
    if (window.blocks < climb.limit || elapsed < WINDOW) return;
    // Without anybody waiting the limit was not what kept the rate down.
    if (waiting.length > 0) climb = climbed(climb, window.bytes / elapsed);
    window = { since: clock.now(), bytes: 0, blocks: 0 };
  };

  return {
    enter: (memory) =>
      new Promise((resolve) => {
        const leave: LeaveFlow = (bytes) => {
          inFlight -= 1;
          memoryInFlight -= memory;
          measure(bytes);
          admit();
        };
        const admitThis = (): void => {
          resolve(leave);
        };
        waiting.push({ memory, admit: admitThis });
        admit();
      }),
    ease: () => {
      // The blocks in flight are refused together: that is one wish, not one for each.
      if (clock.now() - easedAt < WINDOW) return;
      easedAt = clock.now();
      climb = { limit: Math.max(LEAST, Math.floor(climb.limit / 2)), best: climb.best, idle: 0 };
      window = { since: clock.now(), bytes: 0, blocks: 0 };
    },
  };
}
