/** What goes on in Azure after a step has ended in the middle. */
import type { PipelineId } from '../model/pipeline-id.ts';
import type { TransferRequest } from '../model/request.ts';
import { sidePlansOf, type Side, type SidePlan } from '../model/side.ts';
import type { SideServices } from '../ports/side-services.ts';
import { withDeadline } from '../resilience/deadline.ts';

/** A pipeline run that a step has asked for. */
export interface RequestedRun {
  readonly stage: 'export' | 'import';
  readonly run: string;
}

/** A run as it is now: `absent` was never started, `unknown` could not be looked at. */
export type CurrentRunState =
  | { readonly kind: 'running'; readonly percentage: number | null }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' };

/** A run of a step that is over. */
export interface InterruptedRun extends RequestedRun {
  readonly pipeline: PipelineId;
  readonly now: CurrentRunState;
  /** Of the cloud that it runs in; null when nobody knows. */
  readonly portal: string | null;
}

async function look(
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
 * Looks at the runs of a step, once each. Never throws: this is for people, and nobody waits for it.
 * @param signal what has not answered by then is unknown
 */
export async function readInterruptedRuns(
  runs: readonly RequestedRun[],
  request: TransferRequest,
  connect: (side: Side, place: SidePlan) => SideServices,
  signal: AbortSignal,
): Promise<readonly InterruptedRun[]> {
  const places = sidePlansOf(request.mode === 'doctor' ? request.examined : request);
  const connected = new Map<Side, SideServices>();
  const looks = runs.map(async ({ stage, run }): Promise<InterruptedRun | null> => {
    const side = stage === 'export' ? 'source' : 'target';
    const place = places[side];
    if (place?.pipeline == null) return null;
    const services = connected.get(side) ?? connect(side, place);
    connected.set(side, services);
    const { pipeline } = place;
    const now = await look(services, pipeline, run, signal);
    const portal = await withDeadline(signal, services.portal).catch(() => null);
    return { stage, run, pipeline, now, portal };
  });
  return (await Promise.all(looks)).filter((found) => found !== null);
}
