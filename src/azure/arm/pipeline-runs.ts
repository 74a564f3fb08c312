import * as z from 'zod';
import { classifyArm, transferError } from '../../transfer/errors/index.ts';
import type { PipelineId } from '../../transfer/model/pipeline-id.ts';
import type { PipelineRun, PipelineRuns, RunArchive, RunRequest, RunState } from '../../transfer/ports/pipelines.ts';
import { assertOk, isAbsent, isRefused, parseAnswer, parseOr404, type Arm, type ArmAnswer } from './client.ts';

const blobPlace = z.object({ uri: z.string().nullish(), name: z.string().nullish() });

// Whether a run echoes its request's target or source is not known: the spec's examples leave them out.
const runSchema = z.object({
  name: z.string(),
  properties: z.object({
    provisioningState: z.string().nullish(),
    request: z
      .object({
        pipelineResourceId: z.string().nullish(),
        target: blobPlace.nullish(),
        source: blobPlace.nullish(),
      })
      .nullish(),
    response: z
      .object({
        status: z.string().nullish(),
        startTime: z.string().nullish(),
        progress: z.object({ percentage: z.union([z.string(), z.number()]).nullish() }).nullish(),
        importedArtifacts: z.array(z.string()).nullish(),
        pipelineRunErrorMessage: z.string().nullish(),
        target: blobPlace.nullish(),
        source: blobPlace.nullish(),
      })
      .nullish(),
  }),
});

const listSchema = z.object({ value: z.array(runSchema), nextLink: z.string().nullish() });

type RunBody = z.infer<typeof runSchema>;
type RunProperties = RunBody['properties'];

const FAILED = /^(?:failed|canceled)$/i;
const RUNNING = /^(?:running|creating|pending|updating)?$/i;

function percentageOf(properties: RunProperties): number | null {
  const percentage = Number.parseFloat(String(properties.response?.progress?.percentage ?? ''));
  return Number.isNaN(percentage) ? null : Math.min(100, Math.max(0, percentage));
}

/**
 * How far a run is. Neither provisioningState nor response.status is enough: the spec's own example has Succeeded beside
 * Running, so a run has succeeded only when both say so, and has failed as soon as one does.
 */
export function judgeRun(properties: RunProperties): RunState {
  const state = properties.provisioningState ?? '';
  const status = properties.response?.status ?? '';
  const message = properties.response?.pipelineRunErrorMessage ?? '';
  if (FAILED.test(state) || FAILED.test(status)) {
    const reason = message.replace(/\s+/g, ' ').trim();
    const word = FAILED.test(state) ? state : status;
    return { kind: 'failed', reason: reason === '' ? `${word} without a message` : reason };
  }
  if (/^succeeded$/i.test(state) && !RUNNING.test(status)) {
    return { kind: 'succeeded', importedArtifacts: properties.response?.importedArtifacts ?? [] };
  }
  return { kind: 'running', percentage: percentageOf(properties) };
}

function blobOf({ request, response }: RunProperties): string | null {
  const asked = request?.target?.name ?? request?.source?.name;
  if (typeof asked === 'string') return asked;
  const uri = response?.target?.uri ?? response?.source?.uri;
  return typeof uri === 'string' ? uri : null;
}

function startOf({ response }: RunProperties): number | null {
  const time = Date.parse(response?.startTime ?? '');
  return Number.isNaN(time) ? null : time;
}

const toRun = (body: RunBody, answer: ArmAnswer): PipelineRun => ({
  name: body.name,
  blob: blobOf(body.properties),
  state: judgeRun(body.properties),
  retryAfterSeconds: answer.retryAfterSeconds,
  correlationId: answer.correlationId,
  startedAt: startOf(body.properties),
});

function requestBody(pipeline: PipelineId, order: RunRequest, again: boolean): unknown {
  const blob = { type: 'AzureStorageBlob', name: order.blob };
  return {
    properties: {
      request: {
        pipelineResourceId: pipeline.resourceId,
        ...(order.kind === 'export' ? { target: blob, artifacts: order.artifacts } : { source: blob }),
      },
      // An identical PUT does not run again without it (Microsoft: ACR Transfer, forceUpdateTag).
      ...(again ? { forceUpdateTag: new Date().toISOString() } : {}),
    },
  };
}

