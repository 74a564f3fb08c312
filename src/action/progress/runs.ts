/** Progress of the stages that are not copies: export, import, verify. */
import type { Progress, Stage } from '../../transfer/model/events.ts';
import { formatCount, formatSeconds } from '../text/format.ts';

/** One stage of one batch. */
export interface StageOfBatch {
  readonly batch: number;
  readonly stage: Stage;
}

/** Tracks the stages that are not copies, and counts every successful stage. Times in milliseconds since the epoch. */
interface StageTracker {
  readonly begin: (of: StageOfBatch, now: number) => void;
  readonly advance: (of: StageOfBatch, progress: Extract<Progress, { unit: 'percent' }>) => void;
  readonly end: (of: StageOfBatch) => void;
  /**
   * Counts a successful stage. A stage that runs again is counted once.
   * @returns number of batches that have finished this stage; null if this one was counted before
   */
  readonly count: (of: StageOfBatch) => number | null;
  /** Lines about all stages and about each running stage. */
  readonly lines: (batches: number, now: number) => readonly string[];
}

/** Maximum number of stages with a line of their own. */
const MAX_SHOWN = 20;

interface RunningStage extends StageOfBatch {
  readonly since: number;
  readonly percent: number | null;
}

function describeStage({ percent, since }: RunningStage, now: number): string {
  const time = formatSeconds((now - since) / 1000);
  return percent === null ? time : `${percent} %, ${time}`;
}

/**
 * Creates a tracker of stages.
 * @param title returns the title of a stage
 */
export function trackStages(title: (of: StageOfBatch) => string): StageTracker {
  const underway = new Map<string, RunningStage>();
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
      const lines = shown.map((run) => `    ${title(run)}: ${describeStage(run, now)}`);
      return [head, ...lines, ...(rest > 0 ? [`    and ${rest} more`] : [])];
    },
  };
}
