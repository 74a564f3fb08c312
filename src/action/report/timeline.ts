/** Start and duration of the stages of the batches. */
import type { ReportDocument } from '../../transfer/documents/index.ts';

type ReportBatch = ReportDocument['batches'][number];
type ReportStage = ReportBatch['stages'][number];

/** One stage of a batch. */
export interface Bar {
  readonly stage: ReportStage['stage'];
  readonly failed: boolean;
  /** Seconds since the start of the timeline. */
  readonly start: number;
  readonly seconds: number;
}

/** The text of a bar. */
export const barName = ({ stage, failed }: Pick<Bar, 'stage' | 'failed'>): string => (failed ? `${stage} ✗` : stage);

/** The stages of one batch, in the order in which they started. */
export interface Row {
  /** Number of the batch, counted from 1. */
  readonly number: number;
  readonly bars: readonly Bar[];
}

/** A timeline of batches. */
export interface Timeline {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly rows: readonly Row[];
  /** Batches that are not drawn. */
  readonly hidden: number;
}

/** A diagram with more rows is not readable. */
const MAX_ROWS = 20;

const begin = ({ startedAt }: ReportStage): number => Date.parse(startedAt);
const end = (stage: ReportStage): number => begin(stage) + stage.seconds * 1000;

/** The stages that did something, in the order in which they started. */
const executedStages = ({ stages }: ReportBatch): readonly ReportStage[] =>
  stages.filter(({ outcome }) => outcome !== 'skipped').sort((one, other) => begin(one) - begin(other));

const hasFailed = (stages: readonly ReportStage[]): boolean => stages.some(({ outcome }) => outcome === 'failed');

const totalSeconds = (stages: readonly ReportStage[]): number => stages.reduce((sum, { seconds }) => sum + seconds, 0);

interface ExecutedBatch {
  readonly number: number;
  readonly stages: readonly ReportStage[];
}

/** Selects the batches to show: failed batches first, then the longest. */
const selectBatches = (batches: readonly ExecutedBatch[]): readonly ExecutedBatch[] =>
  [...batches]
    .sort(
      (one, other) =>
        Number(hasFailed(other.stages)) - Number(hasFailed(one.stages)) ||
        totalSeconds(other.stages) - totalSeconds(one.stages),
    )
    .slice(0, MAX_ROWS)
    .sort((one, other) => one.number - other.number);

/** The timeline of a report; null if no stage took any time. */
export function timelineOf({ batches, dryRun }: ReportDocument): Timeline | null {
  const all = batches
    .map((batch, index) => ({ number: index + 1, stages: executedStages(batch) }))
    .filter(({ stages }) => stages.length > 0);
  const stages = all.flatMap((item) => item.stages);
  if (dryRun || stages.length === 0) return null;
  const startedAt = stages.reduce((least, stage) => Math.min(least, begin(stage)), Number.POSITIVE_INFINITY);
  const seconds = (stages.reduce((most, stage) => Math.max(most, end(stage)), 0) - startedAt) / 1000;
  if (seconds <= 0) return null;
  const rows = selectBatches(all).map(({ number, stages: own }) => ({
    number,
    bars: own.map((stage) => ({
      stage: stage.stage,
      failed: stage.outcome === 'failed',
      start: (begin(stage) - startedAt) / 1000,
      seconds: stage.seconds,
    })),
  }));
  return { startedAt, seconds, rows, hidden: all.length - rows.length };
}
