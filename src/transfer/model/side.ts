/** Sides: which ones a request touches, and their facts. */
import type { PipelineId } from './pipeline-id.ts';
import type { MovingRequest, SideRequest } from './request.ts';

/** A side as a person may look for it. */
export interface SideFacts {
  /** As the input names it. */
  readonly cloud: string;
  /** See {@link SideServices.portal}. */
  readonly portal: string | null;
  /** ARM resource IDs; null where the mode does not touch them. */
  readonly registryId: string | null;
  readonly pipelineId: string | null;
  /** URI, without SAS. */
  readonly container: string | null;
  /** ARM resource ID, where preflight could find it. */
  readonly storageAccountId?: string | null;
  /** Whether runs have the names that the action gives; false when the source trigger starts them. */
  readonly startsRuns: boolean;
}

/** What is known of both; null when the mode does not touch that side. */
export type Sides = Readonly<Record<Side, SideFacts | null>>;

/** The sides of a transfer of which nobody could be asked. */
export const UNKNOWN_SIDES: Sides = { source: null, target: null };

/** A cloud, a credential, a registry, a pipeline, a storage container. */
export type Side = 'source' | 'target';

/** Exports leave the source, imports arrive at the target. */
export const sideOfPipeline = ({ kind }: Pick<PipelineId, 'kind'>): Side => (kind === 'export' ? 'source' : 'target');

/** A side that a mode touches. */
export interface SidePlan {
  readonly request: SideRequest;
  readonly pipeline: PipelineId | null;
  readonly startsRuns: boolean;
}

function sourcePlace(request: MovingRequest): SidePlan | null {
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

function targetPlace(request: MovingRequest): SidePlan | null {
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

/** The sides that a request touches; null where it does not. */
export const sidePlansOf = (request: MovingRequest): Readonly<Record<Side, SidePlan | null>> => ({
  source: sourcePlace(request),
  target: targetPlace(request),
});
