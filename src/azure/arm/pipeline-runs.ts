import * as z from 'zod';
import { classifyArm, transferError } from '../../transfer/errors/index.ts';
import { isSameResource, type PipelineId } from '../../transfer/model/pipeline-id.ts';
import type {
  PipelineRun,
  PipelineRuns,
  RunArchive,
  RunRequest,
  RunState,
  SucceededState,
} from '../../transfer/ports/pipelines.ts';
import { assertOk, isAbsent, isDenied, parseResponse, parseOr404, type Arm, type ArmResponse } from './client.ts';
import { listItems, type ListedItem } from './lists.ts';

const blobSchema = z.object({ uri: z.string().nullish(), name: z.string().nullish() });

// It isn't known whether a run echoes the target or source of its request: the spec's examples leave them out.
const runSchema = z.object({
  name: z.string(),
  properties: z.object({
    provisioningState: z.string().nullish(),
    request: z
      .object({
        pipelineResourceId: z.string().nullish(),
        target: blobSchema.nullish(),
        source: blobSchema.nullish(),
      })
      .nullish(),
    response: z
      .object({
        status: z.string().nullish(),
        startTime: z.string().nullish(),
        finishTime: z.string().nullish(),
        progress: z.object({ percentage: z.union([z.string(), z.number()]).nullish() }).nullish(),
        importedArtifacts: z.array(z.string()).nullish(),
        pipelineRunErrorMessage: z.string().nullish(),
        target: blobSchema.nullish(),
        source: blobSchema.nullish(),
      })
      .nullish(),
  }),
});

type RunBody = z.infer<typeof runSchema>;
type RunProperties = RunBody['properties'];

const FAILED = /^(?:failed|canceled)$/i;
const RUNNING = /^(?:running|creating|pending|updating)$/i;

function percentageOf(properties: RunProperties): number | null {
  const percentage = Number.parseFloat(String(properties.response?.progress?.percentage ?? ''));
  return Number.isNaN(percentage) ? null : Math.min(100, Math.max(0, percentage));
}

const succeededState = ({ response }: RunProperties, message: string): SucceededState => ({
  kind: 'succeeded',
  importedArtifacts: response?.importedArtifacts ?? null,
  ...(message === '' ? {} : { errorMessage: message }),
});

/**
 * Derives the state of a run. Neither provisioningState nor response.status is enough: the spec's own example combines
 * Succeeded with Running. A run has succeeded only if both report success, and has failed as soon as one reports a failure. A
 * run that is Succeeded with a blank or absent status has never been seen, but the service's contract allows it.
 */
export function toRunState(properties: RunProperties): RunState {
  const state = properties.provisioningState ?? '';
  const status = properties.response?.status ?? '';
  const message = (properties.response?.pipelineRunErrorMessage ?? '').replace(/\s+/g, ' ').trim();
  if (FAILED.test(state) || FAILED.test(status)) {
    const failedState = FAILED.test(state) ? state : status;
    return { kind: 'failed', reason: message === '' ? `${failedState} without a message` : message };
  }
  const running: RunState = { kind: 'running', percentage: percentageOf(properties) };
  if (!/^succeeded$/i.test(state) || RUNNING.test(status)) return running;
  const succeeded = succeededState(properties, message);
  return status.trim() === '' ? { ...running, unconfirmed: succeeded } : succeeded;
}

/** Whether a run has ended, confirmed or not. */
const hasEnded = (state: RunState): boolean => state.kind !== 'running' || state.unconfirmed !== undefined;

function blobOf({ request, response }: RunProperties): string | null {
  const requested = request?.target?.name ?? request?.source?.name;
  if (typeof requested === 'string') return requested;
  const uri = response?.target?.uri ?? response?.source?.uri;
  return typeof uri === 'string' ? uri : null;
}

function timeOf(text: string | null | undefined): number | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : time;
}

const startOf = ({ response }: RunProperties): number | null => timeOf(response?.startTime);

