import { describe, expect, it } from '@jest/globals';
import { toOneLine } from '../../../../src/action/text/untrusted-text.ts';

describe('toOneLine', () => {
  it.each([
    { text: 'a  b ', line: 'a  b ' },
    { text: 'a \n\r\n  b\u2028c\u0085', line: 'a b c' },
    { text: '\n', line: '' },
  ])('joins the lines of $text', ({ text, line }) => {
    expect(toOneLine(text)).toBe(line);
  });

  it('takes linear time, also with many blanks', () => {
    const blanks = ' '.repeat(1_000_000);

    expect(toOneLine(`a${blanks}b\nc`)).toBe(`a${blanks}b c`);
  });
});
