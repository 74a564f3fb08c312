/** Runs zizmor, which finds vulnerabilities of workflows. It isn't an npm package, so it runs only if it is installed, and in CI on GitHub. */
import { spawnSync } from 'node:child_process';

/** The result; `absent` if it isn't installed. */
export type ZizmorOutcome = 'clean' | 'findings' | 'absent';

/**
 * Runs zizmor on a repository, and shows its findings. `.github/zizmor.yml` configures its rules.
 * @throws when it is there and cannot be started
 */
export function runZizmor(root: string, env: NodeJS.ProcessEnv = process.env): ZizmorOutcome {
  const options = ['--offline', '--no-progress', '--min-severity', 'medium', '.'];
  const { error, status } = spawnSync('zizmor', options, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error === undefined) return status === 0 ? 'clean' : 'findings';
  if ('code' in error && error.code === 'ENOENT') return 'absent';
  throw error;
}
