import type { CloudSettings } from '../description.ts';
import type { HttpAnswer } from '../http.ts';
import { proxyNotFound, resourceNotFound } from './errors.ts';
import type { Operation, RegistryPlace } from './endpoint.ts';
import { checkExportPolicy, checkName, checkSku } from './rules.ts';
import { page } from './paging.ts';
import { parsePipeline } from './pipeline-request.ts';
import type { PipelineKind } from './pipeline-request.ts';
import { describePipeline } from './pipelines.ts';
import type { PipelineStore } from './pipelines.ts';
import { TRANSFER_VERSIONS } from './versions.ts';

/**
 * A missing pipeline or run. Assumed: its provider responds, as for scope maps, which are proxy types too. For tracked types of
 * the same provider, the gateway responds (both recorded).
 */
export const missingChild = (
  type: string,
  name: string,
  { registry, resourceGroup }: RegistryPlace,
  { pipelines }: CloudSettings,
): HttpAnswer =>
  pipelines.missingAnsweredBy === 'provider'
    ? proxyNotFound(name)
    : resourceNotFound(`Microsoft.ContainerRegistry/registries/${registry}/${type}/${name}`, resourceGroup);

/**
 * PUT, GET, LIST and DELETE of one kind, all synchronous. PUT returns 200 with the finished resource, new or not. DELETE
 * returns 200, then 204 (recorded 2021 to 2026; the specification has 201 and 202).
 */
export function pipelineOperations(
  kind: PipelineKind,
  store: PipelineStore,
  place: RegistryPlace,
  settings: () => CloudSettings,
): readonly Operation[] {
  const shared = { versions: TRANSFER_VERSIONS, below: `/${kind}/(?<name>[^/]+)` };
  const action = (verb: string): string => `registries/${kind}/${verb}`;
  return [
    {
      ...shared,
      method: 'PUT',
      action: action('write'),
      handle: async ({ name, caller, apiVersion, json }) => {
        checkName(kind, name);
        checkSku(settings().registry);
        if (kind === 'exportPipelines')
          checkExportPolicy(settings().registry, place.registry, 'Creating an export pipeline');
        const pipeline = store.put(kind, name, parsePipeline(kind, await json()), caller);
        return { status: 200, body: describePipeline(pipeline, apiVersion, settings().pipelines) };
      },
    },
    {
      ...shared,
      method: 'GET',
      action: action('read'),
      handle: ({ name, apiVersion }) => {
        const pipeline = store.get(kind, name);
        if (!pipeline) throw missingChild(kind, name, place, settings());
        return { status: 200, body: describePipeline(pipeline, apiVersion, settings().pipelines) };
      },
    },
    {
      ...shared,
      method: 'GET',
      below: `/${kind}`,
      action: action('read'),
      handle: ({ url, apiVersion }) => ({
        status: 200,
        body: page(store.list(kind), url, (pipeline) => describePipeline(pipeline, apiVersion, settings().pipelines)),
      }),
    },
    {
      ...shared,
      method: 'DELETE',
      action: action('delete'),
      handle: ({ name }) => ({ status: store.remove(kind, name) ? 200 : 204 }),
    },
  ];
}
