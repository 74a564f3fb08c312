import { describe, expect, it } from '@jest/globals';
import { createMeter } from '../../../../src/action/progress/copies.ts';
import { isMilestone, logsEachBatch } from '../../../../src/action/progress/progress-log.ts';

const milestones = (all: number): readonly number[] =>
  Array.from({ length: all }, (_, index) => index + 1).filter((done) => isMilestone(done, all));

describe('milestones', () => {
  it.each([
    { all: 1000, told: [1, 10, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000] },
    { all: 57, told: [1, 10, 20, 30, 40, 50, 57] },
    { all: 250, told: [1, 10, 100, 200, 250] },
    { all: 100, told: [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100] },
  ])('of $all batches', ({ all, told }) => {
    expect(milestones(all)).toEqual(told);
  });

  it('are no matter up to fifty batches', () => {
    expect([logsEachBatch(50), logsEachBatch(51)]).toEqual([true, false]);
  });
});

describe('a meter', () => {
  it('knows no rate before anything has moved', () => {
    const meter = createMeter(100, 0);
    expect(meter.rate()).toBeNull();
    meter.look(100, 1000);
    expect(meter.rate()).toBeNull();
  });

  it('measures the last interval, half of it', () => {
    const meter = createMeter(100, 0);
    meter.look(300, 1000);
    expect(meter.rate()).toBe(200);
    meter.look(300, 2000);
    expect(meter.rate()).toBe(100);
    meter.look(600, 3000);
    expect(meter.rate()).toBe(200);
  });

  it('skips intervals of less than a second', () => {
    const meter = createMeter(0, 0);
    meter.look(500, 999);
    expect(meter.rate()).toBeNull();
    meter.look(500, 1000);
    expect(meter.rate()).toBe(500);
  });

  it('tells no rate of less than a byte a second', () => {
    const meter = createMeter(0, 0);
    meter.look(2, 1000);
    meter.look(2, 2000);
    expect(meter.rate()).toBe(1);
    meter.look(2, 3000);
    expect(meter.rate()).toBeNull();
  });
});
