import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBucket } from './bucket.ts';

describe('a token bucket', () => {
  it('admits the limit of a minute at once, then at the refill rate', () => {
    let now = 0;
    const bucket = createBucket(120, () => now);
    for (let request = 0; request < 120; request += 1) {
      expect(bucket.wait()).toBe(0);
      bucket.take();
    }
    expect(bucket.wait()).toBeCloseTo(0.5);
    now += 500;
    expect(bucket.wait()).toBeCloseTo(0);
    bucket.take();
    expect(bucket.wait()).toBeCloseTo(0.5);
  });

  it('never holds more than the limit, however long it rests', () => {
    let now = 0;
    const bucket = createBucket(2, () => now);
    now += 3_600_000;
    for (let request = 0; request < 2; request += 1) bucket.take();
    expect(bucket.wait()).toBeCloseTo(30);
  });

  it('admits requests after Retry-After, which is rounded up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.array(fc.nat(5000), { maxLength: 60 }), (limit, pauses) => {
        let now = 0;
        const bucket = createBucket(limit, () => now);
        for (const pause of [...Array.from({ length: Math.min(limit, 30) }, () => 0), ...pauses]) {
          now += pause;
          now += Math.ceil(bucket.wait()) * 1000;
          expect(bucket.wait()).toBe(0);
          bucket.take();
        }
      }),
    );
  });
});
