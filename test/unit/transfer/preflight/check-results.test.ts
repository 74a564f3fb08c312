import { describe, expect, it } from '@jest/globals';
import { formatCount, formatNames } from '../../../../src/transfer/preflight/check-results.ts';

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `n${index}`);

describe('formatNames', () => {
  it('has a line for each of up to twenty names', () => {
    expect(formatNames(names(20)).split('\n')).toEqual(names(20).map((name) => `  ${name}`));
  });

  it('counts the names that it omits', () => {
    expect(formatNames(names(21)).split('\n').slice(-2)).toEqual(['  n19', '  … and 1 more']);
  });
});

describe('formatCount', () => {
  it.each([
    { count: 0, text: '0 tags are' },
    { count: 1, text: 'One tag is' },
    { count: 2, text: '2 tags are' },
  ])('$count', ({ count, text }) => {
    expect(formatCount(count, 'tag is', 'tags are')).toBe(text);
  });
});
