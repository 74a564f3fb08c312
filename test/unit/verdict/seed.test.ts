import { describe, expect, it } from '@jest/globals';
import { random, randomContent, REPLAY, SEED, seedOf } from '../../seed.ts';

const NOW = new Date('2026-11-30T23:59:59Z');

describe('seedOf', () => {
  it('uses the number of the day since 1970 without a seed', () => {
    expect(seedOf(undefined, NOW)).toBe(20_787);
    expect(seedOf('', NOW)).toBe(20_787);
  });

  it('uses the given seed', () => {
    expect(seedOf('7', NOW)).toBe(7);
    expect(seedOf('0', NOW)).toBe(0);
  });

  it.each(['x', '-1', '1.5', '1e3', ' 1', '12345678901'])('refuses "%s"', (text) => {
    expect(() => seedOf(text, NOW)).toThrow('ACR_TRANSFER_SEED takes a whole number');
  });
});

describe('random', () => {
  const draws = (label: string): readonly number[] => {
    const draw = random(label);
    return [draw(), draw(), draw()];
  };

  it('draws the same numbers for the same label, and others for another', () => {
    expect(draws('a')).toEqual(draws('a'));
    expect(draws('a')).not.toEqual(draws('b'));
    expect(draws('a').every((number) => number >= 0 && number < 1)).toBe(true);
  });

  it('names the command that draws them again', () => {
    expect(REPLAY).toBe(`ACR_TRANSFER_SEED=${SEED}`);
  });
});

describe('randomContent', () => {
  it('gives the same bytes for the same label, and others with every call', () => {
    const [one, other] = [randomContent('a'), randomContent('a')];
    const first = one(100);

    expect(first).toEqual(other(100));
    expect(one(100)).toEqual(other(100));
    expect(one(100)).not.toEqual(first);
    expect(randomContent('b')(100)).not.toEqual(first);
    expect(one(0)).toHaveLength(0);
  });
});
