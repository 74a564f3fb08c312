import type { BufferPool } from '../../../../src/transfer/handoff/copy-context.ts';
import { CONTENT, scene } from './copy-blob.fixture.ts';

/** What handing off many blobs at a time came to. */
export interface Many {
  /** Bytes. */
  readonly lentAtMost: number;
  /** Bytes that were made in all. */
  readonly allocated: number;
  /** Whether every blob arrived bit for bit. */
  readonly right: boolean;
}

/** Hands off so many blobs at a time, in blocks of 4 MiB, and counts the memory that is lent. */
export async function handOffMany(count: number): Promise<Many> {
  const { source, target, hashing, cross, handOff } = scene({ at: null, part: { bandwidth: null } });
  const names = Array.from({ length: count }, (_, index) => `${index}.tar`);
  for (const name of names) source.put(name, CONTENT);
  const crossing = cross();
  let lent = 0;
  let lentAtMost = 0;
  const memory: BufferPool = {
    borrow: (bytes) => {
      lent += bytes;
      lentAtMost = Math.max(lentAtMost, lent);
      return crossing.memory.borrow(bytes);
    },
    giveBack: (block) => {
      lent -= block.length;
      crossing.memory.giveBack(block);
    },
  };
  await Promise.all(names.map((name) => handOff(null, { name, crossing: { ...crossing, memory } })));
  const allocated = hashing.allocated.reduce((sum, bytes) => sum + bytes, 0);
  const right = names.every((name) => target.blobs.get(name)?.bytes.equals(CONTENT) === true) && lent === 0;
  return { lentAtMost, allocated, right };
}
