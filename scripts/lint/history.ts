import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { History } from './measured.ts';

/** Standard output of a git command without its last line break; null if it fails. */
function git(root: string, args: readonly string[]): string | null {
  const { status, stdout } = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
  return status === 0 ? stdout.trimEnd() : null;
}

/** The history of a working tree. */
export const historyOf = (root: string): History => ({
  isShallow: git(root, ['rev-parse', '--is-shallow-repository']) !== 'false',
  hasPath: (path) => existsSync(join(root, path)),
  changesSince: (commit, paths) => {
    const count = git(root, ['rev-list', '--count', `${commit}..HEAD`, '--', ...paths]);
    return count === null ? null : Number(count);
  },
});

/** The checked-out commit; null without a repository. */
export const headOf = (root: string): string | null => git(root, ['rev-parse', 'HEAD']);

/** Files below the paths that differ from the checked-out commit, new ones included. */
export const uncommitted = (root: string, paths: readonly string[]): readonly string[] =>
  (git(root, ['status', '--porcelain', '--', ...paths]) ?? '').split('\n').filter((line) => line !== '');
