import { isDeepStrictEqual } from 'node:util';
import type { CloudSettings } from '../description.ts';
import type { Call, Operation, RegistryPlace, Reply } from './endpoint.ts';
import { badRequest, runInProgress } from './errors.ts';
import type { OperationUrls } from './operation-url.ts';
import { page } from './paging.ts';
import { missingChild } from './pipeline-operations.ts';
import type { PipelineStore } from './pipelines.ts';
import { checkExportPolicy, checkName, checkSku } from './rules.ts';
import { describeOperation, describeRun } from './run-body.ts';
import { parseRun, taskOf } from './run-request.ts';
import type { RunRequest, RunTask } from './run-request.ts';
import type { Run, RunStore } from './runs.ts';
import { TRANSFER_VERSIONS } from './versions.ts';

/** Everything that the operations on runs need. */
export interface RunOperationParts {
  readonly runs: RunStore;
  readonly pipelines: PipelineStore;
  readonly place: RegistryPlace;
  readonly settings: () => CloudSettings;
  readonly urls: OperationUrls;
}

const isLive = (run: Run): boolean => run.state().kind === 'Creating';

/** Retry-After in responses about an unfinished run. importImage had 10. It isn't known for runs. */
function retryAfter(run: Run, settings: CloudSettings): Record<string, string> {
  const { retryAfterSeconds } = settings.runs;
  return isLive(run) && retryAfterSeconds !== null ? { 'retry-after': String(retryAfterSeconds) } : {};
}

function check(request: RunRequest, { pipelines, place, settings }: RunOperationParts): RunTask {
  const { registry } = settings();
  checkSku(registry);
  const task = taskOf(request, pipelines.byId(request.request.pipelineResourceId));
  if (task.pipeline.kind === 'exportPipelines') checkExportPolicy(registry, place.registry, 'Exporting artifacts');
  return task;
}

/**
 * A PUT that equals the existing run, forceUpdateTag included, starts nothing and returns 200 with that run. To run again,
 * forceUpdateTag must change (Microsoft Learn). Assumed: another body replaces the run, and each PUT is 409 while it is in
 * progress.
 */
async function put(call: Call, parts: RunOperationParts): Promise<Reply> {
  const { runs, settings, urls } = parts;
  const { name, apiVersion } = call;
  checkName('pipelineRuns', name);
  const request = parseRun(await call.json());
  const before = runs.get(name);
  if (before && isLive(before)) throw runInProgress(name);
  if (before && isDeepStrictEqual(before.task.request, request)) {
    return { status: 200, body: describeRun(before, apiVersion, settings().runs) };
  }
  const run = runs.start(before?.name ?? name, check(request, parts));
  if (settings().runs.failAtOnce !== null) return { status: 200, body: describeRun(run, apiVersion, settings().runs) };
  const operation = urls.make(`${run.id}/operationStatuses/${run.operation}`, apiVersion);
  const headers = settings().runs.style === 'operation' ? { 'azure-asyncoperation': operation } : {};
  return {
    status: 201,
    body: describeRun(run, apiVersion, settings().runs),
    headers: { ...headers, ...retryAfter(run, settings()) },
  };
}

/** Every response contains the status URL again, with a new `t` (recorded for registries). */
function operationStatus({ name, params, url, apiVersion }: Call, parts: RunOperationParts): Reply {
  const { runs, place, settings, urls } = parts;
  const run = runs.get(name);
  if (!urls.holds(url))
    throw badRequest('The signature of the operation status is invalid: its URL is to be used as it came.');
  if (!run || run.operation !== params['operation'])
    throw missingChild('pipelineRuns', `${name}/operationStatuses/${params['operation'] ?? ''}`, place, settings());
  return {
    status: 200,
    body: describeOperation(run),
    headers: { 'azure-asyncoperation': urls.make(url.pathname, apiVersion), ...retryAfter(run, settings()) },
  };
}

function get({ name, apiVersion }: Call, { runs, place, settings }: RunOperationParts): Reply {
  const run = runs.get(name);
  if (!run) throw missingChild('pipelineRuns', name, place, settings());
  return { status: 200, body: describeRun(run, apiVersion, settings().runs), headers: retryAfter(run, settings()) };
}

/**
 * PUT, GET, LIST and DELETE of runs, and the status of their operations. DELETE is assumed to equal that of pipelines: 200,
 * then 204.
 */
export function runOperations(parts: RunOperationParts): readonly Operation[] {
  const { runs, settings } = parts;
  const shared = { versions: TRANSFER_VERSIONS, below: '/pipelineRuns/(?<name>[^/]+)' };
  return [
    { ...shared, method: 'PUT', action: 'registries/pipelineRuns/write', handle: (call) => put(call, parts) },
    { ...shared, method: 'GET', action: 'registries/pipelineRuns/read', handle: (call) => get(call, parts) },
    {
      ...shared,
      method: 'DELETE',
      action: 'registries/pipelineRuns/delete',
      handle: ({ name }) => ({ status: runs.remove(name) ? 200 : 204 }),
    },
    {
      ...shared,
      method: 'GET',
      below: '/pipelineRuns',
      action: 'registries/pipelineRuns/read',
      handle: ({ url, apiVersion }) => ({
        status: 200,
        body: page(runs.list(), url, (run) => describeRun(run, apiVersion, settings().runs)),
      }),
    },
    {
      ...shared,
      method: 'GET',
      below: `${shared.below}/operationStatuses/(?<operation>[^/]+)`,
      action: 'registries/pipelineRuns/operationStatuses/read',
      handle: (call) => operationStatus(call, parts),
    },
  ];
}
