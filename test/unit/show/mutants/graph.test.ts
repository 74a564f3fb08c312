import { describe, expect, it } from '@jest/globals';
import { isProgram, relatedTests } from '../../../show/mutants/graph.ts';

const FILES = new Map([
  ['src/core.ts', 'export const core = 1;'],
  ['src/middle.ts', "export { core } from './core.ts';"],
  ['src/lazy.ts', "export const load = () => import('./middle.ts');"],
  ['src/worker.ts', "import './core.ts';"],
  ['src/pool.ts', "export const open = () => new Worker(new URL('./worker.ts', import.meta.url));"],
  ['src/types.ts', "import type { A } from './cycle.ts'; export type B = A;"],
  ['src/cycle.ts', "import { B } from './types.ts'; export type A = B;"],
  ['test/core.test.ts', "import { core } from '../src/core.ts'; import fs from 'node:fs';"],
  ['test/middle.test.ts', "import { core } from '../src/middle.ts';"],
  ['test/lazy.test.ts', "const { load } = await import('../src/lazy.ts');"],
  ['test/pool.test.ts', "import { open } from '../src/pool.ts'; import './gone.ts';"],
  ['test/cycle.test.ts', "import '../src/cycle.ts';"],
]);

const TESTS = [...FILES.keys()]
  .filter((file) => file.endsWith('.test.ts'))
  .toSorted()
  .toReversed();

const related = relatedTests(FILES, TESTS);

describe('relatedTests', () => {
  it('finds tests by static, dynamic and re-exporting imports and by addresses, the nearest first', () => {
    expect(related.get('src/core.ts')).toEqual([
      { test: 'test/core.test.ts', distance: 1 },
      { test: 'test/middle.test.ts', distance: 2 },
      { test: 'test/pool.test.ts', distance: 3 },
      { test: 'test/lazy.test.ts', distance: 3 },
    ]);
  });

  it('ends at an import cycle', () => {
    expect(related.get('src/types.ts')).toEqual([{ test: 'test/cycle.test.ts', distance: 2 }]);
  });

  it('has nothing for a file that no test imports', () => {
    expect(relatedTests(FILES, ['test/core.test.ts']).get('src/pool.ts')).toBeUndefined();
  });
});

describe('isProgram', () => {
  it.each(["import './one.ts'; await main();", 'const a = 1; run(a);', ''])('holds for %j', (content) => {
    expect(isProgram(content)).toBe(true);
  });

  it.each([
    'export const a = 1;',
    'export function a() {}',
    "export * from './one.ts';",
    'const a = 1; export { a };',
    'export interface A {}',
  ])('does not hold for %j', (content) => {
    expect(isProgram(content)).toBe(false);
  });
});
