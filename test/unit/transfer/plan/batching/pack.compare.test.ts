import { describe, expect, it } from '@jest/globals';
import { distinctBytes, naiveBatches, naiveBytes } from '../../../../../src/transfer/plan/batching/pack.ts';
import { estimateBlobBytes } from '../../../../../src/transfer/plan/batching/packing-group.ts';

const base = { digest: 'base', size: 10_000 };
const own = (digest: string) => ({ digest, size: 700 });
const GROUPS = [
  { items: ['a'], content: [base, own('a')] },
  { items: ['b', 'b referrer'], content: [base, own('b')] },
  { items: ['c'], content: [base, own('c')] },
];

describe('naiveBatches', () => {
  it('fills batches in the given order, and splits no group', () => {
    expect(naiveBatches(GROUPS, 2).map((batch) => batch.flatMap(({ items }) => items))).toEqual([
      ['a'],
      ['b', 'b referrer'],
      ['c'],
    ]);
    expect(naiveBatches(GROUPS, 3).map((batch) => batch.length)).toEqual([2, 1]);
  });
});

describe('naiveBytes', () => {
  it('counts shared content once in each blob', () => {
    const first = estimateBlobBytes([base, own('a'), own('b')]);

    expect(naiveBytes(GROUPS, 3)).toBe(first + estimateBlobBytes([base, own('c')]));
  });

  it('is 0 without groups', () => {
    expect(naiveBytes([], 50)).toBe(0);
  });
});

describe('distinctBytes', () => {
  it('counts each content once', () => {
    expect(distinctBytes(GROUPS)).toBe(10_000 + 3 * 700);
  });
});
