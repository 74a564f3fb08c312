import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bufferPool } from '../../../../src/transfer/handoff/copy-context.ts';

describe('bufferPool', () => {
  it('lends again what was given back', () => {
    const memory = bufferPool({ allocate: (bytes) => Buffer.alloc(bytes) });
    const first = memory.borrow(64);
    const second = memory.borrow(64);
    memory.giveBack(first);

    expect(first).not.toBe(second);
    expect(memory.borrow(64)).toBe(first);
  });

  it('never lends to two what is lent already', () => {
    const steps = fc.array(fc.record({ bytes: fc.constantFrom(64, 128, 192, 640), back: fc.boolean() }));
    fc.assert(
      fc.property(steps, (order) => {
        const { borrow, giveBack } = bufferPool({ allocate: (bytes) => Buffer.alloc(bytes) });
        const lent: Buffer[] = [];
        for (const { bytes, back } of order) {
          const oldest = back ? lent.shift() : undefined;
          if (oldest !== undefined) giveBack(oldest);
          const block = borrow(bytes);

          expect(block).toHaveLength(bytes);
          expect(lent.includes(block)).toBe(false);
          lent.push(block);
        }
      }),
    );
  });

  it('makes room for another size with what lies idle', () => {
    const made: number[] = [];
    const memory = bufferPool({
      allocate: (bytes) => {
        made.push(bytes);
        return Buffer.alloc(bytes);
      },
    });
    const blocks = [memory.borrow(64), memory.borrow(64), memory.borrow(64)];
    for (const block of blocks) memory.giveBack(block);
    memory.borrow(128);
    const [one, two] = [memory.borrow(64), memory.borrow(64)];

    // Two of the three made room, the third was lent again, and a fourth had to be made.
    expect(blocks).toContain(one);
    expect(blocks).not.toContain(two);
    expect(made).toEqual([64, 64, 64, 128, 64]);
  });
});
