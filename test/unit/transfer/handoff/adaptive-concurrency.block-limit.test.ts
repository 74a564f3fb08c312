import { describe, expect, it } from '@jest/globals';
import { createBlockLimit } from '../../../../src/transfer/handoff/adaptive-concurrency.ts';

/** A limit with a manual clock. */
function limitAt() {
  let now = 1000;
  const limit = createBlockLimit({ now: () => now });
  return {
    limit,
    pass: (milliseconds: number): void => {
      now += milliseconds;
    },
    /** Blocks that end together after this number of milliseconds. */
    window: (milliseconds: number, blocks: number, bytes: number, wanted = true): number => {
      now += milliseconds;
      for (let block = 0; block < blocks; block += 1) limit.record(bytes, wanted);
      return limit.blocks();
    },
  };
}

describe('the limit of blocks in flight', () => {
  it('starts at eight', () => {
    expect(limitAt().limit.blocks()).toBe(8);
  });

  it('is halved once for requests that are rejected together', () => {
    const { limit, pass } = limitAt();
    limit.backOff();
    pass(199);
    limit.backOff();
    expect(limit.blocks()).toBe(4);
    pass(1);
    limit.backOff();
    expect(limit.blocks()).toBe(2);
  });

  it('is at least one', () => {
    const { limit, pass } = limitAt();
    for (let turn = 0; turn < 10; turn += 1) {
      limit.backOff();
      pass(200);
    }
    expect(limit.blocks()).toBe(1);
  });

  it('grows by a quarter after a window with a higher rate', () => {
    expect(limitAt().window(200, 8, 1000)).toBe(10);
  });

  it('ignores windows that are too short or have too few blocks', () => {
    expect(limitAt().window(199, 8, 1000)).toBe(8);
    expect(limitAt().window(200, 7, 1000)).toBe(8);
  });

  it('does not grow while no block waits', () => {
    expect(limitAt().window(200, 8, 1000, false)).toBe(8);
  });

  it('grows if the rate increases by more than a twentieth', () => {
    const same = limitAt();
    same.window(1000, 8, 1000);
    expect(same.window(1000, 10, 840)).toBe(10);
    const more = limitAt();
    more.window(1000, 8, 1000);
    expect(more.window(1000, 10, 841)).toBe(13);
  });

  it('increases by one after eight windows without a gain', () => {
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
