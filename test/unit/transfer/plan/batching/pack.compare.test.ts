import { describe, expect, it } from '@jest/globals';
import { distinctBytes, naiveBatches, naiveBytes } from '../../../../../src/transfer/plan/batching/pack.ts';
import { estimateBlobBytes } from '../../../../../src/transfer/plan/batching/packing-group.ts';

const base = { digest: 'base', size: 10_000 };
const own = (digest: string) => ({ digest, size: 700 });
const PARCELS = [
  { items: ['a'], content: [base, own('a')] },
  { items: ['b', 'b referrer'], content: [base, own('b')] },
  { items: ['c'], content: [base, own('c')] },
];

describe('naiveBatches', () => {
  it('fills batches in the given order and tears no parcel', () => {
    expect(naiveBatches(PARCELS, 2).map((batch) => batch.flatMap(({ items }) => items))).toEqual([
      ['a'],
      ['b', 'b referrer'],
      ['c'],
    ]);
    expect(naiveBatches(PARCELS, 3).map((batch) => batch.length)).toEqual([2, 1]);
  });
});

describe('naiveBytes', () => {
  it('counts what a batch shares once in its blob', () => {
    const first = estimateBlobBytes([base, own('a'), own('b')]);

    expect(naiveBytes(PARCELS, 3)).toBe(first + estimateBlobBytes([base, own('c')]));
  });

  it('is nothing for nothing', () => {
    expect(naiveBytes([], 50)).toBe(0);
  });
});

describe('distinctBytes', () => {
  it('counts every content once', () => {
    expect(distinctBytes(PARCELS)).toBe(10_000 + 3 * 700);
  });
});
