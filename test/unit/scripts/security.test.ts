import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/action-definition.ts';

const page = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');
const paths = new Set([...page.matchAll(/`((?:test|scripts|\.github)\/[\w./-]+)`/g)].map(([, path = '']) => path));
const scripts = new Set([...page.matchAll(/`npm run ([\w:-]+)`/g)].map(([, name = '']) => name));

describe('SECURITY.md', () => {
  it('refers to existing files for each claim', () => {
    expect(paths.size).toBeGreaterThan(20);
    expect([...paths].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names existing commands', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };

    expect(scripts.size).toBeGreaterThan(0);
    expect([...scripts].filter((name) => !(name in manifest.scripts))).toEqual([]);
  });
});
