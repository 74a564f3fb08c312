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

/** `Running` until the end, then the provisioning state's own word; progress is a string (specification). */
const progressOf = (state: RunState): string => {
  if (state.kind === 'Succeeded') return '100';
  return state.kind === 'Creating' ? String(state.percentage) : '0';
};

/** How runs describe themselves where nothing is known of the service. */
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
  // The examples put catalogDigest second in an export and last in an import.
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
 * The run as answered, in the order of the specification's examples; nothing was ever recorded. As in the examples, `request` comes back
 * without target, source and catalogDigest. `response.status` and `provisioningState` agree here, in the examples they do not.
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
 * The operation's status: the one member that was recorded for registries. Assumed: code and text of the error; the text follows the
 * one that a failed import of an image gives (Azure/acr#571).
 */
export function describeOperation(run: Run): Record<string, unknown> {
  const state = run.state();
  if (state.kind !== 'Failed') return { status: state.kind };
  const message = `Operation ${run.operation} failed. Resource ${run.id} ${state.message}`;
  return { status: 'Failed', error: { code: 'PipelineRunFailed', message } };
}
