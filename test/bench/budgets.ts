/** The budgets of the benches. docs/performance.md lists them. */
import { MAX_BUNDLE_BYTES } from '../../scripts/dist/size.ts';
import { atLeast, atMost, equal, type Failures } from '../verdict.ts';
import type { BatchesFigures } from './batches.ts';
import type { RegimeFigures, Report } from './handoff/figures.ts';
import type { RegimeName } from './handoff/settings.ts';
import type { HashingFigures } from './hashing.ts';
import type { MakespanFigures } from './makespan.ts';
import type { MemoryFigures } from './memory.ts';
import type { PlanFigures } from './plan.ts';
import type { StartFigures } from './start.ts';
import type { SyncFigures } from './sync.ts';

/** MB (10⁶ bytes), for any blob size and any length of a list. */
const PEAK_RSS_MB = 256;

const memory = (name: string, megabytes: number | null): Failures => atMost(name, megabytes, PEAK_RSS_MB);

/** At most 3 times the start of bare Node.js, in the same run. If that takes 80 ms or less, this is also less than 250 ms. */
export const judgeStart = ({ medianMs, bareNodeMs, bundleBytes }: StartFigures): Failures => [
  ...atLeast('bareNodeMs', bareNodeMs, 1),
  ...atMost('medianMs / bareNodeMs', medianMs / bareNodeMs, 3),
  ...atMost('bundleBytes', bundleBytes, MAX_BUNDLE_BYTES),
];

/** Polling loses at most 5 % of the service's time, or 5 s. */
export const judgeMakespan = ({ status, seconds, idealSeconds }: MakespanFigures): Failures => [
  ...equal('status', status, 'succeeded'),
  ...atMost('seconds', seconds, idealSeconds + Math.max(5, 0.05 * idealSeconds)),
];

/** The whole blob arrives, in flat memory. */
export const judgeMemory = ({ status, bytes, blobBytes, peakRssMb }: MemoryFigures): Failures => [
  ...equal('status', status, 'succeeded'),
  ...equal('bytes', bytes, blobBytes),
  ...memory('peakRssMb', peakRssMb),
];

/** A sync with nothing new, and one with one new artifact, which alone is transferred. */
export const judgeSync = (figures: SyncFigures): Failures => [
  ...equal('artifacts', figures.artifacts, 1000),
  ...equal('status', figures.status, 'nothing-to-do'),
  ...atMost('seconds', figures.seconds, 5),
  ...atMost('sourceRequests', figures.sourceRequests, figures.sourceBudget),
  ...atMost('targetRequests', figures.targetRequests, figures.targetBudget),
  ...memory('peakRssMb', figures.peakRssMb),
  ...equal('newsStatus', figures.newsStatus, 'succeeded'),
  ...equal('newsTransferred', figures.newsTransferred, 1),
  ...equal('newsArtifacts', figures.newsArtifacts, figures.newsExpected),
];

/** All 10,000 artifacts are planned, in batches of at most 50. */
export const judgePlan = ({ status, artifacts, batches, seconds, peakRssMb }: PlanFigures): Failures => [
  ...equal('status', status, 'succeeded'),
  ...equal('artifacts', artifacts, 10_000),
  ...atLeast('batches', batches, 200),
  ...atMost('seconds', seconds, 30),
  ...memory('peakRssMb', peakRssMb),
];

/** Additional batches are allowed where they save bytes, at most one in twenty. */
const EXTRA_BATCHES = 1.05;

/** The model is the same on every machine. The limits are the savings in the documentation. */
export const judgeBatches = (figures: BatchesFigures): Failures => [
  ...equal('artifacts', figures.artifacts, 2000),
  ...equal('signedArtifacts', figures.signedArtifacts, 6000),
  ...equal('largeArtifacts', figures.largeArtifacts, 10_000),
  ...atMost('batches', figures.batches, EXTRA_BATCHES * figures.naiveBatches),
  ...atMost('signedBatches', figures.signedBatches, EXTRA_BATCHES * figures.signedNaiveBatches),
  ...atLeast('savedPercent', figures.savedPercent, 34.5),
  ...atLeast('fixedBasesSavedPercent', figures.fixedBasesSavedPercent, 16.7),
  ...atLeast('signedSavedPercent', figures.signedSavedPercent, 45.5),
  // A third of the budget for planning as many artifacts.
  ...atMost('largeSeconds', figures.largeSeconds, 10),
];

/**
 * One pass costs less than two, and threads keep the main thread free. `rssMb` has no limit, because most of it belongs to the
 * bench.
 */
export const judgeHashing = (figures: HashingFigures): Failures => [
  ...atLeast('ratioTwoPasses', figures.ratioTwoPasses, 1.25),
  ...atLeast('oneThreadMibPerSecond / mainMibPerSecond', figures.oneThreadMibPerSecond / figures.mainMibPerSecond, 0.9),
  ...atMost('oneThreadDelayP99Ms', figures.oneThreadDelayP99Ms, figures.mainDelayP99Ms),
];

/** `wan` and `line` are limited by bandwidth, `open` by the processors alone. */
const MIN_RATIO: Readonly<Record<RegimeName, Readonly<Record<'rclone' | 'azcopy', number>>>> = {
  wan: { rclone: 1, azcopy: 1 },
  line: { rclone: 1, azcopy: 1 },
  open: { rclone: 0.8, azcopy: 1 },
};

const CPU_SECONDS_PER_GIB = 4;

const judgeRegime = (name: RegimeName, { workloads, ...regimes }: Report, figures: RegimeFigures): Failures => {
  const { ratioRclone, ratioAzcopy } = name === 'wan' ? regimes : regimes[name];
  return [
    ...atLeast(`${name}: ratioRclone`, ratioRclone, MIN_RATIO[name].rclone),
    ...atLeast(`${name}: ratioAzcopy`, ratioAzcopy, MIN_RATIO[name].azcopy),
    ...Object.entries(figures).flatMap(([workload, { ours }]) =>
      atMost(`${name}: ${workload}: cpuSecondsPerGiB`, ours?.cpuSecondsPerGiB, CPU_SECONDS_PER_GIB),
    ),
  ];
};

const REGIMES = Object.keys(MIN_RATIO) as RegimeName[];

/** All requested regimes. A tool that couldn't be compared is a failure. */
export const judgeHandoff = (report: Report): Failures => [
  ...atLeast('regimes', Object.keys(report.workloads).length, 1),
  ...REGIMES.flatMap((name) => {
    const figures = report.workloads[name];
    return figures === undefined ? [] : judgeRegime(name, report, figures);
  }),
  ...memory('peakRssMb', report.peakRssMb),
];
