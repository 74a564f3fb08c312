import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CATALOG } from '../../../src/transfer/errors/catalog.ts';
import { ROOT } from '../../../scripts/action-definition.ts';
import { ERROR_NOTES } from '../../../scripts/docs/errors/notes.ts';
import { errorsPage } from '../../../scripts/docs/errors-page.ts';
import { stalePages } from '../../../scripts/docs/pages.ts';
import { fillRegion } from '../../../scripts/docs/regions.ts';
import { symptomSections, withoutSymptom, wordSections } from '../../../scripts/docs/troubleshooting-tables.ts';

describe('fillRegion', () => {
  it('replaces only the text between the marks', () => {
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

    expect(headings).toEqual(Object.keys(CATALOG));
  });

  it('names the kind of a text to paste', () => {
    const page = errorsPage();

    expect(page).toContain('```sh\naz role assignment create');
    expect(page).toContain('```yaml\npermissions:');
    expect(page).not.toContain('```yaml\naz ');
  });

  it('shows values as placeholders', () => {
    expect(errorsPage()).toContain("The pipeline `<pipeline>` doesn't exist on the `<side>` side.");
  });
});

describe('ERROR_NOTES', () => {
  it('has a meaning and evidence for each error of the catalog, and for nothing else', () => {
    expect(Object.keys(ERROR_NOTES).sort()).toEqual(Object.keys(CATALOG).sort());
    for (const notes of Object.values(ERROR_NOTES)) {
      expect(Object.keys(notes)).toEqual(['meaning', 'evidence']);
      for (const text of [notes.meaning, notes.evidence]) expect(text).toMatch(/^\S[^]+\.$/);
    }
  });

  it('is read by the documentation only, so it stays out of the bundle', () => {
    const readers = globSync('src/**/*.ts', { cwd: ROOT }).filter((path) =>
      /from '[^']*scripts\//.test(readFileSync(join(ROOT, path), 'utf8')),
    );

    expect(readers).toEqual([]);
    expect(errorsPage()).toContain(`*Detected by:* ${ERROR_NOTES.ACRT1002.evidence}`);
  });
});

describe('symptomSections', () => {
  it('links to every error of the catalog', () => {
    for (const id of Object.keys(CATALOG)) expect(symptomSections()).toContain(`(errors.md#${id.toLowerCase()})`);
  });

  it('explains a refusal before the failures', () => {
    const section = symptomSections().split('### ')[1] ?? '';

    expect(section).toMatch(/^The step fails at once\n/);
    expect(section.indexOf('rejects a workflow')).toBeGreaterThan(-1);
    expect(section.indexOf('(workflows.md)')).toBeLessThan(section.indexOf('ACRT1001'));
  });

  it('rejects a page without an error', () => {
    const group = { heading: 'Inputs', symptoms: [{ seen: 'Problems', ids: ['ACRT1001'] as const }] };

    expect(withoutSymptom([group])).not.toContain('ACRT1001');
    expect(() => symptomSections([group])).toThrow('lacks ACRT1002');
  });
});

describe('wordSections', () => {
  it('classifies a word as the action does', () => {
    expect(wordSections()).toContain('| `ScopeLocked` | [ACRT3036](errors.md#acrt3036)');
  });

  it('rejects a word that the classification does not contain', () => {
    const speaker = { name: 'Another service', words: ['Nonsense'], diagnose: () => null };

    expect(() => wordSections([speaker])).toThrow('the classification doesn\'t know "Nonsense" of Another service');
  });
});

describe('stalePages', () => {
  it('names different and missing files', () => {
    const pages = new Map([
      ['same', 'text'],
      ['different', 'new'],
      ['missing', 'text'],
    ]);
    const there: Readonly<Record<string, string>> = { same: 'text', different: 'old' };

    expect(stalePages(pages, (path) => there[path] ?? null)).toEqual(['different', 'missing']);
  });
});

describe('docs/README.md', () => {
  it('links to every page', () => {
    const index = readFileSync(join(ROOT, 'docs/README.md'), 'utf8');
    const pages = globSync('*.md', { cwd: join(ROOT, 'docs') }).filter((page) => page !== 'README.md');

    expect(pages).not.toEqual([]);
    for (const page of pages) expect(index).toContain(`](${page})`);
  });
});
