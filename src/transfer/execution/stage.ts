/** Times a stage, emits events, turns errors into TransferErrors. */
import { toTransferError, TransferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { EventListener, Progress, Stage, StageOutcome } from '../model/events.ts';
import type { StageRecord } from '../model/result.ts';
import { pollRun, type SucceededRun } from '../pipelines/pipeline-run.ts';
import type { Clock } from '../ports/clock.ts';
import type { StageContext } from '../ports/context.ts';
import type { PipelineRun, PipelineRuns } from '../ports/pipelines.ts';
import { deadlineError, withDeadline, type Deadline } from '../resilience/deadline.ts';

/** Follows a run as the work of a stage, which tells its progress in percent. */
export const pollRunInStage = (runs: PipelineRuns, started: PipelineRun, tools: StageContext): Promise<SucceededRun> =>
  pollRun(runs, started, {
    ...tools,
    onProgress: (done) => {
      tools.onProgress({ unit: 'percent', done });
    },
  });

/** What all stages of a transfer share. */
export interface StageTerms extends Deadline {
  readonly clock: Clock;
  readonly onEvent: EventListener;
}

/** Runs one stage of a batch and keeps the record. */
export type RunStage = <Result extends { readonly outcome: 'done' | 'skipped' }>(
  stage: Stage,
  detail: string,
  work: (tools: StageContext) => Promise<Result>,
) => Promise<Result>;

function stageError(error: unknown, stage: Stage, batch: Batch, conduct: StageTerms): Error {
  if (conduct.signal.aborted && !(error instanceof TransferError)) {
    return deadlineError(`The ${stage} of ${batch.blob}`, conduct, error);
  }
  return toTransferError(error);
}

/**
 * Makes the runner of one batch's stages: it times them, tells the listener, and turns what is thrown into failures.
 * @param records filled in the order of the stages
 */
export function stageRunner(batch: Batch, conduct: StageTerms, records: StageRecord[]): RunStage {
  const { clock, signal, onEvent } = conduct;
  return async (stage, detail, work) => {
    const startedAt = clock.now();
    const end = (outcome: StageOutcome): void => {
      const endedAt = clock.now();
      records.push({ stage, outcome, startedAt, endedAt });
      onEvent({ kind: 'stage-ended', batch: batch.index, stage, outcome, seconds: (endedAt - startedAt) / 1000 });
    };
    onEvent({ kind: 'stage-started', batch: batch.index, stage, detail });
    try {
      signal.throwIfAborted();
      const onProgress = (progress: Progress): void => {
        onEvent({ kind: 'stage-progress', batch: batch.index, stage, progress });
      };
      const onNote = (text: string): void => {
        onEvent({ kind: 'said', batch: batch.index, text });
      };
      const result = await withDeadline(signal, () => work({ clock, signal, onProgress, onNote }));
      end(result.outcome);
      return result;
    } catch (error) {
      end('failed');
      throw stageError(error, stage, batch, conduct);
    }
  };
}
