import type { Hashing } from '../hashing.ts';

/** Lends memory for the blocks in flight. */
export interface BlockMemory {
  readonly borrow: (bytes: number) => Buffer;
  /** Only memory that nobody reads or writes any more. */
  readonly giveBack: (block: Buffer) => void;
}

/**
 * What is made once is used again, so that it does not pile up before the collector. Memory of another size makes room
 * for what is made: together there is never more than is lent at the most.
 */
export function blockMemory({ allocate }: Pick<Hashing, 'allocate'>): BlockMemory {
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
