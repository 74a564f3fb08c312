/** The map of the code: its paths exist, and a reader gets from the README to each answer in three steps. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../../../scripts/action-definition.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Rows of the table: question, folder, file. */
const rows = read('docs/decisions/where-to-look.md')
  .split('\n')
  .flatMap((line) => {
    const [, question, folder, file] = /^\| (.+\?) \| `(.+)` \| `(.+)` \|$/.exec(line) ?? [];
    return question && folder && file ? [{ question, folder, file }] : [];
  });

/** Paths of files below `src/` that a text names, with or without the folders above them. */
const namedFiles = (text: string): readonly string[] =>
  [...text.matchAll(/`((?:[\w-]+\/)+[\w-]+\.ts)`/g)].map(([, path = '']) => path);

const exists = (path: string): boolean =>
  ['', 'src', 'src/transfer'].some((folder) => existsSync(join(ROOT, folder, path)));

describe('where to look', () => {
  it('answers ten questions', () => {
    expect(rows).toHaveLength(10);
  });

  it.each(rows)('names a folder and a file in it: $question', ({ folder, file }) => {
    expect(file.startsWith(folder)).toBe(true);
    expect(existsSync(join(ROOT, file))).toBe(true);
  });

  it('starts at the README, which links to the map', () => {
    expect(read('README.md')).toContain('(CONTRIBUTING.md)');
    expect(read('CONTRIBUTING.md')).toContain('(docs/decisions/where-to-look.md)');
  });
});

describe('the map', () => {
  const map = /## The code\n([\s\S]*?)\n## Rules/.exec(read('CONTRIBUTING.md'))?.[1] ?? '';

  it('shows the layout in at most forty lines', () => {
    const layout = /```text\n([\s\S]*?)```/.exec(map)?.[1] ?? '';

    expect(layout.split('\n').length).toBeGreaterThan(20);
    expect(layout.split('\n').length).toBeLessThanOrEqual(41);
  });

  it('names files that exist', () => {
    const files = namedFiles(map);

    expect(files.length).toBeGreaterThan(15);
    expect(files.filter((path) => !exists(path))).toEqual([]);
  });
});

describe('the decisions', () => {
  const pages = [...read('docs/decisions/README.md').matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, page = '']) => page);

  it('name files that exist', () => {
    const files = pages.flatMap((page) => namedFiles(read(join('docs/decisions', page))));

    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((path) => !exists(path))).toEqual([]);
  });
});
