import { describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '../../../src/transfer/catalogue.ts';
import { errorsPage } from '../../../scripts/docs/errors-page.ts';
import { stalePages } from '../../../scripts/docs/pages.ts';
import { fillRegion } from '../../../scripts/docs/regions.ts';

describe('fillRegion', () => {
  it('replaces what is between the marks, and nothing else', () => {
    const filled = fillRegion('before\n<!-- BEGIN a -->\nold\n<!-- END a -->\nafter', 'a', 'new');

    expect(filled).toBe('before\n<!-- BEGIN a -->\n\nnew\n\n<!-- END a -->\nafter');
    expect(fillRegion(filled, 'a', 'new')).toBe(filled);
  });

  it.each(['none', '<!-- BEGIN a --> open', '<!-- BEGIN a --><!-- END a --><!-- BEGIN a --><!-- END a -->'])(
    'refuses a text without one such region: %s',
    (text) => {
      expect(() => fillRegion(text, 'a', 'new')).toThrow('there must be one region');
    },
  );
});

describe('errorsPage', () => {
  it('has a heading for every failure, which is its anchor', () => {
    const headings = [...errorsPage().matchAll(/^### (.+)$/gm)].map(([, id]) => id);

    expect(headings).toEqual(Object.keys(CATALOGUE));
  });

  it('shows values as placeholders', () => {
    expect(errorsPage()).toContain('There is no pipeline `<pipeline>` on the `<side>` side.');
  });
});

describe('stalePages', () => {
  it('names what differs and what is missing', () => {
    const pages = new Map([
      ['same', 'text'],
      ['different', 'new'],
      ['missing', 'text'],
    ]);
    const there: Readonly<Record<string, string>> = { same: 'text', different: 'old' };

    expect(stalePages(pages, (path) => there[path] ?? null)).toEqual(['different', 'missing']);
  });
});
