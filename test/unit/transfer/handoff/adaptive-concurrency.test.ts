import { describe, expect, it } from '@jest/globals';
import { createDownloadBalance } from '../../../../src/transfer/handoff/adaptive-concurrency.ts';

describe('createDownloadBalance', () => {
  it('admits half of the blocks to download without measurements', () => {
    const { maxDownloads, record } = createDownloadBalance();
    record(0, 0);

    expect([1, 4, 5, 10].map(maxDownloads)).toEqual([2, 2, 3, 5]);
  });

  it.each([
    { down: 100, up: 100, expected: 5 },
    { down: 300, up: 100, expected: 8 },
    { down: 100, up: 300, expected: 3 },
    { down: 100, up: 0, expected: 10 },
    { down: 0, up: 100, expected: 2 },
  ])('admits $expected of ten downloads if a download takes $down and an upload $up', ({ down, up, expected }) => {
    const { maxDownloads, record } = createDownloadBalance();
    record(down, up);

    expect(maxDownloads(10)).toBe(expected);
  });

  it('follows a lasting change, but not a single block', () => {
    const { maxDownloads, record } = createDownloadBalance();
    record(100, 100);
    record(900, 100);
    expect(maxDownloads(10)).toBe(6);

    for (let block = 0; block < 20; block += 1) record(900, 100);
    expect(maxDownloads(10)).toBe(9);
  });
});
