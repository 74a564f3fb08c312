/** Facts from the environment of the runner: provenance of the workflow run, Node version. */
import { transferError } from '../../transfer/errors/index.ts';
import type { Provenance } from '../../transfer/ports/context.ts';

/** A `GITHUB_` variable; empty when it is not set, for example outside of a workflow run. */
const githubVariable = (name: string): string => process.env[`GITHUB_${name}`] ?? '';

/** The workflow run of this step; null outside of a workflow run. Unknown fields are empty. */
export function workflowProvenance(): Provenance | null {
  const repository = githubVariable('REPOSITORY');
  if (repository === '') return null;
  const server = githubVariable('SERVER_URL') || 'https://github.com';
  const attempt = githubVariable('RUN_ATTEMPT') || '1';
  return {
    repository,
    commit: githubVariable('SHA'),
    workflow: githubVariable('WORKFLOW'),
    run: `${server}/${repository}/actions/runs/${githubVariable('RUN_ID')}/attempts/${attempt}`,
    actor: githubVariable('ACTOR'),
  };
}

/** Major version; the runtime of action.yml. */
const MIN_NODE = 24;

/**
 * Checks the version of Node. An older version would fail in the middle of a transfer without a clear message.
 * @throws ACRT1002
 */
export function checkNode(version: string): void {
  if (Number.parseInt(version, 10) < MIN_NODE) throw transferError('ACRT1002', { version, least: String(MIN_NODE) });
}
