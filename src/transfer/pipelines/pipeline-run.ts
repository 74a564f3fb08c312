/** Pipeline runs: starts or attaches to a run, and polls it. */
import {
  classifyRun,
  failed,
  ok,
  TransferError,
  transferError,
  UNANSWERED,
  type Result,
  type TransferErrorId,
} from '../errors/index.ts';
import type { PipelineId } from '../model/pipeline-id.ts';
import type { Side } from '../model/side.ts';
import type { Clock } from '../ports/clock.ts';
import type { PipelineFacts, PipelineRun, PipelineRuns, RunRequest, SucceededState } from '../ports/pipelines.ts';

/** A run that has succeeded. */
export type SucceededRun = PipelineRun & { readonly state: { readonly kind: 'succeeded' } };

const MIN_WAIT_SECONDS = 2;
/** A `Retry-After` of 0 must not cause polling without a pause. */
const MIN_RETRY_AFTER_SECONDS = 1;
const MAX_WAIT_SECONDS = 15;
/** The wait between two polls, as a part of the time that the run has taken. */
const MAX_POLLING_OVERHEAD = 0.05;
/** Failed reads in a row. A run can't be read right after it was accepted, and services have short outages. */
const MAX_FAILED_READS = 5;

/**
 * The wait before the next poll, seconds: the `Retry-After` of the service, or 2 s growing to 15 s. Polling delays the
 * result by at most 5 % of the time of the run.
 * @param elapsedSeconds since the first poll
 * @param retryAfterSeconds of the last response
 */
export function pollIntervalSeconds(elapsedSeconds: number, retryAfterSeconds: number | null): number {
  if (retryAfterSeconds !== null) return Math.max(MIN_RETRY_AFTER_SECONDS, retryAfterSeconds);
  return Math.min(MAX_WAIT_SECONDS, Math.max(MIN_WAIT_SECONDS, elapsedSeconds * MAX_POLLING_OVERHEAD));
}

const failedRun = (run: PipelineRun, reason: string): Error =>
  transferError(classifyRun(reason), { run: run.name, reason }, { correlationId: run.correlationId });

/** Options of {@link pollRun}. */
interface FollowOptions {
  readonly clock: Clock;
  /** Aborts at the time limit. Polling then throws the reason of the signal. */
  readonly signal: AbortSignal;
  /** 0 to 100; null if the service doesn't return it. */
  readonly onProgress: (percentage: number | null) => void;
  /** Reports a note for the log, in one sentence. */
  readonly onNote: (text: string) => void;
}

/** A run that is Succeeded without a status is polled for this time. Then it counts as ended. Seconds. */
export const UNCONFIRMED_SECONDS = 120;

/**
 * Waits for the status of a run that is Succeeded without one. Returns the state of the run when the time is over. The blob or
 * the verification then shows what the run has done.
 */
function unconfirmedTimer({ clock, onNote }: Pick<FollowOptions, 'clock' | 'onNote'>) {
  let since: number | null = null;
  return ({ name, state }: PipelineRun): SucceededState | null => {
    const unconfirmed = state.kind === 'running' ? state.unconfirmed : undefined;
    if (unconfirmed === undefined) {
      since = null;
      return null;
    }
    if (since === null) {
      since = clock.now();
      onNote(
        `Run ${name} is Succeeded, but its response has no status. It is polled for ${UNCONFIRMED_SECONDS / 60} more minutes, and then counts as ended.`,
      );
    }
    return clock.now() - since >= UNCONFIRMED_SECONDS * 1000 ? unconfirmed : null;
  };
}

/** Transient errors of a read: no answer, an error of the service, too many requests. */
const TRANSIENT: readonly TransferErrorId[] = [...UNANSWERED, 'ACRT3009', 'ACRT3040'];

/** Reads a run once. Returns a transient error instead of throwing it. */
async function readRun(runs: PipelineRuns, name: string): Promise<Result<PipelineRun, TransferError>> {
  try {
    const run = await runs.find(name);
    return run === null ? failed(transferError('ACRT4004', { run: name })) : ok(run);
  } catch (error) {
    if (error instanceof TransferError && TRANSIENT.includes(error.facts.id)) return failed(error);
    throw error;
  }
}

/**
 * Polls a run until it has ended. Reads the run and not the operation URL, because only the run has state, progress, and
 * the service's message, and only the run can be found by a later attempt.
 *
 * @param started the run in the response that started or found it; it might have ended already
 * @throws ACRT4001, ACRT4002, ACRT4011 to ACRT4022 if the run failed; ACRT4004 if it doesn't exist any more; ACRT2005,
 *   ACRT2012, ACRT2018 to ACRT2020, ACRT3009, ACRT3040 if several reads in a row fail
 */
export async function pollRun(runs: PipelineRuns, started: PipelineRun, options: FollowOptions): Promise<SucceededRun> {
  const { clock, signal, onProgress } = options;
  const startedAt = clock.now();
  let run = started;
  let failedReads = 0;
  const endOf = unconfirmedTimer(options);
  for (;;) {
    const state = endOf(run) ?? run.state;
    if (state.kind === 'succeeded') return { ...run, state };
    if (state.kind === 'failed') throw failedRun(run, state.reason);
    onProgress(state.percentage);
    await clock.sleep(pollIntervalSeconds((clock.now() - startedAt) / 1000, run.retryAfterSeconds), signal);
    const current = await readRun(runs, run.name);
    if (!current.ok) {
      failedReads += 1;
      if (failedReads >= MAX_FAILED_READS) throw current.problem;
      continue;
    }
    failedReads = 0;
    run = current.value;
  }
}

const READY = 'succeeded';

/**
 * Checks that a pipeline exists and is ready.
 * @throws ACRT3001, ACRT3003
 */
export function readyPipeline(side: Side, id: PipelineId, pipeline: PipelineFacts | null): PipelineFacts {
  if (pipeline === null) throw transferError('ACRT3001', { side, pipeline: id.resourceId });
  if (pipeline.provisioningState.toLowerCase() === READY) return pipeline;
  throw transferError('ACRT3003', { pipeline: id.name, state: pipeline.provisioningState });
}

/** Errors after which the run might exist: another attempt started it, or the response was lost. */
const MAYBE_STARTED: readonly TransferErrorId[] = [...UNANSWERED, 'ACRT4006', 'ACRT3009', 'ACRT3040'];

/** Whether a run was started after the earlier one. */
const isNew = (run: PipelineRun, earlier: PipelineRun | null): boolean =>
  earlier === null || (run.startedAt !== null && run.startedAt !== earlier.startedAt);

/**
 * Attaches to a run that is in progress, or starts it. If the start fails and the run exists anyway, attaches to it: another
 * attempt started it, the response was lost, or the request was sent twice. The run might have ended since.
 * @param earlier the run of this name before the start; null if there was none
 * @throws ACRT3002, ACRT4006, and the other errors of a start
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
    if (!(error instanceof TransferError) || !MAYBE_STARTED.includes(error.facts.id)) throw error;
    const run = await runs.find(name);
    if (run !== null && (run.state.kind === 'running' || isNew(run, earlier))) return run;
    throw error;
  }
}
