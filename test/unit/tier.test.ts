import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { few, onePerRule, readTier, rounds } from '../tier.ts';

const POINTS = ['a1', 'a2', 'a3', 'b1', 'c1', 'c2'];
const ruleOf = (point: string): string => point.slice(0, 1);

describe('the tier', () => {
  it('is the gate unless it is set, and never something unknown', () => {
    expect(readTier({})).toBe('gate');
    expect(readTier({ ACR_TRANSFER_TIER: '' })).toBe('gate');
    expect(readTier({ ACR_TRANSFER_TIER: 'nightly' })).toBe('nightly');
    expect(() => readTier({ ACR_TRANSFER_TIER: 'Nightly' })).toThrow('ACR_TRANSFER_TIER');
  });
});

describe('one point of each rule', () => {
  it('is chosen in the gate, in the order of the points', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (seed) => {
        const chosen = onePerRule(POINTS, ruleOf, { tier: 'gate', seed });
        expect(chosen.map(ruleOf)).toEqual(['a', 'b', 'c']);
      }),
    );
  });

  it('changes with the seed until every point was chosen', () => {
    const seeds = [20_000, 20_001, 20_002];
    const tried = seeds.flatMap((seed) => onePerRule(POINTS, ruleOf, { tier: 'gate', seed }));
    expect(new Set(tried)).toEqual(new Set(POINTS));
  });

  it('is every point in the nightly run', () => {
    expect(onePerRule(POINTS, ruleOf, { tier: 'nightly', seed: 1 })).toEqual(POINTS);
  });
});

describe('a few points', () => {
  it('are the given number of different points, and every point is chosen', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 8 }), (first, most) => {
        const runs = Array.from({ length: POINTS.length }, (_, index) =>
          few(POINTS, most, { tier: 'gate', seed: first + index }),
        );
        for (const run of runs) expect(new Set(run).size).toBe(Math.min(most, POINTS.length));
        expect(new Set(runs.flat())).toEqual(new Set(POINTS));
      }),
    );
  });

  it('are all points in the nightly run', () => {
    expect(few(POINTS, 1, { tier: 'nightly', seed: 1 })).toEqual(POINTS);
  });
});

describe('the runs of a property', () => {
  it('are a quarter in the gate', () => {
    expect(rounds(60, { tier: 'nightly', seed: 1 })).toBe(60);
    expect(rounds(60, { tier: 'gate', seed: 1 })).toBe(15);
    expect(rounds(1, { tier: 'gate', seed: 1 })).toBe(1);
  });
});
