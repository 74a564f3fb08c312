import { describe, expect, it } from '@jest/globals';
import { howMany, listed } from '../../../../src/transfer/preflight/check-results.ts';

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `n${index}`);

describe('listed', () => {
  it('has a line for each of twenty names', () => {
    expect(listed(names(20)).split('\n')).toEqual(names(20).map((name) => `  ${name}`));
  });

  it('counts the names that it leaves out', () => {
    expect(listed(names(21)).split('\n').slice(-2)).toEqual(['  n19', '  … and 1 more']);
  });
});

describe('howMany', () => {
  it.each([
    { count: 0, text: '0 tags are' },
    { count: 1, text: 'One tag is' },
    { count: 2, text: '2 tags are' },
  ])('$count', ({ count, text }) => {
    expect(howMany(count, 'tag is', 'tags are')).toBe(text);
  });
});
