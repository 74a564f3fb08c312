/** What the runner's environment says: provenance of the workflow run, Node version. */
import { transferError } from '../../transfer/errors/index.ts';
import type { Provenance } from '../../transfer/ports/context.ts';

/** The runner sets all of them; what is started by hand may lack some, and still tells what it knows. */
const variable = (name: string): string => process.env[`GITHUB_${name}`] ?? '';

/** The workflow run that this step belongs to; null outside of one. What is not known of it is empty. */
export function workflowProvenance(): Provenance | null {
  const repository = variable('REPOSITORY');
  if (repository === '') return null;
  const server = variable('SERVER_URL') || 'https://github.com';
  const attempt = variable('RUN_ATTEMPT') || '1';
  return {
    repository,
    commit: variable('SHA'),
    workflow: variable('WORKFLOW'),
    run: `${server}/${repository}/actions/runs/${variable('RUN_ID')}/attempts/${attempt}`,
    actor: variable('ACTOR'),
  };
}

/** The runtime of action.yml. */
const MIN_NODE = 24;

/**
 * An older Node would fail in the middle of the work, and not say why.
 * @throws ACRT1002
 */
export function checkNode(version: string): void {
  if (Number.parseInt(version, 10) < MIN_NODE) throw transferError('ACRT1002', { version, least: String(MIN_NODE) });
}
