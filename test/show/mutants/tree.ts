/** A copy of the working tree with mutations behind switches. The working tree itself is never changed. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Files } from './graph.ts';
import { applyEdits, type Mutation } from './mutations.ts';

/** The files of a working tree that git doesn't ignore, relative to its root. */
export function listFiles(root: string): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listed.split('\0'))].filter((file) => file !== '' && existsSync(join(root, file)));
}

/** The TypeScript files of a tree with their contents. */
export const readSources = (root: string, files: readonly string[]): Files =>
  new Map(files.filter((file) => file.endsWith('.ts')).map((file) => [file, readFileSync(join(root, file), 'utf8')]));

const SWITCH = 'test/show/mutants/switch.ts';
const CALL = '__isActive';

/** The import stays on the first line, so that lines keep their numbers. */
function withSwitches(file: string, content: string, numbered: ReadonlyMap<Mutation, number>): string {
  const edits = [...numbered].map(([mutation, number]) => mutation.switched(`${CALL}(${number})`));
  const path = relative(dirname(file), SWITCH).replaceAll('\\', '/');
  return `import { isActive as ${CALL} } from '${path}'; ${applyEdits(content, edits)}`;
}

/**
 * Copies a working tree.
 * @param mutations that don't overlap. The number of each is its index and one: with `MUTANT_ACTIVE=1`, the first is active
 */
export function copyTree(from: string, to: string, files: readonly string[], mutations: readonly Mutation[]): void {
  const numbered = mutations.map((mutation, index) => [mutation, index + 1] as const);
  const byFile = Map.groupBy(numbered, ([{ file }]) => file);
  for (const file of files) {
    const target = join(to, file);
    mkdirSync(dirname(target), { recursive: true });
    const here = byFile.get(file);
    if (here === undefined) cpSync(join(from, file), target, { verbatimSymlinks: true });
    else writeFileSync(target, withSwitches(file, readFileSync(join(from, file), 'utf8'), new Map(here)));
  }
  symlinkSync(join(from, 'node_modules'), join(to, 'node_modules'), 'junction');
}
