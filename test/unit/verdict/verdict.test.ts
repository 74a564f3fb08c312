import { describe, expect, it } from '@jest/globals';
import { atLeast, atMost, equal, verdictOf } from '../../verdict.ts';

describe('conditions', () => {
  it.each([
    { name: 'a value at its limit', failures: [...atMost('a', 5, 5), ...atLeast('a', 5, 5)] },
    { name: 'a value within its limit', failures: [...atMost('a', 4.9, 5), ...atLeast('a', 5.1, 5)] },
    { name: 'the expected value', failures: [...equal('a', 'b', 'b'), ...equal('a', 1, 1), ...equal('a', true, true)] },
  ])('are met by $name', ({ failures }) => {
    expect(failures).toEqual([]);
  });

  it.each([
    { name: 'a value above its limit', failures: atMost('a', 5.1, 5), says: 'a is 5.1, and at most 5 is allowed' },
    { name: 'a value below its limit', failures: atLeast('a', 4.9, 5), says: 'a is 4.9, and at least 5 is required' },
    { name: 'another text', failures: equal('a', 'c', 'b'), says: 'a is "c", and "b" is required' },
    { name: 'another number', failures: equal('a', 2, 1), says: 'a is 2, and 1 is required' },
    { name: 'a number as a text', failures: equal('a', '1', 1), says: 'a is "1", and 1 is required' },
  ])('are not met by $name', ({ failures, says }) => {
    expect(failures).toEqual([says]);
  });

  it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'are not met by %s, which is no measurement',
    (value) => {
      expect(atMost('a', value, 5)).toHaveLength(1);
      expect(atLeast('a', value, 5)).toHaveLength(1);
      expect(equal('a', value, 5)).toHaveLength(1);
    },
  );
});

describe('verdictOf', () => {
  it('passes only without a failure', () => {
    expect(verdictOf([])).toEqual({ verdict: 'passed', failures: [] });
    expect(verdictOf(['a'])).toEqual({ verdict: 'failed', failures: ['a'] });
  });
});
