import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Marked } from 'marked';
import { prose as proseBlock } from '../../../src/action/report/blocks.ts';
import { webUrl } from '../../../src/action/report/links.ts';
import { blocksMarkdown, code, escapeText, folded, quote, table } from '../../../src/action/report/markdown.ts';
import { hostileText, LONG, repeatedText } from './texts.fixture.ts';

const COLUMNS = [
  { title: 'A', align: 'left' },
  { title: 'B', align: 'right' },
] as const;

const prose = (text: string): string => blocksMarkdown([proseBlock(text)]);

const marked = new Marked({ gfm: true });
const html = (markdown: string): string => marked.parse(markdown, { async: false });

/** The elements that a page has, in their order. */
const elementsOf = (markdown: string): readonly string[] =>
  [...html(markdown).matchAll(/<(\/?[a-z][\w-]*|!--)/gi)].map(([, name = '']) => name.toLowerCase());

const LINE_END = /[\r\n\u0085\u2028\u2029]/;
const ROUNDS = { numRuns: 800 };

describe('hostile text in Markdown', () => {
  it('is displayed as text in one line', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(elementsOf(`x ${escapeText(text)}`)).toEqual(['p', '/p']);
        expect(escapeText(text)).not.toMatch(LINE_END);
      }),
      ROUNDS,
    );
  });

  it('stays in its cell', () => {
    const tableOf = (one: string, other: string): string => table(COLUMNS, [[escapeText(one), code(other)]]);
    const expected = elementsOf(tableOf('x', 'x'));
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        expect(elementsOf(tableOf(one, other))).toEqual(expected);
        expect(tableOf(one, other).split(LINE_END)).toHaveLength(3);
      }),
      ROUNDS,
    );
  });

  it('stays in its quotation', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const names = elementsOf(`${quote(`[!WARNING]\n${prose(text)}`)}\n\nbehind`);

        expect(names.slice(0, 2)).toEqual(['blockquote', 'p']);
        expect(names.slice(-3)).toEqual(['/blockquote', 'p', '/p']);
        expect(names.slice(1, -3).filter((name) => !/^\/?(?:p|pre|code)$/.test(name))).toEqual([]);
      }),
      ROUNDS,
    );
  });

  it('creates only paragraphs and blocks below its title', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (title, text) => {
        const names = elementsOf(folded(code(title), prose(text)));

        expect(names.slice(0, 5)).toEqual(['details', 'summary', 'code', '/code', '/summary']);
        expect(names.at(-1)).toBe('/details');
        expect(names.slice(5, -1).filter((name) => !/^\/?(?:p|pre|code)$/.test(name))).toEqual([]);
      }),
      ROUNDS,
    );
  });

  it.each(['- a', '+ a', '* a', '1. a', '2) a', '---', '- - -', '===', '\t- a', ' - a', '| a |\n|:-|', 'a\n==='])(
    'is a paragraph even if it begins as a list, a rule or a title does: %j',
    (text) => {
      expect(new Set(elementsOf(prose(`before\n${text}`)))).toEqual(new Set(['p', '/p']));
    },
  );

  it('may be long, and of one part over and over', () => {
    fc.assert(
      fc.property(repeatedText(LONG), (text) => {
        expect(escapeText(`x${text}`)).toMatch(/^x/);
        expect(prose(`x${text}`)).toMatch(/^x/);
        expect(quote(text)).toMatch(/^>/);
      }),
      { numRuns: 40 },
    );
  });

  it('can have long blank parts', () => {
    const text = `a${' '.repeat(LONG)}b`;

    expect(escapeText(`${text}\n${text}`)).toBe(`${text} ${text}`);
  });
});

describe('a hostile URL', () => {
  const urls = fc
    .tuple(fc.constantFrom('https://', 'http://', 'javascript:', 'data:', '//', 'file:///', ''), hostileText)
    .map(([scheme, text]) => `${scheme}a.example/${text}`);

  it('is a link to a web page or none, and ends at the right place', () => {
    fc.assert(
      fc.property(urls, (url) => {
        const href = webUrl(url);
        if (href === null) return;

        expect(href).toMatch(/^https?:\/\/a\.example\/[^\s()<>"'`|[\]\\]*$/);
        expect(elementsOf(`x [text](${href}) y`)).toEqual(['p', 'a', '/a', '/p']);
      }),
      ROUNDS,
    );
  });
});
