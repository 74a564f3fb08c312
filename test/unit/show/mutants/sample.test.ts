import { describe, expect, it } from '@jest/globals';
import { mutationsOf, type Mutation } from '../../../show/mutants/mutations.ts';
import { drawOrder, sample } from '../../../show/mutants/sample.ts';

const FOLDERS = ['src/large', 'src/small'] as const;

const decisions = (count: number): string =>
  Array.from({ length: count }, (_, index) => `if (a${index}) b();`).join('\n');

const mutations: readonly Mutation[] = [
  ...Array.from({ length: 40 }, (_, index) => mutationsOf(`${FOLDERS[0]}/${index}.ts`, decisions(10))).flat(),
  ...mutationsOf(`${FOLDERS[1]}/only.ts`, decisions(10)),
];

const all = (group: readonly Mutation[]): readonly boolean[] => group.map(() => true);

const draw = (seed: number, count: number): readonly Mutation[] => sample(drawOrder(mutations, seed), count, all);

describe('a sample of mutations', () => {
  it('is the same for the same seed', () => {
    expect(draw(7, 30)).toEqual(draw(7, 30));
  });

  it('stays the same when other code changes', () => {
    const more = [...mutationsOf('src/large/0.ts', 'if (added) b();'), ...mutations];
    const order = (of: readonly Mutation[]): readonly Mutation[] =>
      drawOrder(of, 7).filter(({ file, what }) => file.startsWith(FOLDERS[1]) && !what.includes('added'));
    expect(order(more)).toEqual(order(mutations));
  });

  it('is another one for another seed', () => {
    expect(draw(8, 30)).not.toEqual(draw(7, 30));
  });

  it('has each mutation at most once, and no two at one decision', () => {
    const spans = draw(7, 100).map(({ file, span }) => `${file}:${span.start}`);
    expect(new Set(spans).size).toBe(100);
  });

  it('has at most three mutations of one file', () => {
    const counts = Map.groupBy(draw(7, 100), ({ file }) => file).values();
    expect(Math.max(...[...counts].map((group) => group.length))).toBeLessThanOrEqual(3);
  });

  it.each([1, 2, 3, 4, 5])('includes small folders too (seed %d)', (seed) => {
    const files = draw(seed, 30).map(({ file }) => file);
    expect(files.some((file) => file.startsWith(FOLDERS[1]))).toBe(true);
    expect(files.filter((file) => file.startsWith(FOLDERS[0])).length).toBeGreaterThan(15);
  });

  it('prefers mutations with a higher weight', () => {
    const heavy = mutations.map((mutation, index) => ({ ...mutation, weight: index % 2 === 0 ? 10 : 0.1 }));
    const chosen = drawOrder(heavy, 7).slice(0, 100);
    expect(chosen.filter(({ weight }) => weight === 10).length).toBeGreaterThan(80);
  });

  it('replaces mutations that do not compile', () => {
    const compiles = (group: readonly Mutation[]): readonly boolean[] =>
      group.map(({ plain }) => plain.text === '(true)');
    const chosen = sample(drawOrder(mutations, 7), 30, compiles);
    expect(chosen).toHaveLength(30);
    expect(chosen.every(({ plain }) => plain.text === '(true)')).toBe(true);
  });

  it('compiles one mutation of a file at a time', () => {
    sample(drawOrder(mutations, 7), 100, (group) => {
      expect(new Set(group.map(({ file }) => file)).size).toBe(group.length);
      return all(group);
    });
  });

  it('is smaller when there are no more', () => {
    expect(sample(drawOrder(mutations.slice(0, 4), 7), 30, all)).toHaveLength(2);
    expect(sample([], 30, all)).toEqual([]);
  });
});
