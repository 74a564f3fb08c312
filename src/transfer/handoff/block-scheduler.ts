/** Schedules the blocks of all blobs, within the adaptive limit and the memory budget. */
import type { Clock } from '../ports/clock.ts';
import { createBlockLimit, createDownloadBalance } from './adaptive-concurrency.ts';

/** The slot of one block in flight. */
export interface Slot {
  /** Marks the block as downloaded. Its upload starts now. */
  readonly downloaded: () => void;
  /** Releases the slot. `bytes`: bytes that arrived, 0 after a failure. */
  readonly release: (bytes: number) => void;
}

/** Admits blocks in the order of their requests. */
export interface BlockScheduler {
  /** @param memory bytes that the block needs on this runner */
  readonly acquire: (memory: number) => Promise<Slot>;
  /** Reduces the blocks in flight, because the service throttles. */
  readonly backOff: () => void;
}

/** Memory budget for blocks. The runtime needs most of the step's budget of 256 MB (`npm run bench -- memory`). */
const MAX_MEMORY_BYTES = 40 * 1024 * 1024;

/** Number of blocks of this size that the memory budget and the limit admit. */
const slotsFor = (memory: number, limit: number): number => Math.min(limit, Math.floor(MAX_MEMORY_BYTES / memory));

/** Creates the scheduler of one transfer. */
export function createBlockScheduler(clock: Pick<Clock, 'now'>): BlockScheduler {
  const limit = createBlockLimit(clock);
  const balance = createDownloadBalance();
  let inFlight = 0;
  let memoryInFlight = 0;
  let downloading = 0;
  const waiting: { readonly memory: number; readonly admit: () => void }[] = [];

  const hasRoom = (memory: number): boolean =>
    inFlight === 0 ||
    (inFlight < limit.blocks() &&
      memoryInFlight + memory <= MAX_MEMORY_BYTES &&
      (memory === 0 || downloading < balance.maxDownloads(slotsFor(memory, limit.blocks()))));

  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined && hasRoom(next.memory); next = waiting[0]) {
      waiting.shift();
      inFlight += 1;
      memoryInFlight += next.memory;
      if (next.memory > 0) downloading += 1;
      next.admit();
    }
  };

  /** Creates the slot of an admitted block. */
  const createSlot = (memory: number): Slot => {
    const startedAt = clock.now();
    let downloadedAt: number | null = null;
    const downloaded = (): number => {
      if (downloadedAt === null) {
        downloadedAt = clock.now();
        if (memory > 0) downloading -= 1;
        admit();
      }
      return downloadedAt;
    };
    return {
      downloaded,
      release: (bytes) => {
        const downloadEnd = downloaded();
        inFlight -= 1;
        memoryInFlight -= memory;
        if (bytes > 0 && memory > 0) balance.record(downloadEnd - startedAt, clock.now() - downloadEnd);
        limit.record(bytes, waiting.length > 0);
        admit();
      },
    };
  };

  return {
    acquire: (memory) =>
      new Promise((resolve) => {
        const admitThis = (): void => {
          resolve(createSlot(memory));
        };
        waiting.push({ memory, admit: admitThis });
        admit();
      }),
    backOff: limit.backOff,
  };
}
