/** Every rule that eslint.config.js adds, and the compiler, by code that violates them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../../../scripts/action-definition.ts';
import type { Linted, LintMessage } from './virtual/lint-texts.ts';

interface RuleCase {
  readonly rule: string;
  readonly path: string;
  readonly text: string;
}

interface ImportCase {
  readonly path: string;
  readonly from: string;
}

const lines = (count: number, line: string): string => `${line}\n`.repeat(count);
const exported = (body: string): string => `/** A function. */\nexport function run(): void {\n${body}}\n`;
const inFunction = (count: number): string => exported(lines(count, '  void 0;'));
const branches = (count: number): string =>
  `/** A function. */\nexport function pick(value: number): number {\n${lines(count, '  if (value > 1) value -= 1;')}  return value;\n}\n`;

const ORDER = "type Order = 'one' | 'other';\n";

/** Just within a rule, then just beyond it. */
const LIMITS: readonly (RuleCase & { readonly within: string })[] = [
  {
    rule: 'max-lines',
    path: 'src/limits/lines.ts',
    within: lines(300, 'export {};').trimEnd(),
    text: lines(301, 'export {};').trimEnd(),
  },
  { rule: 'max-lines-per-function', path: 'src/limits/function.ts', within: inFunction(58), text: inFunction(59) },
  { rule: 'complexity', path: 'src/limits/complexity.ts', within: branches(14), text: branches(15) },
];

const VIOLATIONS: readonly RuleCase[] = [
  { rule: '@typescript-eslint/no-explicit-any', path: 'src/a.ts', text: 'export type A = any;' },
  { rule: '@typescript-eslint/no-unused-vars', path: 'src/b.ts', text: 'export {};\nconst unused = 1;' },
  {
    rule: '@typescript-eslint/consistent-type-imports',
    path: 'src/c.ts',
    text: "import { A } from './a.ts';\nexport type C = A;",
  },
  {
    rule: '@typescript-eslint/return-await',
    path: 'src/d.ts',
    text: 'export async function f(p: Promise<number>) {\n  try {\n    return p;\n  } catch {\n    return 0;\n  }\n}',
  },
  {
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    path: 'src/e.ts',
    text: `${ORDER}export function f(order: Order): void {\n  switch (order) {\n    case 'one':\n      break;\n  }\n}`,
  },
  {
    rule: '@typescript-eslint/restrict-template-expressions',
    path: 'src/f.ts',
    text: 'export const f = (value: object): string => `${value}`;',
  },
  {
    rule: '@typescript-eslint/no-floating-promises',
    path: 'src/g.ts',
    text: 'export function f(p: Promise<void>): void {\n  p;\n}',
  },
  { rule: 'no-restricted-syntax', path: 'scripts/virtual.ts', text: 'export default 1;' },
  { rule: 'no-restricted-syntax', path: 'src/result.ts', text: 'export const n = { ok: true, value: 1 };' },
  { rule: 'no-restricted-syntax', path: 'src/default.ts', text: 'export default 1;' },
  { rule: 'no-console', path: 'src/h.ts', text: "export {};\nconsole.log('a');" },
  { rule: 'jsdoc/require-jsdoc', path: 'src/i.ts', text: 'export function f(): void {}' },
  { rule: 'jsdoc/require-jsdoc', path: 'src/j.ts', text: 'export class C {}' },
  { rule: 'jsdoc/require-jsdoc', path: 'src/k.ts', text: 'export interface I {\n  a: 1;\n}' },
  { rule: 'jsdoc/require-jsdoc', path: 'src/l.ts', text: 'export type T = 1;' },
  { rule: 'jsdoc/require-jsdoc', path: 'src/m.ts', text: 'export const c = 1;' },
  {
    rule: 'jsdoc/require-description',
    path: 'src/n.ts',
    text: '/** @returns nothing */\nexport const n = (): void => {};',
  },
  { rule: 'no-restricted-properties', path: 'test/unit/virtual-a.test.ts', text: 'export const a = Math.random();' },
  {
    rule: 'no-restricted-imports',
    path: 'test/show/virtual.ts',
    text: "import { randomBytes } from 'node:crypto';\nexport const a = randomBytes(1);",
  },
  {
    rule: 'no-restricted-imports',
    path: 'test/sandbox/registry/virtual.test.ts',
    text: "import { randomInt } from 'crypto';\nexport const a = randomInt(2);",
  },
];

/** Imports that are in order. */
const ALLOWED: readonly ImportCase[] = [{ path: 'test/sandbox/allowed.ts', from: 'node:crypto' }];

const TYPES: readonly { readonly name: string; readonly code: number; readonly path: string; readonly text: string }[] =
  [
    { name: 'a value of another type', code: 2322, path: 'src/types/a.ts', text: "export const a: number = 'one';" },
    {
      name: 'an index that may be undefined',
      code: 2322,
      path: 'src/types/b.ts',
      text: 'export const b = (a: number[]): number => a[0];',
    },
    { name: 'an enum', code: 1294, path: 'src/types/c.ts', text: 'export enum C {\n  One,\n}' },
    { name: 'a value that is not used', code: 6133, path: 'src/types/d.ts', text: 'export {};\nconst d = 1;' },
    {
      name: 'undefined for an optional key',
      code: 2375,
      path: 'src/types/e.ts',
      text: 'export const e: { a?: number } = { a: undefined };',
    },
  ];

const IN_ORDER = 'src/transfer/in-order.ts';

/** Imports in one file per folder; each import is identified by its line. */
const importsOf = (cases: readonly ImportCase[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...Map.groupBy(cases, ({ path }) => path)].map(([path, all]) => [
      path,
      all.map(({ from }) => `export * from '${from}';`).join('\n'),
    ]),
  );

let linted: Linted;

beforeAll(() => {
  const texts = {
    ...Object.fromEntries([...VIOLATIONS, ...TYPES].map(({ path, text }) => [path, text])),
    ...Object.fromEntries(
      LIMITS.flatMap(({ path, text, within }) => [
        [path, text],
        [`${path}-within.ts`, within],
      ]),
    ),
    ...importsOf(ALLOWED),
    [IN_ORDER]: '/** A number. */\nexport const inOrder = 1;\n',
  };
  const program = join(import.meta.dirname, 'virtual', 'lint-texts.ts');
  const options = { cwd: ROOT, encoding: 'utf8', input: JSON.stringify(texts) } as const;
  const { stdout, stderr, status } = spawnSync(process.execPath, [program], options);
  expect([status, stderr]).toEqual([0, '']);
  linted = JSON.parse(stdout) as Linted;
});

const findings = (path: string): readonly LintMessage[] => linted.eslint[path] ?? [];
const rulesOf = (path: string): readonly (string | null)[] => findings(path).map(({ ruleId }) => ruleId);

describe('ESLint', () => {
  it('accepts code that follows the rules', () => {
    expect([linted.eslint[IN_ORDER], linted.types[IN_ORDER]]).toEqual([[], []]);
  });

  it.each(VIOLATIONS)('finds a violation of $rule ($path)', ({ rule, path }) => {
    expect(rulesOf(path)).toContain(rule);
  });

  it.each(LIMITS)('allows what $rule allows, and no more', ({ rule, path }) => {
    expect(rulesOf(`${path}-within.ts`)).not.toContain(rule);
    expect(rulesOf(path)).toContain(rule);
  });

  it.each(ALLOWED)('lets $path import $from', ({ path }) => {
    expect(rulesOf(path)).not.toContain('no-restricted-imports');
  });

  it('is tested with a violation of every rule that it adds', () => {
    const violated = new Set([...VIOLATIONS, ...LIMITS].map(({ rule }) => rule));

    expect(linted.ownRules.length).toBeGreaterThan(10);
    expect(linted.ownRules.filter((rule) => !violated.has(rule))).toEqual([]);
  });
});

describe('the compiler', () => {
  it.each(TYPES)('finds $name', ({ path, code }) => {
    expect(linted.types[path]).toContain(code);
  });
});
