/** When the stages of the batches were under way. */
import type { ReportDocument } from '../../transfer/documents/index.ts';

type ReportBatch = ReportDocument['batches'][number];
type ReportStage = ReportBatch['stages'][number];

/** One stage of a batch. */
export interface Bar {
  readonly stage: ReportStage['stage'];
  readonly failed: boolean;
  /** Seconds since the beginning of the timeline. */
  readonly start: number;
  readonly seconds: number;
}

/** The stages of one batch, in the order in which they began. */
export interface Row {
  /** Of the batch, counted from 1. */
  readonly number: number;
  readonly bars: readonly Bar[];
}

/** A timeline. */
export interface Timeline {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly rows: readonly Row[];
  /** Batches that are not drawn. */
  readonly hidden: number;
}

/** More are no picture any more. */
const MAX_ROWS = 20;

const begin = ({ startedAt }: ReportStage): number => Date.parse(startedAt);
const end = (stage: ReportStage): number => begin(stage) + stage.seconds * 1000;

/** What was there already took no time of anybody's. */
const worked = ({ stages }: ReportBatch): readonly ReportStage[] =>
  stages.filter(({ outcome }) => outcome !== 'skipped').sort((one, other) => begin(one) - begin(other));

const hasFailed = (stages: readonly ReportStage[]): boolean => stages.some(({ outcome }) => outcome === 'failed');

const lasted = (stages: readonly ReportStage[]): number => stages.reduce((sum, { seconds }) => sum + seconds, 0);

interface Worked {
  readonly number: number;
  readonly stages: readonly ReportStage[];
}

/** Those that a person would look for: what failed, then what took longest. */
const isInformative = (batches: readonly Worked[]): readonly Worked[] =>
  [...batches]
    .sort(
      (one, other) =>
        Number(hasFailed(other.stages)) - Number(hasFailed(one.stages)) || lasted(other.stages) - lasted(one.stages),
    )
    .slice(0, MAX_ROWS)
    .sort((one, other) => one.number - other.number);

/** The timeline of a report; null where nothing took any time. */
export function timelineOf({ batches, dryRun }: ReportDocument): Timeline | null {
  const all = batches
    .map((batch, index) => ({ number: index + 1, stages: worked(batch) }))
    .filter(({ stages }) => stages.length > 0);
  const stages = all.flatMap((item) => item.stages);
  if (dryRun || stages.length === 0) return null;
  const startedAt = stages.reduce((least, stage) => Math.min(least, begin(stage)), Number.POSITIVE_INFINITY);
  const seconds = (stages.reduce((most, stage) => Math.max(most, end(stage)), 0) - startedAt) / 1000;
  if (seconds <= 0) return null;
  const rows = isInformative(all).map(({ number, stages: own }) => ({
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
