import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/action-definition.ts';

const PAGES = ['*.md', 'docs/**/*.md', 'examples/**/*.md', 'test/**/*.md'];
const pages = PAGES.flatMap((pattern) => globSync(pattern, { cwd: ROOT }));

const commands = (pattern: RegExp): readonly string[] =>
  pages.flatMap((page) => readFileSync(join(ROOT, page), 'utf8').match(pattern) ?? []);

describe('the commands of the documentation', () => {
  it('are scripts of package.json', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly scripts: object };
    const named = commands(/(?<=\bnpm run )(?!-)[\w:-]+|(?<=\bnpm run --silent )[\w:-]+/g);

    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('never start a script by node: the machine’s Node can be too old for TypeScript', () => {
    expect(commands(/\bnode (?:\.\/)?(?:scripts|test|src)\/\S*/g)).toEqual([]);
  });
});
