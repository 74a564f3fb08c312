import type { FailureId } from './catalogue.ts';
import { runFailureId } from './diagnosis/run-message.ts';
import { failure, Failure } from './failure.ts';
import type { Clock, PipelineRun, PipelineRuns } from './services.ts';
import type { StageTools } from './stage.ts';

/** A run that has ended well. */
export type SucceededRun = PipelineRun & { readonly state: { readonly kind: 'succeeded' } };

const SHORTEST_WAIT_SECONDS = 2;
/** A service that asks for no wait at all would be asked without a pause. */
const LEAST_RETRY_AFTER_SECONDS = 1;
/** Nor does anybody mean a day. */
const MOST_RETRY_AFTER_SECONDS = 300;
const LONGEST_WAIT_SECONDS = 15;
/** The part of a run's own time that may be lost to waiting between two looks. */
const LOST_TO_POLLING = 0.05;
/** Looks in a row that may come to nothing: a run just accepted is not readable at once, and services have bad moments. */
const BLIND_LOOKS = 5;

/**
 * How long to wait before the next look at a run: what the service asks for, else 2 s growing to 15 s, so that at most
 * 5 % of the run's own time is lost.
 * @param elapsedSeconds since the run was first seen
 * @param retryAfterSeconds what the last answer asked for
 */
export function waitSeconds(elapsedSeconds: number, retryAfterSeconds: number | null): number {
  if (retryAfterSeconds !== null) {
    return Math.min(MOST_RETRY_AFTER_SECONDS, Math.max(LEAST_RETRY_AFTER_SECONDS, retryAfterSeconds));
  }
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(SHORTEST_WAIT_SECONDS, elapsedSeconds * LOST_TO_POLLING));
}

const failedRun = (run: PipelineRun, reason: string): Error =>
  failure(runFailureId(reason), { run: run.name, reason }, { correlationId: run.correlationId });

/** What following a run takes. */
export interface FollowOptions {
  readonly clock: Clock;
  /** Aborts at the time limit; what is thrown then is the signal's reason. */
  readonly signal: AbortSignal;
  /** 0 to 100, or null when the service does not say. */
  readonly onProgress: (percentage: number | null) => void;
}

/** Failures of one look that the next may not have: no connection, an error of the service, too many requests. */
const PASSING: readonly FailureId[] = ['ACRT2005', 'ACRT2012', 'ACRT3009', 'ACRT3040'];

/** One look at a run: the run, or why there was nothing to see. */
async function look(runs: PipelineRuns, name: string): Promise<PipelineRun | Failure> {
  try {
    return (await runs.find(name)) ?? failure('ACRT4004', { run: name });
  } catch (error) {
    if (error instanceof Failure && PASSING.includes(error.facts.id)) return error;
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
export async function followRun(
  runs: PipelineRuns,
  started: PipelineRun,
  options: FollowOptions,
): Promise<SucceededRun> {
  const { clock, signal, onProgress } = options;
  const since = clock.now();
  let run = started;
  let blind = 0;
  for (;;) {
    const { state } = run;
    if (state.kind === 'succeeded') return { ...run, state };
    if (state.kind === 'failed') throw failedRun(run, state.reason);
    onProgress(state.percentage);
    await clock.sleep(waitSeconds((clock.now() - since) / 1000, run.retryAfterSeconds), signal);
    const seen = await look(runs, run.name);
    if (seen instanceof Failure) {
      blind += 1;
      if (blind >= BLIND_LOOKS) throw seen;
      continue;
    }
    blind = 0;
    run = seen;
  }
}

/** Follows a run as the work of a stage, which tells its progress in percent. */
export const followInStage = (runs: PipelineRuns, started: PipelineRun, tools: StageTools): Promise<SucceededRun> =>
  followRun(runs, started, {
    ...tools,
    onProgress: (done) => {
      tools.onProgress({ unit: 'percent', done });
    },
  });
