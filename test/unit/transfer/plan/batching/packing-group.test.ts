import { describe, expect, it } from '@jest/globals';
import { estimateBlobBytes } from '../../../../../src/transfer/plan/batching/packing-group.ts';

const EMPTY = estimateBlobBytes([]);

describe('estimateBlobBytes', () => {
  it('includes the documents of the archive', () => {
    expect(EMPTY).toBe(33_792);
  });

  it.each([
    { size: 0, takes: 512 },
    { size: 1, takes: 1024 },
    { size: 512, takes: 1024 },
    { size: 513, takes: 1536 },
  ])('counts a header and whole blocks: $size bytes take $takes', ({ size, takes }) => {
    expect(estimateBlobBytes([{ digest: 'a', size }]) - EMPTY).toBe(takes);
  });

  it('counts each digest once', () => {
    const one = { digest: 'a', size: 5000 };

    expect(estimateBlobBytes([one, { digest: 'b', size: 1 }, one])).toBe(EMPTY + 512 + 5120 + 1024);
  });
});
