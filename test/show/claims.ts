/** What each show must come to. docs/reliability.md and docs/preflight.md make these promises. */
import { atLeast, atMost, equal, type Failures } from '../verdict.ts';
import type { ChaosFigures } from './chaos.ts';
import type { ChaosRun } from './chaos/run.ts';
import type { DiagnosisFigures } from './diagnosis.ts';
import type { HouseComparison } from './house.ts';
import type { KillFigures } from './kill.ts';
import type { ManyFigures } from './many.ts';
import type { SetupFigures } from './setup.ts';
import type { SoakFigures } from './soak.ts';
import type { StowawayFigures } from './stowaway.ts';
import type { WorkflowsFigures } from './workflows.ts';

/** MB (10⁶ bytes), for any length of a list. */
const PEAK_RSS_MB = 256;

/** Requests of a transfer with faults by those without. More would be a storm. */
export const MAX_REQUEST_RATIO = 3;

/** Figures of the chaos that count what must never happen. */
const NEVER = ['lost', 'doubled', 'wrong', 'falseGreen', 'falseRed', 'hung', 'leaks'] as const;

/** One run of the chaos: what must never happen. */
export const judgeChaosRun = (run: ChaosRun): Failures => [
  ...equal('lost', run.lost, 0),
  ...equal('doubled', run.doubled, 0),
  ...equal('wrong', run.wrong, 0),
  ...equal('falseGreen', run.falseGreen, false),
  ...equal('falseRed', run.falseRed, false),
  ...equal('hung', run.hung, false),
  ...(run.leak === null ? [] : [`leak: ${run.leak}`]),
];

/** Nothing is lost, doubled, wrong, falsely green or red, hung or leaked, and faults do not cause a storm of requests. */
export const judgeChaos = (figures: ChaosFigures): Failures => [
  ...atLeast('runs', figures.runs, 1),
  ...NEVER.flatMap((name) => equal(name, figures[name], 0)),
  ...atMost('requestRatioMedian', figures.requestRatioMedian, 1.25),
  ...atMost('requestRatioMost', figures.requestRatioMost, MAX_REQUEST_RATIO),
];

/** Every misconfiguration is found before the first run, and none where there is none. */
export const judgeDiagnosis = ({ cases, foundBeforeRun, falseAlarms }: DiagnosisFigures): Failures => [
  ...atLeast('cases', cases, 1),
  ...equal('foundBeforeRun', foundBeforeRun, cases),
  ...equal('falseAlarms', falseAlarms, 0),
];

/** The next attempt finishes every transfer, imports nothing twice, and a cancelled step ends before GitHub kills it. */
export const judgeKill = ({ moments, complete, doubled, cancelled, slowestSeconds }: KillFigures): Failures => [
  ...atLeast('moments', moments, 1),
  ...equal('complete', complete, moments),
  ...equal('doubled', doubled, 0),
  ...(cancelled === null
    ? []
    : [...atLeast('cancelled', cancelled, 1), ...atMost('slowestSeconds', slowestSeconds, 10)]),
];

/** All blobs arrive, in flat memory, with a log and a summary that can be read. GitHub takes summaries of up to 1024 KiB. */
export const judgeMany = ({ blobs, arrived, status, peakRssMb, summaryKb, logLines }: ManyFigures): Failures => [
  ...equal('status', status, 'succeeded'),
  ...equal('arrived', arrived, blobs),
  ...atMost('peakRssMb', peakRssMb, PEAK_RSS_MB),
  ...atMost('summaryKb', summaryKb, 900),
  ...atMost('logLines', logLines, 1000),
];

/** Setup alone is enough for a transfer, a second one changes nothing, and teardown leaves nothing behind. */
export const judgeSetup = (figures: SetupFigures): Failures => [
  ...atLeast('combinations', figures.combinations, 1),
  ...equal('transferred', figures.transferred, figures.combinations),
  ...equal('changesOnSecondRun', figures.changesOnSecondRun, 0),
  ...equal('leftAfterTeardown', figures.leftAfterTeardown, 0),
];

/** A connection may still be closing on each side; a leak would leave one thing for each batch. */
const OPEN_HANDLES = 4;

/** Every batch is verified, memory stays flat, and nothing stays open. */
export const judgeSoak = ({ batches, verified, peakRssMb, growth, handles }: SoakFigures): Failures => [
  ...equal('verified', verified, batches),
  ...atMost('peakRssMb', peakRssMb, PEAK_RSS_MB),
  ...atMost('growth', growth, 1.1),
  ...atMost('handles', handles.length, OPEN_HANDLES),
];

/** Every way to import something else fails the step, and no legitimate transfer raises an alarm. */
export const judgeStowaway = (figures: StowawayFigures): Failures => [
  ...atLeast('ways', figures.ways, 16),
  ...equal('caught', figures.caught, figures.ways),
  ...equal('green', figures.green, 0),
  ...equal('importedOtherwise', figures.importedOtherwise, 0),
  ...atLeast('legitimate', figures.legitimate, 60),
  ...equal('falseAlarms', figures.falseAlarms, 0),
];

/** Every story passes, and every workflow, sample and caller is in one of them. */
export const judgeWorkflows = (figures: WorkflowsFigures): Failures => [
  ...atLeast('stories', figures.stories, 1),
  ...atLeast('runs', figures.runs, 1),
  ...equal('failed', figures.failed, 0),
  ...equal('ran', figures.ran, figures.workflows + figures.samples + figures.callers),
  ...figures.notRun.map((name) => `${name} was not run`),
];

/** Some old terms also have a usual meaning, such as a carriage return. */
const OLD_TERMS = 20;

/**
 * No cycles, the terms of the field, and a smaller part of small files and of files with one importer than before. The numbers
 * of files and lines are only shown: they grow with every feature that version 1.0.0 didn't have.
 */
export const judgeHouse = ({ now, before }: HouseComparison): Failures => [
  ...atLeast('files', now.files, 1),
  ...atMost('cycles', now.cycles, 0),
  ...atMost('oldTerms', now.oldTerms, OLD_TERMS),
  ...atMost('oldTermsOutside', now.oldTermsOutside, OLD_TERMS),
  ...atMost('partUnder25Lines', now.filesUnder25Lines / now.files, before.filesUnder25Lines / before.files),
  ...atMost('partWithOneImporter', now.filesWithOneImporter / now.files, before.filesWithOneImporter / before.files),
];
