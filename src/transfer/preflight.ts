import { asFailure, failure, type Failure } from './failure.ts';
import type { PipelineId } from './pipeline-id.ts';
import type { ContainerPlace, HandoffPlace, SideRequest } from './request.ts';
import type { World } from './world.ts';
import type { PipelineFacts, PipelineRuns, Registry, RegistryFacts, Side, SideServices } from './services.ts';
import type { BlobContainer } from './storage.ts';

/** One side, found ready to work with. */
export interface ReadySide {
  readonly pipeline: PipelineId;
  readonly runs: PipelineRuns;
  readonly registry: Registry;
  readonly container: BlobContainer;
}

/** What checking came to: the thing itself, or everything that stands against it. */
export type Checked<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failures: readonly Failure[] };

const READY = 'succeeded';

/** Runs a check that throws at the first fault, as one that returns it. */
export async function checked<Value>(work: () => Promise<Value>): Promise<Checked<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, failures: [asFailure(error)] };
  }
}

async function readyPipeline(side: Side, services: SideServices, id: PipelineId): Promise<PipelineFacts> {
  const pipeline = await services.pipeline(id);
  if (pipeline === null) throw failure('ACRT3001', { side, pipeline: id.resourceId });
  if (pipeline.provisioningState.toLowerCase() !== READY) {
    throw failure('ACRT3003', { pipeline: id.name, state: pipeline.provisioningState });
  }
  return pipeline;
}

async function readyRegistry(side: Side, services: SideServices, id: PipelineId): Promise<RegistryFacts> {
  const registry = await services.registryFacts(id);
  if (registry === null) throw failure('ACRT3004', { side, registry: id.registryId });
  if (registry.sku.toLowerCase() !== 'premium') throw failure('ACRT3007', { registry: id.registry, sku: registry.sku });
  if (id.kind === 'export' && !registry.exportsAllowed) throw failure('ACRT3008', { registry: id.registry });
  return registry;
}

/** What a place stands for: a directory, a container, or the one that the pipeline writes to or reads from. */
export async function openContainer(
  side: Side,
  request: SideRequest,
  place: HandoffPlace,
  world: Pick<World, 'connect' | 'directory'>,
): Promise<BlobContainer> {
  if (place.kind === 'directory') return world.directory(place.path, side);
  const services = world.connect(side, request);
  if (place.kind === 'uri') return services.container(place.uri);
  return services.container((await readyPipeline(side, services, place.pipeline)).containerUri);
}

/**
 * Checks what one side needs before the first run is started: sign-in, registry and pipeline. Every fault is reported,
 * not only the first.
 */
export async function readySide(
  side: Side,
  services: SideServices,
  id: PipelineId,
  place: ContainerPlace,
): Promise<Checked<ReadySide>> {
  const [pipeline, registry] = await Promise.all([
    checked(() => readyPipeline(side, services, id)),
    checked(() => readyRegistry(side, services, id)),
  ]);
  if (!pipeline.ok || !registry.ok) return { ok: false, failures: distinct([pipeline, registry]) };
  const containerUri = place.kind === 'uri' ? place.uri : pipeline.value.containerUri;
  return {
    ok: true,
    value: {
      pipeline: id,
      runs: await services.runs(id),
      registry: await services.registry(registry.value.loginServer),
      container: await services.container(containerUri),
    },
  };
}

/** The failures of several checks. */
export const failuresOf = (results: readonly Checked<unknown>[]): readonly Failure[] =>
  results.flatMap((result) => (result.ok ? [] : result.failures));

/** The failures of several checks; two checks that met the same fault (a refused sign-in) count once. */
export const distinct = (results: readonly Checked<unknown>[]): readonly Failure[] => [
  ...new Map(failuresOf(results).map((item) => [item.message, item])).values(),
];
