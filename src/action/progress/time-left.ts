/** How much longer a transfer takes, told from the batches that are behind it. */
import type { Stage, StageOutcome } from '../../transfer/model/events.ts';
import type { TransferRequest } from '../../transfer/model/request.ts';
import { formatCount, formatNumber, formatSeconds } from '../text/format.ts';
import type { StageOfBatch } from './runs.ts';

/** Watches whole batches. Times in milliseconds since the epoch. */
export interface Outlook {
  readonly begin: (of: StageOfBatch, now: number) => void;
  readonly end: (of: StageOfBatch, outcome: StageOutcome) => void;
  /** One line; none before a batch is finished, nor once all are. */
  readonly lines: (batches: number, now: number) => readonly string[];
}

/** The stage with which a batch is finished; null when nothing is carried. */
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
 * Begins to watch.
 * @param last stage of a batch; null: nobody knows
 */
export function watchBatches(last: Stage | null): Outlook {
  const finished = new Set<number>();
  let since: number | null = null;

  return {
    begin: ({ batch }, now) => {
      since ??= now;
      // What is looked at before it is carried, or tried again, was not finished.
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
