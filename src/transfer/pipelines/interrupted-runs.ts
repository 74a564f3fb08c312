/** Reads the pipeline runs of a step that was interrupted. They continue in Azure. */
import type { PipelineId } from '../model/pipeline-id.ts';
import type { TransferRequest } from '../model/request.ts';
import { sidePlansOf, type Side, type SidePlan } from '../model/side.ts';
import type { SideServices } from '../ports/side-services.ts';
import { withDeadline } from '../resilience/deadline.ts';

/** A pipeline run that a step has requested. */
export interface RequestedRun {
  readonly stage: 'export' | 'import';
  readonly run: string;
}

/** The state of a run: `absent` was never started, `unknown` could not be read. */
export type CurrentRunState =
  | { readonly kind: 'running'; readonly percentage: number | null }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' };

/** A run of an interrupted step. */
export interface InterruptedRun extends RequestedRun {
  readonly pipeline: PipelineId;
  readonly now: CurrentRunState;
  /** Portal of the cloud that it runs in; null if unknown. */
  readonly portal: string | null;
}

async function readState(
  services: SideServices,
  pipeline: PipelineId,
  run: string,
  signal: AbortSignal,
): Promise<CurrentRunState> {
  try {
    const found = await withDeadline(signal, async () => (await services.runs(pipeline)).find(run));
    return found?.state ?? { kind: 'absent' };
  } catch {
    return { kind: 'unknown' };
  }
}

/**
 * Reads each run of a step once. Never throws, because the result is only information for the log.
 * @param signal ends the reads; runs without a response by then are `unknown`
 */
export async function readInterruptedRuns(
  runs: readonly RequestedRun[],
  request: TransferRequest,
  connect: (side: Side, sidePlan: SidePlan) => SideServices,
  signal: AbortSignal,
): Promise<readonly InterruptedRun[]> {
  const sidePlans = sidePlansOf(request.mode === 'doctor' ? request.examined : request);
  const connected = new Map<Side, SideServices>();
  const reads = runs.map(async ({ stage, run }): Promise<InterruptedRun | null> => {
    const side = stage === 'export' ? 'source' : 'target';
    const sidePlan = sidePlans[side];
    if (sidePlan?.pipeline == null) return null;
    const services = connected.get(side) ?? connect(side, sidePlan);
    connected.set(side, services);
    const { pipeline } = sidePlan;
    const now = await readState(services, pipeline, run, signal);
    const portal = await withDeadline(signal, services.portal).catch(() => null);
    return { stage, run, pipeline, now, portal };
  });
  return (await Promise.all(reads)).filter((found) => found !== null);
}
