import type { Provenance } from '../transfer/schemas.ts';

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
