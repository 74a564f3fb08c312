/** The sides of a transfer: which ones a request uses, and their facts. */
import type { PipelineId } from './pipeline-id.ts';
import type { MovingRequest, SideRequest } from './request.ts';

/** The identity that a token names. An ID is null if the token doesn't contain it. */
export interface SignedInIdentity {
  readonly clientId: string | null;
  readonly objectId: string | null;
  readonly tenantId: string | null;
}

/** Facts of a side, for reports and links. */
export interface SideFacts {
  /** As in the input. */
  readonly cloud: string;
  /** See {@link SideServices.portal}. */
  readonly portal: string | null;
  /** ARM resource IDs; null if the mode doesn't use them. */
  readonly registryId: string | null;
  readonly pipelineId: string | null;
  /** URI, without SAS. */
  readonly container: string | null;
  /** ARM resource ID; null or absent if preflight didn't find it. */
  readonly storageAccountId?: string | null;
  /** The identity of the job; null or absent if the inputs define the identity, or nothing was signed in. */
  readonly identity?: SignedInIdentity | null;
  /** Whether the action starts and names the runs; false if the source trigger starts them. */
  readonly startsRuns: boolean;
}

/** Facts of both sides; null for a side that the mode doesn't use. */
export type Sides = Readonly<Record<Side, SideFacts | null>>;

/** The sides of a transfer without known facts. */
export const UNKNOWN_SIDES: Sides = { source: null, target: null };

/** A side of the transfer, with its own cloud, credential, registry, pipeline and storage container. */
export type Side = 'source' | 'target';

/** The side of a pipeline: source for exports, target for imports. */
export const sideOfPipeline = ({ kind }: Pick<PipelineId, 'kind'>): Side => (kind === 'export' ? 'source' : 'target');

/** A side that a mode uses. */
export interface SidePlan {
  readonly request: SideRequest;
  readonly pipeline: PipelineId | null;
  readonly startsRuns: boolean;
}

function sourceSide(request: MovingRequest): SidePlan | null {
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

function targetSide(request: MovingRequest): SidePlan | null {
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

/** The sides that a request uses; null for the others. */
export const sidePlansOf = (request: MovingRequest): Readonly<Record<Side, SidePlan | null>> => ({
  source: sourceSide(request),
  target: targetSide(request),
});