function endOf({ response }: RunProperties): Pick<PipelineRun, 'endedAt'> {
  const endedAt = timeOf(response?.finishTime);
  return endedAt === null ? {} : { endedAt };
}

const toRun = (body: RunBody, response: ArmResponse): PipelineRun => ({
  name: body.name,
  blob: blobOf(body.properties),
  state: toRunState(body.properties),
  retryAfterSeconds: response.retryAfterSeconds,
  correlationId: response.correlationId,
  startedAt: startOf(body.properties),
  ...endOf(body.properties),
});

function requestBody(pipeline: PipelineId, request: RunRequest, again: boolean): unknown {
  const blob = { type: 'AzureStorageBlob', name: request.blob };
  return {
    properties: {
      request: {
        pipelineResourceId: pipeline.resourceId,
        ...(request.kind === 'export' ? { target: blob, artifacts: request.artifacts } : { source: blob }),
      },
      // Without it, an identical PUT starts no new run (Microsoft: ACR Transfer, forceUpdateTag).
      ...(again ? { forceUpdateTag: new Date().toISOString() } : {}),
    },
  };
}

async function start(
  arm: Arm,
  runsId: string,
  pipeline: PipelineId,
  name: string,
  request: RunRequest,
  again: boolean,
) {
  const response = await arm.put(`${runsId}/${name}`, requestBody(pipeline, request, again));
  if (response.error !== null) {
    const { reason } = response.error;
    const context = { correlationId: response.correlationId };
    const id = classifyArm(reason, isDenied(response));
    // ARM reported an unknown error, which only concerns the run.
    if (id === 'ACRT3009') throw transferError('ACRT4006', { run: name, reason }, context);
    throw transferError(id, { side: arm.side, what: `start the pipeline run ${name}`, reason }, context);
  }
  return toRun(parseResponse(arm, response, runSchema, `start the pipeline run ${name}`), response);
}

/** A run that doesn't name its pipeline counts as a run of each pipeline. */
const isOfPipeline = ({ properties }: RunBody, { resourceId }: PipelineId): boolean =>
  isSameResource(properties.request?.pipelineResourceId ?? resourceId, resourceId);

/** Lists all runs of a registry. */
const listRuns = (arm: Arm, runsId: string): Promise<readonly ListedItem<RunBody>[]> =>
  listItems(arm, { id: runsId, query: null, item: runSchema, what: 'list pipeline runs' }, 'empty');

const runsIdOf = ({ registryId }: PipelineId): string => `${registryId}/pipelineRuns`;

async function removeRun(arm: Arm, runId: string, name: string): Promise<void> {
  const response = await arm.delete(runId);
  // 200, 202, or 204 if it doesn't exist any more (service spec).
  if (!isAbsent(response)) assertOk(arm, response, `remove the pipeline run ${name}`);
}

/** Lists and removes the runs of a pipeline's registry. */
export function runArchive(arm: Arm, pipeline: PipelineId): RunArchive {
  const runsId = runsIdOf(pipeline);
  return {
    list: async () =>
      (await listRuns(arm, runsId)).map(({ item: { name, properties } }) => ({
        name,
        pipelineId: properties.request?.pipelineResourceId ?? '',
        ended: hasEnded(toRunState(properties)),
        startedAt: startOf(properties),
      })),
    remove: (name) => removeRun(arm, `${runsId}/${name}`, name),
  };
}

/** Finds and starts the runs of a pipeline. */
export function pipelineRuns(arm: Arm, pipeline: PipelineId): PipelineRuns {
  const runsId = runsIdOf(pipeline);
  return {
    find: async (name) => {
      const response = await arm.get(`${runsId}/${name}`);
      const body = parseOr404(arm, response, runSchema, `read the pipeline run ${name}`);
      return body === null ? null : toRun(body, response);
    },
    start: (name, request, again) => start(arm, runsId, pipeline, name, request, again),
    list: async () =>
      (await listRuns(arm, runsId))
        .filter(({ item }) => isOfPipeline(item, pipeline))
        .map(({ item, response }) => toRun(item, response)),
  };
}
