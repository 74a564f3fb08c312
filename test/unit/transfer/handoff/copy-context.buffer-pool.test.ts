import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBufferPool } from '../../../../src/transfer/handoff/copy-context.ts';

describe('createBufferPool', () => {
  it('reuses a released buffer', () => {
    const pool = createBufferPool({ allocate: (bytes) => Buffer.alloc(bytes) });
    const first = pool.acquire(64);
    const second = pool.acquire(64);
    pool.release(first);

    expect(first).not.toBe(second);
    expect(pool.acquire(64)).toBe(first);
  });

  it('never hands out a buffer that is in use', () => {
    const steps = fc.array(fc.record({ bytes: fc.constantFrom(64, 128, 192, 640), releases: fc.boolean() }));
    fc.assert(
      fc.property(steps, (order) => {
        const { acquire, release } = createBufferPool({ allocate: (bytes) => Buffer.alloc(bytes) });
        const inUse: Buffer[] = [];
        for (const { bytes, releases } of order) {
          const oldest = releases ? inUse.shift() : undefined;
          if (oldest !== undefined) release(oldest);
          const block = acquire(bytes);

          expect(block).toHaveLength(bytes);
          expect(inUse.includes(block)).toBe(false);
          inUse.push(block);
        }
      }),
    );
  });

  it('drops idle buffers before it allocates another size', () => {
    const made: number[] = [];
    const pool = createBufferPool({
      allocate: (bytes) => {
        made.push(bytes);
        return Buffer.alloc(bytes);
      },
    });
    const blocks = [pool.acquire(64), pool.acquire(64), pool.acquire(64)];
    for (const block of blocks) pool.release(block);
    pool.acquire(128);
    const [one, two] = [pool.acquire(64), pool.acquire(64)];

    // Two of the three buffers were dropped, the third was reused, and a fourth was allocated.
    expect(blocks).toContain(one);
    expect(blocks).not.toContain(two);
    expect(made).toEqual([64, 64, 64, 128, 64]);
  });
});
