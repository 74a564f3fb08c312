import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { createPairedMd5 } from '../../../../src/hashing/paired-md5.ts';
import type { Hasher } from '../../../../src/transfer/ports/hasher.ts';

/** Hashes on this thread, and records the calls. */
export interface MemoryHashing extends Hasher {
  /** Bytes of each piece of memory that was made, in order. */
  readonly allocated: readonly number[];
  /** Bytes that were hashed, those that were hashed again too. */
  readonly hashed: () => number;
  readonly isClosed: () => boolean;
}

/** Creates the hasher. As with threads, the bytes are read later, so that a change in the meantime is noticed. */
export function memoryHashing(): MemoryHashing {
  const allocated: number[] = [];
  const paired = createPairedMd5();
  let closed = false;
  let hashed = 0;
  const look = async ({ length }: Buffer): Promise<void> => {
    hashed += length;
    await turn();
  };
  return {
    allocated,
    expect: () => undefined,
    hashed: () => hashed,
    isClosed: () => closed,
    allocate: (bytes) => {
      allocated.push(bytes);
      return Buffer.alloc(bytes);
    },
    md5: async (bytes) => {
      await look(bytes);
      return createHash('md5').update(bytes).digest();
    },
    link: async (bytes, chain) => {
      await look(bytes);
      return paired.link(bytes, chain);
    },
    finish: async (bytes, chain) => {
      await look(bytes);
      return paired.finish(bytes, chain);
    },
    close: () => {
      closed = true;
    },
  };
}
