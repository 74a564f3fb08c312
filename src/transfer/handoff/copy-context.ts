/** What all copies share: rate limiter, buffer pool, server-copy probe. */
import type { HandoffPart } from '../model/request.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hasher } from '../ports/hasher.ts';
import { slowStartLimit, type ConcurrencyLimit } from '../resilience/concurrency-limit.ts';
import { createBlockScheduler, type BlockScheduler } from './block-scheduler.ts';

/** Waits until so many bytes may pass. */
type RateLimiter = (bytes: number, signal: AbortSignal) => Promise<void>;

/**
 * Keeps all blobs together under a number of bytes a second: each block waits until the line has carried those before it.
 * @param bandwidth bytes a second; null: no limit
 */
export function rateLimiter(bandwidth: number | null, clock: Clock): RateLimiter {
  if (bandwidth === null) return () => Promise.resolve();
  let free = 0;
  return async (bytes, signal) => {
    const now = clock.now();
    const start = Math.max(free, now);
    free = start + (bytes / bandwidth) * 1000;
    if (start > now) await clock.sleep((start - now) / 1000, signal);
  };
}

/** Lends memory for the blocks in flight. */
export interface BufferPool {
  readonly borrow: (bytes: number) => Buffer;
  /** Only memory that nobody reads or writes any more. */
  readonly giveBack: (block: Buffer) => void;
}

/**
 * What is made once is used again, so that it does not pile up before the collector. Memory of another size makes room
 * for what is made: together there is never more than is lent at the most.
 */
export function bufferPool({ allocate }: Pick<Hasher, 'allocate'>): BufferPool {
  const idle: Buffer[] = [];
  const makeRoom = (bytes: number): void => {
    for (let freed = 0; freed < bytes && idle.length > 0;) freed += idle.shift()?.length ?? 0;
  };
  return {
    borrow: (bytes) => {
      const found = idle.findIndex(({ length }) => length === bytes);
      if (found !== -1) return idle.splice(found, 1)[0] ?? allocate(bytes);
      makeRoom(bytes);
      return allocate(bytes);
    },
    giveBack: (block) => {
      idle.push(block);
    },
  };
}

/** What is known of it. */
interface ProbeState {
  /**
   * True when the target can read the source. The first who asks probes, the others wait for what came of it.
   * @param probe false: it cannot. What it throws is thrown here, and the next one probes again
   */
  readonly isOpen: (probe: () => Promise<boolean>) => Promise<boolean>;
}

/** Makes the knowledge of one transfer. */
export function createServerCopyProbe(): ProbeState {
  let known: Promise<boolean> | null = null;
  return {
    isOpen: async (probe) => {
      while (known !== null) {
        try {
          return await known;
        } catch {
          // It was the other blob that failed, not the way.
        }
      }
      const mine = probe();
      known = mine;
      try {
        return await mine;
      } catch (error) {
        known = null;
        throw error;
      }
    },
  };
}

/** What all handoffs of one transfer share. */
export interface CopyContext extends HandoffPart {
  /** For looks at both ends of a blob. */
  readonly looks: ConcurrencyLimit;
  readonly flow: BlockScheduler;
  readonly pace: RateLimiter;
  readonly reach: ProbeState;
  readonly hashing: Hasher;
  readonly memory: BufferPool;
}

/** Opens the way for the handoffs of one transfer. */
export const createCopyContext = (part: HandoffPart, hashing: Hasher, clock: Clock): CopyContext => ({
  ...part,
  looks: slowStartLimit(),
  flow: createBlockScheduler(clock),
  pace: rateLimiter(part.bandwidth, clock),
  reach: createServerCopyProbe(),
  hashing,
  memory: bufferPool(hashing),
});
