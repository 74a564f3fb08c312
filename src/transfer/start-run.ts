import type { FailureId } from './catalogue.ts';
import { Failure } from './failure.ts';
import type { PipelineRun, PipelineRuns, RunOrder } from './services.ts';

/** Refusals behind which the run may be there all the same: somebody else was faster, or the answer was lost. */
const PERHAPS_STARTED: readonly FailureId[] = ['ACRT4006', 'ACRT2005', 'ACRT2012', 'ACRT3009', 'ACRT3040'];

/** Whether a run is another than the one that was there before. */
const isNew = (now: PipelineRun, earlier: PipelineRun | null): boolean =>
  earlier === null || (now.startedAt !== null && now.startedAt !== earlier.startedAt);

/**
 * Takes up a run: one that is under way is followed, any other is started. When starting is refused although the run was
 * started, by another attempt, by an answer that got lost or a request that arrived twice, it is joined; it may have ended since.
 * @param earlier the run of this name as it was found before; null when there was none
 * @throws ACRT3002, ACRT4006 and what starting throws
 */
export async function takeUpRun(
  runs: PipelineRuns,
  name: string,
  order: RunOrder,
  earlier: PipelineRun | null,
): Promise<PipelineRun> {
  if (earlier?.state.kind === 'running') return earlier;
  try {
    return await runs.start(name, order, earlier !== null);
  } catch (error) {
    if (!(error instanceof Failure) || !PERHAPS_STARTED.includes(error.facts.id)) throw error;
    const now = await runs.find(name);
    if (now !== null && (now.state.kind === 'running' || isNew(now, earlier))) return now;
    throw error;
  }
}
