import type { CloudSettings } from '../description.ts';
import type { Run, RunState } from './runs.ts';
import { hasStorageAccessMode } from './versions.ts';

/** `AzureStorageBlob` with the container's URI and the blob's name in one, as in the specification's examples. */
function blobOf({ task }: Run, apiVersion: string): Record<string, unknown> {
  const { uri, keyVaultUri, storageAccessMode } = task.pipeline.container;
  return {
    type: 'AzureStorageBlob',
    uri: `${uri}/${task.blobName}`,
    keyVaultUri,
    storageAccessMode: hasStorageAccessMode(apiVersion) ? storageAccessMode : undefined,
  };
}

/** `Running` until the end, then the word of the provisioning state. Progress is a string (specification). */
const progressOf = (state: RunState): string => {
  if (state.kind === 'Succeeded') return '100';
  return state.kind === 'Creating' ? String(state.percentage) : '0';
};

/** Texts of runs for which no text of the service is known. */
export type RunWords = Pick<CloudSettings['runs'], 'endStatus' | 'partialMessages'>;

function statusOf({ kind }: RunState, { endStatus }: RunWords): string | undefined {
  if (kind === 'Creating') return 'Running';
  if (kind === 'Failed' || endStatus === 'state') return kind;
  return endStatus === 'blank' ? '' : undefined;
}

function messageOf(state: RunState, { partialMessages }: RunWords): string | undefined {
  if (state.kind === 'Failed') return state.message;
  const leftOut = state.kind === 'Succeeded' ? (state.outcome.leftOut ?? []) : [];
  return partialMessages && leftOut.length > 0 ? leftOut.join('\n') : undefined;
}

function response(run: Run, apiVersion: string, words: RunWords): Record<string, unknown> {
  const state = run.state();
  const { finishTime, outcome } = { finishTime: undefined, outcome: undefined, ...state };
  const [status, message] = [statusOf(state, words), messageOf(state, words)];
  const progress = { percentage: progressOf(state) };
  const trigger = run.triggeredAt === undefined ? undefined : { sourceTrigger: { timestamp: run.triggeredAt } };
  const blob = blobOf(run, apiVersion);
  const shared = { startTime: run.startTime, finishTime };
  // The examples have catalogDigest second in an export, and last in an import.
  return run.task.pipeline.kind === 'exportPipelines'
    ? {
        status,
        catalogDigest: outcome?.catalogDigest,
        progress,
        ...shared,
        target: blob,
        pipelineRunErrorMessage: message,
      }
    : {
        status,
        progress,
        ...shared,
        importedArtifacts: outcome?.listed,
        source: blob,
        catalogDigest: outcome?.catalogDigest,
        trigger,
        pipelineRunErrorMessage: message,
      };
}

/**
 * The run in a response, in the order of the specification's examples. No run was ever recorded. As in the examples, `request`
 * has no target, source and catalogDigest. `response.status` and `provisioningState` agree here. In the examples, they don't.
 */
export function describeRun(run: Run, apiVersion: string, words: RunWords): Record<string, unknown> {
  const { request, forceUpdateTag } = run.task.request;
  return {
    id: run.id,
    name: run.name,
    type: 'Microsoft.ContainerRegistry/registries/pipelineRuns',
    properties: {
      request: { pipelineResourceId: request.pipelineResourceId, artifacts: request.artifacts },
      response: response(run, apiVersion, words),
      forceUpdateTag,
      provisioningState: run.state().kind,
    },
  };
}

/**
 * The status of the operation: the only member that was recorded for registries. Assumed: code and text of the error. The text
 * follows that of a failed import of an image (Azure/acr#571).
 */
export function describeOperation(run: Run): Record<string, unknown> {
  const state = run.state();
  if (state.kind !== 'Failed') return { status: state.kind };
  const message = `Operation ${run.operation} failed. Resource ${run.id} ${state.message}`;
  return { status: 'Failed', error: { code: 'PipelineRunFailed', message } };
}
