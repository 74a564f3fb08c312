import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { element, html } from '../../../src/action/report/html.ts';
import { stripControlCharacters } from '../../../src/action/text/untrusted-text.ts';
import { hostileText, LONG, repeatedText } from './texts.fixture.ts';

/** A text as a browser shows it. */
const shown = (page: string): string =>
  page.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

describe('hostile text in HTML', () => {
  it('is displayed as text, without active parts', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = html(text).html;

        expect(page).toMatch(/^(?:[ !#-%(-;=?-~\n]|&#\d+;)*$/);
        expect(shown(page)).toBe(stripControlCharacters(text));
      }),
      { numRuns: 800 },
    );
  });

  it('stays in its attribute and its element', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (value, text) => {
        const page = element('p', { title: value }, text).html;
        const [, attribute = 'missing', content = 'missing'] = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/.exec(page) ?? [];

        expect([shown(attribute), shown(content)]).toEqual([
          stripControlCharacters(value),
          stripControlCharacters(text),
        ]);
      }),
      { numRuns: 800 },
    );
  });

  it('may be long, and of one part over and over', () => {
    fc.assert(
      fc.property(repeatedText(LONG), (text) => {
        expect(shown(html(text).html)).toBe(stripControlCharacters(text));
      }),
      { numRuns: 20 },
    );
  });
});
