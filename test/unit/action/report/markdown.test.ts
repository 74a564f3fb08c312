import { describe, expect, it } from '@jest/globals';
import { paragraph, prose as proseBlock, unbroken } from '../../../../src/action/report/blocks.ts';
import { blocksMarkdown, code, escapeText, quote, table } from '../../../../src/action/report/markdown.ts';

const COLUMNS = [
  { title: 'A', align: 'left' },
  { title: 'B', align: 'right' },
] as const;

const prose = (text: string): string => blocksMarkdown([proseBlock(text)]);

/** Text as a browser shows it. */
const shown = (html: string): string =>
  html.replace(/&#(\d+);/g, (_, number: string) => String.fromCharCode(Number(number)));

describe('escapeText', () => {
  it.each([
    { name: 'a cell that would end', text: 'a | b' },
    { name: 'HTML', text: '<img src=x onerror="alert(1)">' },
    { name: 'a comment', text: '<!-- gone' },
    { name: 'an entity', text: '&lt;b&gt;' },
    { name: 'a mention', text: 'thanks @octocat' },
    { name: 'a reference to an issue', text: 'see #1 and org/repo#2' },
    { name: 'a link', text: '[click](https://evil.example)' },
    { name: 'an image', text: '![x](https://evil.example/x.png)' },
    { name: 'a bare link', text: 'https://evil.example' },
    { name: 'code', text: '`rm -rf`' },
    { name: 'emphasis', text: '**bold** _it_ ~~gone~~' },
    { name: 'escapes', text: '\\| \\` \\<' },
    { name: 'an emoji', text: ':skull:' },
  ])('escapes $name', ({ text }) => {
    expect(escapeText(text)).not.toMatch(/[<>|`*_~[\]()@\\!:"']|#(?!\d+;)|&(?!#)/);
    expect(shown(escapeText(text))).toBe(text);
  });

  it.each([
    { name: 'lines', text: 'a\nb' },
    { name: 'Windows lines', text: 'a\r\nb' },
    { name: 'old Mac lines', text: 'a\rb' },
    { name: 'blank lines', text: 'a \n\n\n b' },
  ])('puts $name in one', ({ text }) => {
    expect(escapeText(text)).toBe('a b');
  });
});

describe('unbroken', () => {
  it('C10: escapes text that must stay on one line', () => {
    expect(blocksMarkdown([paragraph(unbroken('a | <b>@octocat</b>'))])).toBe(
      'a&nbsp;&#124;&nbsp;&#60;b&#62;&#64;octocat&#60;/b&#62;',
    );
  });
});

describe('table', () => {
  it('has one line per row for any cell content', () => {
    const rows = [[code('a|b\nc'), escapeText('| evil |\n| --- |')]];
    const lines = table(COLUMNS, rows).split('\n');

    expect(lines.slice(0, 2)).toEqual(['| A | B |', '| :-- | --: |']);
    expect(lines).toHaveLength(3);
    expect(lines[2]?.match(/\|/g)).toHaveLength(3);
  });
});

describe('prose', () => {
  it('renders indented lines as a block, and the rest as paragraphs', () => {
    expect(prose('Do *this*:\n  az acr list\n    --name x\nThen that.').split('\n')).toEqual([
      'Do &#42;this&#42;&#58;',
      '',
      '```text',
      'az acr list',
      '  --name x',
      '```',
      '',
      'Then that.',
    ]);
  });

  it.each([
    { name: 'a fence', text: '  ```\n  <img>\n  ~~~', lines: 5 },
    { name: 'a carriage return', text: '  a\r# Title', lines: 3 },
    { name: 'a line separator of Unicode', text: '  a\u2028# Title', lines: 3 },
  ])('keeps $name in its block', ({ text, lines }) => {
    const shownLines = prose(text).split(/\r\n|\n|\r/);

    expect(shownLines).toHaveLength(lines);
    expect(shownLines.slice(1, -1).join('')).not.toContain('```');
  });
});

describe('quote', () => {
  it('quotes every line', () => {
    expect(quote('a\n\nb')).toBe('> a\n>\n> b');
    expect(
      quote(prose('a\n  b\rc\n\nd'))
        .split(/\r\n|\n|\r/)
        .every((line) => line.startsWith('>')),
    ).toBe(true);
  });
});
