/** Estimates the remaining time of a transfer from its finished batches. */
import type { Stage, StageOutcome } from '../../transfer/model/events.ts';
import type { TransferRequest } from '../../transfer/model/request.ts';
import { formatCount, formatNumber, formatSeconds } from '../text/format.ts';
import type { StageOfBatch } from './runs.ts';

/** Tracks whole batches. Times in milliseconds since the epoch. */
interface BatchTracker {
  readonly begin: (of: StageOfBatch, now: number) => void;
  readonly end: (of: StageOfBatch, outcome: StageOutcome) => void;
  /** One line; none before the first batch is finished and after the last one. */
  readonly lines: (batches: number, now: number) => readonly string[];
}

/** The last stage of a batch; null if the mode transfers nothing. */
export function finalStage(request: TransferRequest): Stage | null {
  switch (request.mode) {
    case 'doctor':
      return null;
    case 'export':
    case 'handoff':
      return request.mode;
    case 'import':
    case 'full':
      return request.verify ? 'verify' : 'import';
  }
}

/**
 * Creates a tracker of batches.
 * @param last the last stage of a batch; null if unknown
 */
export function trackBatches(last: Stage | null): BatchTracker {
  const finished = new Set<number>();
  let since: number | null = null;

  return {
    begin: ({ batch }, now) => {
      since ??= now;
      // A batch that starts another stage is not finished: it was only checked before, or it is retried.
      finished.delete(batch);
    },
    end: ({ batch, stage }, outcome) => {
      if (stage === last || outcome === 'failed') finished.add(batch);
    },
    lines: (batches, now) => {
      const left = batches - finished.size;
      if (last === null || since === null || finished.size === 0 || left <= 0) return [];
      const seconds = (now - since) / 1000;
      const rest = (seconds / finished.size) * left;
      const done = `${formatNumber(finished.size)} of ${formatCount(batches, 'batch', 'batches')} finished`;
      return [`… ${done} in ${formatSeconds(seconds)}, about ${formatSeconds(rest)} left`];
    },
  };
}
