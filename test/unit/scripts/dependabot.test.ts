import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { ROOT } from '../../../scripts/action-definition.ts';
import { packageFolders } from '../../../scripts/tools/folders.ts';

interface Update {
  readonly 'package-ecosystem': string;
  readonly directories?: readonly string[];
  readonly cooldown?: { readonly 'default-days'?: number };
}

describe('dependabot.yml', () => {
  const { updates } = load(readFileSync(join(ROOT, '.github', 'dependabot.yml'), 'utf8')) as {
    readonly updates: readonly Update[];
  };

  it('covers packages and actions', () => {
    expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions']);
  });

  it('covers every folder with a lock file', () => {
    const npm = updates.find((update) => update['package-ecosystem'] === 'npm');

    expect(npm?.directories).toEqual(packageFolders().map((folder) => (folder === '.' ? '/' : `/${folder}`)));
  });

  it.each(updates)('delays new versions of $package-ecosystem by a week', ({ cooldown }) => {
    expect(cooldown?.['default-days']).toBeGreaterThanOrEqual(7);
  });
});
