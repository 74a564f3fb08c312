import type { Progress, Stage } from '../../transfer/model/events.ts';
import { formatCount, formatSeconds } from '../text/format.ts';

/** A stage of a batch. */
export interface StageOfBatch {
  readonly batch: number;
  readonly stage: Stage;
}

/** Watches the stages that are not copies, and counts all that have ended well. Times in milliseconds since the epoch. */
export interface Runs {
  readonly begin: (of: StageOfBatch, now: number) => void;
  readonly advance: (of: StageOfBatch, progress: Extract<Progress, { unit: 'percent' }>) => void;
  readonly end: (of: StageOfBatch) => void;
  /**
   * Counts a stage that has ended well, once however often it is done again.
   * @returns how many batches have it behind them; null when this one was counted before
   */
  readonly count: (of: StageOfBatch) => number | null;
  /** Lines about all and about each that is under way. */
  readonly lines: (batches: number, now: number) => readonly string[];
}

/** Stages that have a line of their own. */
const MAX_SHOWN = 20;

interface Run extends StageOfBatch {
  readonly since: number;
  readonly percent: number | null;
}

function describeRun({ percent, since }: Run, now: number): string {
  const time = formatSeconds((now - since) / 1000);
  return percent === null ? time : `${percent} %, ${time}`;
}

/**
 * Begins to watch.
 * @param title of a stage's line
 */
export function watchRuns(title: (of: StageOfBatch) => string): Runs {
  const underway = new Map<string, Run>();
  const ended = new Map<Stage, Set<number>>();
  const key = ({ batch, stage }: StageOfBatch): string => `${batch} ${stage}`;

  return {
    begin: ({ batch, stage }, now) => underway.set(key({ batch, stage }), { batch, stage, since: now, percent: null }),
    advance: (of, { done }) => {
      const run = underway.get(key(of));
      if (run !== undefined) underway.set(key(of), { ...run, percent: done });
    },
    end: (of) => underway.delete(key(of)),
    count: ({ batch, stage }) => {
      const done = ended.get(stage) ?? new Set();
      if (done.has(batch)) return null;
      ended.set(stage, done.add(batch));
      return done.size;
    },
    lines: (batches, now) => {
      if (underway.size === 0) return [];
      const totals = [...ended].map(([stage, done]) => `${stage} ${done.size}/${batches}`).join(', ');
      const head = `… ${formatCount(underway.size, 'stage')} under way${totals === '' ? '' : `; done: ${totals}`}`;
      const shown = [...underway.values()].slice(0, MAX_SHOWN);
      const rest = underway.size - shown.length;
      const lines = shown.map((run) => `    ${title(run)}: ${describeRun(run, now)}`);
      return [head, ...lines, ...(rest > 0 ? [`    and ${rest} more`] : [])];
    },
  };
}
