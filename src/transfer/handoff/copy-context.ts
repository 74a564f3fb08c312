/** State that all copies of a transfer share: rate limiter, buffer pool, server-copy probe. */
import type { HandoffPart } from '../model/request.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hasher } from '../ports/hasher.ts';
import { slowStartLimit, type ConcurrencyLimit } from '../resilience/concurrency-limit.ts';
import { createBlockScheduler, type BlockScheduler } from './block-scheduler.ts';

/** Waits until the rate limit admits this number of bytes. */
type RateLimiter = (bytes: number, signal: AbortSignal) => Promise<void>;

/**
 * Limits the rate of all blobs together. Each block waits for the time that the blocks before it need at this rate.
 * @param bandwidth bytes per second. Null: no limit
 */
export function createRateLimiter(bandwidth: number | null, clock: Clock): RateLimiter {
  if (bandwidth === null) return () => Promise.resolve();
  let freeAt = 0;
  return async (bytes, signal) => {
    const now = clock.now();
    const start = Math.max(freeAt, now);
    freeAt = start + (bytes / bandwidth) * 1000;
    if (start > now) await clock.sleep((start - now) / 1000, signal);
  };
}

/** Memory for the blocks in flight. */
export interface BufferPool {
  readonly acquire: (bytes: number) => Buffer;
  /** Returns memory that is no longer read or written. */
  readonly release: (block: Buffer) => void;
}

/**
 * Creates the pool. It reuses buffers, so that they don't accumulate until garbage collection. Before it allocates, it
 * drops idle buffers of other sizes, so that the total never exceeds the maximum that was in use at a time.
 */
export function createBufferPool({ allocate }: Pick<Hasher, 'allocate'>): BufferPool {
  const idle: Buffer[] = [];
  const makeRoom = (bytes: number): void => {
    for (let freed = 0; freed < bytes && idle.length > 0;) freed += idle.shift()?.length ?? 0;
  };
  return {
    acquire: (bytes) => {
      const match = idle.findIndex(({ length }) => length === bytes);
      if (match !== -1) return idle.splice(match, 1)[0] ?? allocate(bytes);
      makeRoom(bytes);
      return allocate(bytes);
    },
    release: (block) => {
      idle.push(block);
    },
  };
}

/** Remembers whether the target storage can read the source. */
interface ServerCopyProbe {
  /**
   * Whether the target can read the source. The first caller probes, the others wait for its result.
   * @param probe resolves to whether the target can read the source. If it throws, the error goes to the caller that
   *   probed, and the next caller probes again
   */
  readonly canRead: (probe: () => Promise<boolean>) => Promise<boolean>;
}

/** Creates the probe of one transfer. */
export function createServerCopyProbe(): ServerCopyProbe {
  let result: Promise<boolean> | null = null;
  return {
    canRead: async (probe) => {
      while (result !== null) {
        try {
          return await result;
        } catch {
          // Another blob failed. Whether the target can read the source is still unknown.
        }
      }
      const own = probe();
      result = own;
      try {
        return await own;
      } catch (error) {
        result = null;
        throw error;
      }
    },
  };
}

/** State and settings that all handoffs of one transfer share. */
export interface CopyContext extends HandoffPart {
  /** Limits concurrent lookups of blobs. */
  readonly lookups: ConcurrencyLimit;
  readonly scheduler: BlockScheduler;
  readonly rateLimit: RateLimiter;
  readonly serverCopyProbe: ServerCopyProbe;
  readonly hasher: Hasher;
  readonly buffers: BufferPool;
}

/** Creates the copy context of one transfer. */
export const createCopyContext = (settings: HandoffPart, hasher: Hasher, clock: Clock): CopyContext => ({
  ...settings,
  lookups: slowStartLimit(),
  scheduler: createBlockScheduler(clock),
  rateLimit: createRateLimiter(settings.bandwidth, clock),
  serverCopyProbe: createServerCopyProbe(),
  hasher,
  buffers: createBufferPool(hasher),
});
