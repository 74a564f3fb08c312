/** Pipeline ready or not; a run: start or attach, poll, find the trigger's. */
import { classifyRun, TransferError, transferError, type TransferErrorId } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { PipelineId } from '../model/pipeline-id.ts';
import type { Side } from '../model/side.ts';
import type { Clock } from '../ports/clock.ts';
import type { PipelineFacts, PipelineRun, PipelineRuns, RunRequest } from '../ports/pipelines.ts';
import type { ReadySide } from '../ports/side-services.ts';

/** A run that has ended well. */
export type SucceededRun = PipelineRun & { readonly state: { readonly kind: 'succeeded' } };

const MIN_WAIT_SECONDS = 2;
/** A service that asks for no wait at all would be asked without a pause. */
const MIN_RETRY_AFTER_SECONDS = 1;
/** Nor does anybody mean a day. */
const MAX_RETRY_AFTER_SECONDS = 300;
const MAX_WAIT_SECONDS = 15;
/** The part of a run's own time that may be lost to waiting between two looks. */
const LOST_TO_POLLING = 0.05;
/** Looks in a row that may come to nothing: a run just accepted is not readable at once, and services have bad moments. */
const MAX_FAILED_READS = 5;

/**
 * How long to wait before the next look at a run: what the service asks for, else 2 s growing to 15 s, so that at most
 * 5 % of the run's own time is lost.
 * @param elapsedSeconds since the run was first seen
 * @param retryAfterSeconds what the last answer asked for
 */
export function pollIntervalSeconds(elapsedSeconds: number, retryAfterSeconds: number | null): number {
  if (retryAfterSeconds !== null) {
    return Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(MIN_RETRY_AFTER_SECONDS, retryAfterSeconds));
  }
  return Math.min(MAX_WAIT_SECONDS, Math.max(MIN_WAIT_SECONDS, elapsedSeconds * LOST_TO_POLLING));
}

const failedRun = (run: PipelineRun, reason: string): Error =>
  transferError(classifyRun(reason), { run: run.name, reason }, { correlationId: run.correlationId });

/** What following a run takes. */
export interface FollowOptions {
  readonly clock: Clock;
  /** Aborts at the time limit; what is thrown then is the signal's reason. */
  readonly signal: AbortSignal;
  /** 0 to 100, or null when the service does not say. */
  readonly onProgress: (percentage: number | null) => void;
}

/** Failures of one look that the next may not have: no connection, an error of the service, too many requests. */
const PASSING: readonly TransferErrorId[] = ['ACRT2005', 'ACRT2012', 'ACRT3009', 'ACRT3040'];

/** One look at a run: the run, or why there was nothing to see. */
async function readRun(runs: PipelineRuns, name: string): Promise<PipelineRun | TransferError> {
  try {
    return (await runs.find(name)) ?? transferError('ACRT4004', { run: name });
  } catch (error) {
    if (error instanceof TransferError && PASSING.includes(error.facts.id)) return error;
    throw error;
  }
}

/**
 * Follows a run to its true end by looking at the run itself. The run is the only place that has state, progress and the
 * service's message together, and the only one that a second attempt can find again, so no operation URL is needed.
 *
 * @param started the run as it was answered when it was started or found; it may already be final
 * @throws ACRT4001, ACRT4002, ACRT4011 to ACRT4022 failed; ACRT4004 vanished; ACRT2005, ACRT3009, ACRT3040 when looking fails time after time
 */
export async function pollRun(runs: PipelineRuns, started: PipelineRun, options: FollowOptions): Promise<SucceededRun> {
  const { clock, signal, onProgress } = options;
  const since = clock.now();
  let run = started;
  let blind = 0;
  for (;;) {
    const { state } = run;
    if (state.kind === 'succeeded') return { ...run, state };
    if (state.kind === 'failed') throw failedRun(run, state.reason);
    onProgress(state.percentage);
    await clock.sleep(pollIntervalSeconds((clock.now() - since) / 1000, run.retryAfterSeconds), signal);
    const seen = await readRun(runs, run.name);
    if (seen instanceof TransferError) {
      blind += 1;
      if (blind >= MAX_FAILED_READS) throw seen;
      continue;
    }
    blind = 0;
    run = seen;
  }
}

/** Clocks of two services may differ by this much. */
const SKEW_MILLISECONDS = 60_000;

/**
 * The run by which the source trigger took up a blob; null when there is none yet. A run that began before the blob was
 * written was for an older blob of the same name. Of a blob that is gone the newest run counts: it may have deleted it.
 */
export async function triggeredRun(
  { runs, container }: Pick<ReadySide, 'runs' | 'container'>,
  { blob }: Batch,
): Promise<PipelineRun | null> {
  const run = (await runs.triggered(blob, container.uri)).at(-1) ?? null;
  if (run === null || run.startedAt === null) return run;
  const writtenAt = (await container.find(blob))?.modifiedAt ?? 0;
  return run.startedAt + SKEW_MILLISECONDS >= writtenAt ? run : null;
}

const READY = 'succeeded';

/** A pipeline that exists and is ready; ACRT3001 or ACRT3003 otherwise. */
export function readyPipeline(side: Side, id: PipelineId, pipeline: PipelineFacts | null): PipelineFacts {
  if (pipeline === null) throw transferError('ACRT3001', { side, pipeline: id.resourceId });
  if (pipeline.provisioningState.toLowerCase() === READY) return pipeline;
  throw transferError('ACRT3003', { pipeline: id.name, state: pipeline.provisioningState });
}

/** Refusals behind which the run may be there all the same: somebody else was faster, or the answer was lost. */
const PERHAPS_STARTED: readonly TransferErrorId[] = ['ACRT4006', 'ACRT2005', 'ACRT2012', 'ACRT3009', 'ACRT3040'];

/** Whether a run is another than the one that was there before. */
const isNew = (now: PipelineRun, earlier: PipelineRun | null): boolean =>
  earlier === null || (now.startedAt !== null && now.startedAt !== earlier.startedAt);

/**
 * Takes up a run: one that is under way is followed, any other is started. When starting is refused although the run was
 * started, by another attempt, by an answer that got lost or a request that arrived twice, it is joined; it may have ended since.
 * @param earlier the run of this name as it was found before; null when there was none
 * @throws ACRT3002, ACRT4006 and what starting throws
 */
export async function startOrAttach(
  runs: PipelineRuns,
  name: string,
  order: RunRequest,
  earlier: PipelineRun | null,
): Promise<PipelineRun> {
  if (earlier?.state.kind === 'running') return earlier;
  try {
    return await runs.start(name, order, earlier !== null);
  } catch (error) {
    if (!(error instanceof TransferError) || !PERHAPS_STARTED.includes(error.facts.id)) throw error;
    const now = await runs.find(name);
    if (now !== null && (now.state.kind === 'running' || isNew(now, earlier))) return now;
    throw error;
  }
}
