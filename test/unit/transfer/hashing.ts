import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { openChainedMd5 } from '../../../src/hashing/md5-chain.ts';
import type { Hashing } from '../../../src/transfer/hashing.ts';

/** Hashing on this thread, with what was asked of it. */
export interface MemoryHashing extends Hashing {
  /** Bytes of each piece of memory that was made, in order. */
  readonly allocated: readonly number[];
  readonly isClosed: () => boolean;
}

/** Makes it. As with threads, the bytes are looked at later, so that who writes them meanwhile is found out. */
export function memoryHashing(): MemoryHashing {
  const allocated: number[] = [];
  const opened = openChainedMd5();
  let closed = false;
  return {
    allocated,
    isClosed: () => closed,
    allocate: (bytes) => {
      allocated.push(bytes);
      return Buffer.alloc(bytes);
    },
    md5: async (bytes) => {
      await turn();
      return createHash('md5').update(bytes).digest();
    },
    link: async (bytes, chain) => {
      await turn();
      return (await opened).link(bytes, chain);
    },
    finish: async (bytes, chain) => {
      await turn();
      return (await opened).finish(bytes, chain);
    },
    close: () => {
      closed = true;
    },
  };
}
