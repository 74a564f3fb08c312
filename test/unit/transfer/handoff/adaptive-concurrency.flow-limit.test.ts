import { describe, expect, it } from '@jest/globals';
import { flowLimit } from '../../../../src/transfer/handoff/adaptive-concurrency.ts';

/** A limit with a clock that a test moves. */
function limitAt() {
  let now = 1000;
  const limit = flowLimit({ now: () => now });
  return {
    limit,
    pass: (milliseconds: number): void => {
      now += milliseconds;
    },
    /** Blocks that leave together after so many milliseconds. */
    window: (milliseconds: number, blocks: number, bytes: number, wanted = true): number => {
      now += milliseconds;
      for (let block = 0; block < blocks; block += 1) limit.left(bytes, wanted);
      return limit.blocks();
    },
  };
}

describe('the limit of blocks in flight', () => {
  it('begins with eight', () => {
    expect(limitAt().limit.blocks()).toBe(8);
  });

  it('is halved once for requests that are refused together', () => {
    const { limit, pass } = limitAt();
    limit.ease();
    pass(199);
    limit.ease();
    expect(limit.blocks()).toBe(4);
    pass(1);
    limit.ease();
    expect(limit.blocks()).toBe(2);
  });

  it('stays at one or more', () => {
    const { limit, pass } = limitAt();
    for (let turn = 0; turn < 10; turn += 1) {
      limit.ease();
      pass(200);
    }
    expect(limit.blocks()).toBe(1);
  });

  it('grows by a quarter after a window that carried more', () => {
    expect(limitAt().window(200, 8, 1000)).toBe(10);
  });

  it('judges no window that is too short, or in which too few blocks left', () => {
    expect(limitAt().window(199, 8, 1000)).toBe(8);
    expect(limitAt().window(200, 7, 1000)).toBe(8);
  });

  it('does not grow while no block waits', () => {
    expect(limitAt().window(200, 8, 1000, false)).toBe(8);
  });

  it('does not grow by a gain of a twentieth, and grows by more', () => {
    const same = limitAt();
    same.window(1000, 8, 1000);
    expect(same.window(1000, 10, 840)).toBe(10);
    const more = limitAt();
    more.window(1000, 8, 1000);
    expect(more.window(1000, 10, 841)).toBe(13);
  });

  it('tries one more after eight windows without a gain', () => {
    const { window } = limitAt();
    expect(window(1000, 8, 1000)).toBe(10);
    for (let turn = 0; turn < 8; turn += 1) expect(window(1000, 10, 800)).toBe(10);
    expect(window(1000, 10, 800)).toBe(11);
  });

  it('never exceeds sixteen', () => {
    const { window, limit } = limitAt();
    for (let turn = 1; turn < 10; turn += 1) window(1000, limit.blocks(), 1000 * 2 ** turn);
    expect(limit.blocks()).toBe(16);
  });
});
