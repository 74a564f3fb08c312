import type { PipelineId } from './pipeline-id.ts';
import type { SideFacts, Sides } from './report.ts';
import type { MovingRequest, SideRequest, TransferRequest } from './request.ts';
import type { Side } from './services.ts';
import type { World } from './world.ts';

/** A side that a mode touches. */
export interface Place {
  readonly request: SideRequest;
  readonly pipeline: PipelineId | null;
  readonly startsRuns: boolean;
}

function sourcePlace(request: MovingRequest): Place | null {
  if (request.mode === 'import') return null;
  const { source, sourceContainer } = request;
  if (request.mode !== 'handoff') return { request: source, pipeline: request.exportPipeline, startsRuns: true };
  if (sourceContainer.kind === 'directory') return null;
  return {
    request: source,
    pipeline: sourceContainer.kind === 'pipeline' ? sourceContainer.pipeline : null,
    startsRuns: false,
  };
}

function targetPlace(request: MovingRequest): Place | null {
  if (request.mode === 'export') return null;
  const { target, targetContainer } = request;
  if (request.mode !== 'handoff') {
    return { request: target, pipeline: request.importPipeline, startsRuns: request.importBy === 'run' };
  }
  if (targetContainer.kind === 'directory') return null;
  return {
    request: target,
    pipeline: targetContainer.kind === 'pipeline' ? targetContainer.pipeline : null,
    startsRuns: false,
  };
}

async function factsOf(
  side: Side,
  place: Place | null,
  container: string | undefined,
  { connect }: World,
): Promise<SideFacts | null> {
  if (place === null) return null;
  const { request, pipeline, startsRuns } = place;
  const services = connect(side, request);
  const account =
    pipeline === null || container === undefined ? null : await services.inspector(pipeline).storageAccount(container);
  return {
    cloud: request.cloud,
    portal: await services.portal(),
    registryId: pipeline?.registryId ?? null,
    pipelineId: pipeline?.resourceId ?? null,
    container: container ?? null,
    storageAccountId: account?.kind === 'seen' ? account.value.resourceId : null,
    startsRuns,
  };
}

/** The sides that a request touches; null where it does not. */
export const placesOf = (request: MovingRequest): Readonly<Record<Side, Place | null>> => ({
  source: sourcePlace(request),
  target: targetPlace(request),
});

/**
 * What a person needs to find both sides again.
 * @param containers URIs that are known
 */
export async function sidesOf(
  asked: TransferRequest,
  containers: Readonly<Partial<Record<Side, string>>>,
  world: World,
): Promise<Sides> {
  const request = asked.mode === 'doctor' ? asked.examined : asked;
  const places = placesOf(request);
  const [source, target] = await Promise.all([
    factsOf('source', places.source, containers.source, world),
    factsOf('target', places.target, containers.target, world),
  ]);
  return { source, target };
}
