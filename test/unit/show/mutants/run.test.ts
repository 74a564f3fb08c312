import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { configure, listTests, runBaseline, runMutation } from '../../../show/mutants/jest.ts';
import { mutationsOf, type Mutation } from '../../../show/mutants/mutations.ts';
import { copyTree, listFiles } from '../../../show/mutants/tree.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

const SOURCE = `export const isShort = (text: string): boolean => text.length < 3;
export const loop = (turns: number): number => { let turn = 0; while (turn < 3 || turn < turns) turn += 1; return turn; };
`;

const FILES: Readonly<Record<string, string>> = {
  '.gitignore': 'node_modules\nignored.ts\n',
  'ignored.ts': '',
  'package.json': '{ "type": "module" }',
  'jest.config.js': `const tier = (name) => ({ displayName: name, rootDir: '.', testEnvironment: 'node', transform: {},
    testMatch: ['<rootDir>/test/' + name + '/*.test.ts'], extensionsToTreatAsEsm: ['.ts'] });
    export default { projects: [tier('unit'), tier('e2e')] };`,
  'src/one.ts': SOURCE,
  'test/unit/near.test.ts': `import { isShort, loop } from '../../src/one.ts';
    it('is short', () => { expect(isShort('ab')).toBe(true); expect(isShort('abcd')).toBe(false); });
    it('ends', () => { expect(loop(5)).toBe(5); });`,
  'test/unit/failing.test.ts': `import { isShort } from '../../src/one.ts'; it('fails', () => { expect(isShort('')).toBe(false); });`,
  'test/e2e/bundle.test.ts': `it('is no test of the sources', () => {});`,
};

const PARTS = ['label.ts', 'sequencer.ts', 'switch.ts'].map((name) => `test/show/mutants/${name}`);

let work: string;
let tree: string;
let mutations: readonly Mutation[];

const numberOf = (kind: string, what: string): number =>
  1 + mutations.findIndex((one) => one.kind === kind && one.what.includes(what));

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'acr-transfer-mutants-test-'));
  const root = join(work, 'root');
  for (const [file, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  for (const part of PARTS) cpSync(join(ROOT, part), join(root, part));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction');
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  mutations = mutationsOf('src/one.ts', SOURCE).filter(
    ({ kind, what }) =>
      kind === 'boundary' || (kind === 'condition' && what.includes('turn')) || what.includes('→ turn < 3'),
  );
  mutations = mutations.filter((one, index) =>
    mutations.slice(0, index).every(({ span }) => span.end <= one.span.start || one.span.end <= span.start),
  );
  tree = join(work, 'tree');
  mkdirSync(tree);
  copyTree(root, tree, listFiles(root), mutations);
  await configure(tree);
});

afterAll(() => {
  rmSync(work, { recursive: true });
});

describe('a copy of the tree with mutations', () => {
  it('keeps the tree and its line numbers', () => {
    expect(readFileSync(join(work, 'root/src/one.ts'), 'utf8')).toBe(SOURCE);
    const copied = readFileSync(join(tree, 'src/one.ts'), 'utf8');
    expect(copied).toContain(
      "import { isActive as __isActive } from '../test/show/mutants/switch.ts'; export const isShort",
    );
    expect(copied.split('\n')).toHaveLength(SOURCE.split('\n').length);
  });

  it('has no files that git ignores', () => {
    expect(listFiles(join(work, 'root'))).not.toContain('ignored.ts');
    expect(listFiles(join(work, 'root'))).toContain('src/one.ts');
  });

  it('runs the tests that load sources, and none of the bundle', async () => {
    expect((await listTests(tree)).toSorted()).toEqual(['test/unit/failing.test.ts', 'test/unit/near.test.ts']);
  });

  it('records which test files pass without a mutation, and the files that they import', async () => {
    const { files, reachedElsewhere } = await runBaseline(
      tree,
      ['test/unit/failing.test.ts', 'test/unit/near.test.ts'],
      1,
    );
    const [failing, near] = files.toSorted((one, other) => (one.test < other.test ? -1 : 1));
    const isShort = numberOf('boundary', 'text.length');
    expect(failing).toMatchObject({ test: 'test/unit/failing.test.ts', passed: false });
    expect([...(failing?.reached ?? [])]).toEqual([isShort]);
    expect(near).toMatchObject({ test: 'test/unit/near.test.ts', passed: true });
    expect([...(near?.reached ?? [])].toSorted()).toEqual(mutations.map((_, index) => index + 1));
    expect(reachedElsewhere.size).toBe(0);
  });

  it('distinguishes killed, surviving and endless mutations', async () => {
    const run = (number: number): Promise<string> => runMutation(tree, number, ['test/unit/near.test.ts'], 60);
    expect(await run(numberOf('boundary', 'text.length'))).toBe('survived');
    expect(await run(numberOf('condition', 'turn'))).toBe('killed');
    expect(await runMutation(tree, 0, ['test/unit/near.test.ts'], 0.01)).toBe('timed out');
  });
});
