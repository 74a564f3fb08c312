/** Runs a stage: measures its time, emits its events, and converts its errors. */
import { toTransferError, TransferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { EventListener, Progress, Stage, StageOutcome } from '../model/events.ts';
import type { ExportedBlob } from '../model/blob.ts';
import type { ArrivalCheck, HandoffFacts, StageRecord } from '../model/result.ts';
import { pollRun, type SucceededRun } from '../pipelines/pipeline-run.ts';
import type { Clock } from '../ports/clock.ts';
import type { StageContext } from '../ports/context.ts';
import type { PipelineRun, PipelineRuns } from '../ports/pipelines.ts';
import type { ConcurrencyLimit } from '../resilience/concurrency-limit.ts';
import { deadlineError, withDeadline, type Deadline } from '../resilience/deadline.ts';

/** Polls a run until it ends, and reports its progress in percent. */
export const pollRunInStage = (
  runs: PipelineRuns,
  started: PipelineRun,
  stageContext: StageContext,
): Promise<SucceededRun> =>
  pollRun(runs, started, {
    ...stageContext,
    onProgress: (done) => {
      stageContext.onProgress({ unit: 'percent', done });
    },
  });

/** Settings and services that all stages of a transfer share. */
export interface StageTerms extends Deadline {
  readonly clock: Clock;
  readonly onEvent: EventListener;
}

/** Runs one stage of a batch and records it. */
export type RunStage = <Result extends { readonly outcome: 'done' | 'skipped' }>(
  stage: Stage,
  detail: string,
  work: (stageContext: StageContext) => Promise<Result>,
) => Promise<Result>;

function stageError(error: unknown, stage: Stage, batch: Batch, terms: StageTerms): Error {
  if (terms.signal.aborted && !(error instanceof TransferError)) {
    return deadlineError(`The ${stage} of ${batch.blob}`, terms, error);
  }
  return toTransferError(error);
}

/**
 * Creates the function that runs the stages of one batch. It records start, end and outcome, emits events, and converts
 * every error to a TransferError.
 * @param records receives one record per stage, in order
 */
export function stageRunner(batch: Batch, terms: StageTerms, records: StageRecord[]): RunStage {
  const { clock, signal, onEvent } = terms;
  return async (stage, detail, work) => {
    const startedAt = clock.now();
    let run: string | undefined;
    const end = (outcome: StageOutcome): void => {
      const endedAt = clock.now();
      records.push({ stage, outcome, startedAt, endedAt, ...(run !== undefined && { run }) });
      onEvent({ kind: 'stage-ended', batch: batch.index, stage, outcome, seconds: (endedAt - startedAt) / 1000 });
    };
    onEvent({ kind: 'stage-started', batch: batch.index, stage, detail });
    try {
      signal.throwIfAborted();
      const onProgress = (progress: Progress): void => {
        onEvent({ kind: 'stage-progress', batch: batch.index, stage, progress });
      };
      const onNote = (text: string): void => {
        onEvent({ kind: 'message', batch: batch.index, text });
      };
      const onRun = (name: string): void => {
        run = name;
      };
      const result = await withDeadline(signal, () => work({ clock, signal, onProgress, onNote, onRun }));
      end(result.outcome);
      return result;
    } catch (error) {
      end('failed');
      throw stageError(error, stage, batch, terms);
    }
  };
}

/** Limits on concurrent stages of each kind, and on concurrent reads of artifacts, over all batches. */
export interface Limits {
  readonly reads: ConcurrencyLimit;
  readonly exports: ConcurrencyLimit;
  readonly handoffs: ConcurrencyLimit;
  readonly imports: ConcurrencyLimit;
}

/** Runs the stages of a batch. */
export interface StageRunner {
  readonly runStage: RunStage;
  readonly limits: Limits;
  /** Runs checks between stages. Their errors count as errors of a stage, before a limit admits the next batch. */
  readonly runChecks: (checks: () => Promise<void>) => Promise<void>;
  /** Waits outside of stages. Ends with the stages. */
  readonly clock: Pick<StageTerms, 'clock' | 'signal'>;
  /** Records the exported blob for the transfer manifest, even if a later stage fails. */
  readonly onExported: (blob: ExportedBlob) => void;
  /** Records what an import brought, even if a later stage fails. */
  readonly onArrival: (arrival: ArrivalCheck) => void;
  /** Records what the handoff copied, even if a later stage fails. */
  readonly onHandedOff: (facts: HandoffFacts) => void;
}
