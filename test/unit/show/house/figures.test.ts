import { describe, expect, it } from '@jest/globals';
import { judgeHouse } from '../../../show/claims.ts';
import { cyclesOf, figuresOf } from '../../../show/house/figures.ts';
import { oldTermsIn, oldTermsOutside, standardTerm } from '../../../show/house/old-terms.ts';

describe('the figures of a layout', () => {
  const sources = new Map([
    ['src/a.ts', "import { b } from './b.ts';\nimport type { C } from './c.ts';\nexport const a = b, again = 1;\n"],
    ['src/b.ts', "export { c as b } from './c.ts';\n"],
    ['src/c.ts', "import type { A } from './a.ts';\nexport const c = 1;\nexport type C = A;\n"],
  ]);

  it('count files, lines, importers and exports', () => {
    expect(figuresOf(sources)).toMatchObject({
      files: 3,
      lines: 7,
      medianLines: 3,
      largestFile: 3,
      filesUnder25Lines: 3,
      filesWithOneImporter: 2,
      exports: 5,
    });
  });

  it('count cycles, types included', () => {
    expect(figuresOf(sources).cycles).toBe(1);
    expect(figuresOf(new Map([...sources].slice(0, 2))).cycles).toBe(0);
  });

  it('count each group of files that import each other once', () => {
    const imports = { a: ['b'], b: ['c', 'd'], c: ['a'], d: ['e'], e: ['d'], f: ['a'] };

    expect(cyclesOf(new Map(Object.entries(imports))).map((group) => group.toSorted())).toEqual([
      ['d', 'e'],
      ['a', 'b', 'c'],
    ]);
  });
});

describe('old terms', () => {
  it('are found in names and comments', () => {
    expect(oldTermsIn('/** Nobody waits. */ const carryAll = PARCEL_SIZE;')).toEqual(['nobody', 'carry', 'parcel']);
  });

  it('are whole words', () => {
    expect(oldTermsIn('recommend, tonight, amended, worldwide, impatient')).toEqual([]);
  });

  it('are counted outside of src too, except words with a usual meaning there', () => {
    expect(oldTermsOutside('nobody reads the heading of hello-world')).toEqual(['nobody']);
  });

  it('have a standard term each', () => {
    expect([standardTerm('parcels'), standardTerm('group')]).toEqual(['group', null]);
  });
});

describe('the verdict about a layout', () => {
  const figures = { ...figuresOf(new Map([['src/a.ts', 'export const a = 1;\n']])), oldTermsOutside: 0 };
  const before = { commit: 'abc', ...figures };

  it('accepts figures that are not worse than before', () => {
    expect(judgeHouse({ now: figures, before })).toEqual([]);
  });

  it('accepts more files and lines, which features need', () => {
    expect(judgeHouse({ now: { ...figures, files: 2, lines: 200 }, before })).toEqual([]);
  });

  it.each([
    { name: 'a cycle', worse: { cycles: 1 } },
    { name: 'old terms', worse: { oldTerms: 21 } },
    { name: 'old terms outside of src', worse: { oldTermsOutside: 21 } },
    { name: 'a larger part of small files', worse: { filesUnder25Lines: 2 } },
    { name: 'a larger part of files with one importer', worse: { filesWithOneImporter: 1 } },
  ])('refuses $name', ({ worse }) => {
    expect(judgeHouse({ now: { ...figures, ...worse }, before })).toHaveLength(1);
  });

  it('refuses an empty layout', () => {
    expect(judgeHouse({ now: { ...figures, files: 0 }, before })).toContain('files is 0, and at least 1 is required');
  });
});
