import { context } from '@actions/github';
import type { Provenance } from '../transfer/schemas.ts';

/** The workflow run that this step belongs to; null outside of one. */
export function workflowProvenance(): Provenance | null {
  const repository = process.env['GITHUB_REPOSITORY'] ?? '';
  if (repository === '') return null;
  return {
    repository,
    commit: context.sha,
    workflow: context.workflow,
    run: `${context.serverUrl}/${repository}/actions/runs/${context.runId}/attempts/${context.runAttempt}`,
    actor: context.actor,
  };
}
