import { describe, expect, it } from '@jest/globals';
import { flowBalance } from '../../../../src/transfer/handoff/adaptive-concurrency.ts';

describe('flowBalance', () => {
  it('lets half of them come down as long as nothing is known', () => {
    const { mayComeDown, arrived } = flowBalance();
    arrived(0, 0);

    expect([1, 4, 5, 10].map(mayComeDown)).toEqual([2, 2, 3, 5]);
  });

  it.each([
    { down: 100, up: 100, share: 5 },
    { down: 300, up: 100, share: 8 },
    { down: 100, up: 300, share: 3 },
    { down: 100, up: 0, share: 10 },
    { down: 0, up: 100, share: 2 },
  ])('lets $share of ten come down where that takes $down and going up $up', ({ down, up, share }) => {
    const { mayComeDown, arrived } = flowBalance();
    arrived(down, up);

    expect(mayComeDown(10)).toBe(share);
  });

  it('follows a line that changes, and not a single block', () => {
    const { mayComeDown, arrived } = flowBalance();
    arrived(100, 100);
    arrived(900, 100);
    expect(mayComeDown(10)).toBe(6);

    for (let block = 0; block < 20; block += 1) arrived(900, 100);
    expect(mayComeDown(10)).toBe(9);
  });
});