async function start(arm: Arm, runsId: string, pipeline: PipelineId, name: string, order: RunRequest, again: boolean) {
  const answer = await arm.put(`${runsId}/${name}`, requestBody(pipeline, order, again));
  if (answer.error !== null) {
    const { reason } = answer.error;
    const context = { correlationId: answer.correlationId };
    const id = classifyArm(reason, isRefused(answer));
    // What ARM says of runs alone, nobody knows better than the service.
    if (id === 'ACRT3009') throw transferError('ACRT4006', { run: name, reason }, context);
    throw transferError(id, { side: arm.side, what: `start the pipeline run ${name}`, reason }, context);
  }
  return toRun(parseAnswer(arm, answer, runSchema, `start the pipeline run ${name}`), answer);
}

/** Runs of the source trigger have an underscore in their name, which runs of users cannot have. */
const TRIGGERED = '_';

const decoded = (uri: string): string => {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
};

function isTriggeredBy(item: RunBody, pipeline: PipelineId, blob: string, containerUri: string): boolean {
  const place = blobOf(item.properties);
  if (!item.name.includes(TRIGGERED) || place === null) return false;
  const by = item.properties.request?.pipelineResourceId ?? pipeline.resourceId;
  if (by.toLowerCase() !== pipeline.resourceId.toLowerCase()) return false;
  return place === blob || decoded(place) === `${containerUri}/${blob}`;
}

/** A run, with the answer that it stood in. */
interface ReadRun {
  readonly item: RunBody;
  readonly answer: ArmAnswer;
}

/** Every run of a registry, oldest first. */
async function readRuns(arm: Arm, runsId: string): Promise<readonly ReadRun[]> {
  const runs: ReadRun[] = [];
  let answer = await arm.get(runsId);
  for (;;) {
    const page = parseOr404(arm, answer, listSchema, 'list pipeline runs');
    if (page === null) return runs;
    for (const item of page.value) runs.push({ item, answer });
    if (!page.nextLink) return runs;
    answer = await arm.follow(page.nextLink);
  }
}

const runsIdOf = ({ registryId }: PipelineId): string => `${registryId}/pipelineRuns`;

async function removeRun(arm: Arm, runId: string, name: string): Promise<void> {
  const answer = await arm.delete(runId);
  // 200, 202, or 204 when it is gone already (service spec).
  if (!isAbsent(answer)) assertOk(arm, answer, `remove the pipeline run ${name}`);
}

/** The runs of a pipeline's registry, to be removed. */
export function runArchive(arm: Arm, pipeline: PipelineId): RunArchive {
  const runsId = runsIdOf(pipeline);
  return {
    list: async () =>
      (await readRuns(arm, runsId)).map(({ item: { name, properties } }) => ({
        name,
        pipelineId: properties.request?.pipelineResourceId ?? '',
        ended: judgeRun(properties).kind !== 'running',
        startedAt: startOf(properties),
      })),
    remove: (name) => removeRun(arm, `${runsId}/${name}`, name),
  };
}

/** The pipeline runs of a pipeline's registry. */
export function pipelineRuns(arm: Arm, pipeline: PipelineId): PipelineRuns {
  const runsId = runsIdOf(pipeline);
  return {
    find: async (name) => {
      const answer = await arm.get(`${runsId}/${name}`);
      const body = parseOr404(arm, answer, runSchema, `read the pipeline run ${name}`);
      return body === null ? null : toRun(body, answer);
    },
    start: (name, order, again) => start(arm, runsId, pipeline, name, order, again),
    triggered: async (blob, containerUri) =>
      (await readRuns(arm, runsId))
        .filter(({ item }) => isTriggeredBy(item, pipeline, blob, containerUri))
        .map(({ item, answer }) => toRun(item, answer)),
  };
}
