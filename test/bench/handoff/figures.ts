import { round } from '../measure.ts';
import type { RegimeName } from './settings.ts';
import type { Result, Results } from './rounds.ts';
import type { WorkloadName } from './workload.ts';

/** MiB per second of a client that discards the bytes. `rate` is the smaller one. */
export interface Ceiling {
  readonly down: number;
  readonly up: number;
  readonly rate: number;
}

/** The results of one workload in one regime. */
export interface WorkloadFigures extends Results {
  readonly ceiling: Ceiling;
}

/** Figures of a regime by workload. */
export type RegimeFigures = Readonly<Partial<Record<WorkloadName, WorkloadFigures>>>;

/** Rates relative to other tools, the smallest of all workloads: 1 is as fast. Null without a comparison. */
export interface Ratios {
  readonly ratioRclone: number | null;
  readonly ratioAzcopy: number | null;
  readonly ratioCeiling: number | null;
  readonly ratioServer: number | null;
}

/** Figures that are measured once, in the regime `open`. */
export interface Single {
  /** Peak memory of the action at 8 GiB, with its other figures. */
  readonly huge: Result | null;
  /** rclone with the check that shows whether the bytes arrived. */
  readonly rcloneVerified: Result | null;
}

/** All figures. */
export interface Measured extends Single {
  readonly runs: number;
  readonly regimes: Readonly<Partial<Record<RegimeName, RegimeFigures>>>;
}

/** The action's rate divided by another rate. */
export const ratio = (ours: number | undefined, other: number | undefined): number | null =>
  ours === undefined || other === undefined ? null : round(ours / other);

function least(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((number) => number !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** Ratios of a regime. */
export function ratiosOf(figures: RegimeFigures | undefined): Ratios {
  const all = Object.values(figures ?? {});
  const over = (compare: (workload: WorkloadFigures) => number | null): number | null => least(all.map(compare));
  return {
    ratioRclone: over(({ ours, rclone }) => ratio(ours?.mibPerSecond, rclone?.mibPerSecond)),
    ratioAzcopy: over(({ ours, azcopy }) => ratio(ours?.mibPerSecond, azcopy?.mibPerSecond)),
    ratioCeiling: over(({ ours, ceiling }) => ratio(ours?.mibPerSecond, ceiling.rate)),
    ratioServer: over(({ server, azcopyServer }) => ratio(server?.mibPerSecond, azcopyServer?.mibPerSecond)),
  };
}

/** Largest resident set of the action with `stream`, MB (10⁶ bytes), over all runs. */
export function peakRssMb({ regimes, huge }: Measured): number | null {
  const streamed = Object.values(regimes).flatMap((figures) => Object.values(figures).map(({ ours }) => ours));
  const known = [...streamed, huge].flatMap((result) => result?.peakRssMb ?? []);
  return known.length === 0 ? null : Math.max(...known);
}

/** The last line of the bench. The headline ratios are those of the regime `wan`. */
export function report(measured: Measured) {
  const { runs, regimes, huge, rcloneVerified } = measured;
  const ours = regimes.open?.big?.ours;
  return {
    ...ratiosOf(regimes.wan),
    peakRssMb: peakRssMb(measured),
    runs,
    line: ratiosOf(regimes.line),
    open: {
      ...ratiosOf(regimes.open),
      ratioRcloneVerified: ratio(ours?.mibPerSecond, rcloneVerified?.mibPerSecond),
      rcloneVerified,
      huge,
    },
    workloads: regimes,
  };
}

/** Figures of the bench. */
export type Report = ReturnType<typeof report>;
