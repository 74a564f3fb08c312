import type { BufferPool } from '../../../../src/transfer/handoff/copy-context.ts';
import { CONTENT, scene } from './copy-blob.fixture.ts';

/** Result of copying many blobs at a time. */
export interface ManyResult {
  /** Bytes. */
  readonly maxInUse: number;
  /** Total bytes that were allocated. */
  readonly allocated: number;
  /** Whether every blob arrived bit for bit. */
  readonly intact: boolean;
}

/** Copies many blobs at a time, in blocks of 4 MiB, and measures the memory in use. */
export async function handOffMany(count: number): Promise<ManyResult> {
  const { source, target, hashing, cross, handOff } = scene({ at: null, part: { bandwidth: null } });
  const names = Array.from({ length: count }, (_, index) => `${index}.tar`);
  for (const name of names) source.put(name, CONTENT);
  const copyContext = cross();
  let inUse = 0;
  let maxInUse = 0;
  const buffers: BufferPool = {
    acquire: (bytes) => {
      inUse += bytes;
      maxInUse = Math.max(maxInUse, inUse);
      return copyContext.buffers.acquire(bytes);
    },
    release: (block) => {
      inUse -= block.length;
      copyContext.buffers.release(block);
    },
  };
  await Promise.all(names.map((name) => handOff(null, { name, copyContext: { ...copyContext, buffers } })));
  const allocated = hashing.allocated.reduce((sum, bytes) => sum + bytes, 0);
  const intact = names.every((name) => target.blobs.get(name)?.bytes.equals(CONTENT) === true) && inUse === 0;
  return { maxInUse, allocated, intact };
}
