import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCompiler } from '../../../show/mutants/compiles.ts';
import { mutationsOf } from '../../../show/mutants/mutations.ts';

const FILES = {
  'src/guard.ts':
    'export const lengthOf = (text: string | null): number => { if (text === null) return 0; return text.length; };',
  'src/limit.ts': "import { lengthOf } from './guard.ts'; export const isShort = (text: string) => lengthOf(text) < 3;",
  'src/both.ts': "export const none = (one: string, other: string): boolean => one === '' && other === '';",
};

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'acr-transfer-compiles-'));
  mkdirSync(join(root, 'src'));
  for (const [file, content] of Object.entries(FILES)) writeFileSync(join(root, file), content);
  const compilerOptions = {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    types: [],
    noUnusedParameters: true,
    allowImportingTsExtensions: true,
  };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

const mutation = (file: keyof typeof FILES, kind: string, to: string) => {
  const found = mutationsOf(file, FILES[file]).find((one) => one.kind === kind && one.plain.text === to);
  if (found === undefined) throw new Error('there is no such mutation');
  return found;
};

describe('openCompiler', () => {
  it('rejects a mutation with type errors, and accepts another in the same program', () => {
    const compiles = openCompiler(root, 'src');
    const guard = mutation('src/guard.ts', 'early exit', '(false)');
    const limit = mutation('src/limit.ts', 'boundary', '((lengthOf(text)) <= (3))');
    expect(compiles([guard, limit])).toEqual([false, true]);
    // A later question isn't influenced by an earlier one.
    expect(compiles([mutation('src/guard.ts', 'equality', '((text) !== (null))')])).toEqual([false]);
    expect(compiles([limit])).toEqual([true]);
  });

  it('accepts a mutation that leaves a parameter unused', () => {
    expect(openCompiler(root, 'src')([mutation('src/both.ts', 'operand', "(one === '')")])).toEqual([true]);
  });
});
