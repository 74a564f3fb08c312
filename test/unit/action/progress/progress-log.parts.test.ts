import { describe, expect, it } from '@jest/globals';
import { createRateMeter } from '../../../../src/action/progress/copies.ts';
import { isMilestone, logsEachBatch } from '../../../../src/action/progress/progress-log.ts';

const milestones = (all: number): readonly number[] =>
  Array.from({ length: all }, (_, index) => index + 1).filter((done) => isMilestone(done, all));

describe('milestones', () => {
  it.each([
    { all: 1000, logged: [1, 10, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000] },
    { all: 57, logged: [1, 10, 20, 30, 40, 50, 57] },
    { all: 250, logged: [1, 10, 100, 200, 250] },
    { all: 100, logged: [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100] },
  ])('of $all batches', ({ all, logged }) => {
    expect(milestones(all)).toEqual(logged);
  });

  it('are not used up to fifty batches', () => {
    expect([logsEachBatch(50), logsEachBatch(51)]).toEqual([true, false]);
  });
});

describe('a rate meter', () => {
  it('has no rate before the first byte', () => {
    const meter = createRateMeter(100, 0);
    expect(meter.rate()).toBeNull();
    meter.update(100, 1000);
    expect(meter.rate()).toBeNull();
  });

  it('weights the last interval with one half', () => {
    const meter = createRateMeter(100, 0);
    meter.update(300, 1000);
    expect(meter.rate()).toBe(200);
    meter.update(300, 2000);
    expect(meter.rate()).toBe(100);
    meter.update(600, 3000);
    expect(meter.rate()).toBe(200);
  });

  it('skips intervals of less than a second', () => {
    const meter = createRateMeter(0, 0);
    meter.update(500, 999);
    expect(meter.rate()).toBeNull();
    meter.update(500, 1000);
    expect(meter.rate()).toBe(500);
  });

  it('has no rate below one byte per second', () => {
    const meter = createRateMeter(0, 0);
    meter.update(2, 1000);
    meter.update(2, 2000);
    expect(meter.rate()).toBe(1);
    meter.update(2, 3000);
    expect(meter.rate()).toBeNull();
  });
});
