/** Live lines: phases, checks, stages, heartbeat, milestones. */
import { formatBytes } from '../../transfer/model/bytes.ts';
import { checkTitle, type CheckResult } from '../../transfer/model/check-result.ts';
import type { EventListener, Phase, Stage, StageOutcome, TransferEvent } from '../../transfer/model/events.ts';
import { beginGroup, endGroup } from '../runner/log.ts';
import { formatCount, formatNumber, formatSeconds } from '../text/format.ts';
import { watchCopies } from './copies.ts';
import { describeEnd } from './copy-text.ts';
import { watchRuns, type StageOfBatch } from './runs.ts';
import { watchBatches } from './time-left.ts';

/** With more batches than this, beginnings and good ends have no lines of their own. */
const MAX_TOLD_BATCHES = 50;

/** Whether so many batches are told one by one. */
export const logsEachBatch = (batches: number): boolean => batches <= MAX_TOLD_BATCHES;

/**
 * Whether so many of all are worth a line: the first, powers of ten, about every tenth of all, and the last.
 * 10,000: 1, 10, 100, 1,000, 2,000 … 10,000.
 */
export function isMilestone(done: number, all: number): boolean {
  const power = (count: number): number => 10 ** Math.floor(Math.log10(count));
  const step = all === power(all) ? all / 10 : power(all);
  return done === all || done === power(done) || done % step === 0;
}

/** Opens and closes groups of the log. */
interface Groups {
  readonly begin: (title: string) => void;
  readonly end: () => void;
}

const TITLE: Readonly<Record<Phase, string>> = {
  preflight: 'Checks before the first run',
  plan: 'Plan',
  transfer: 'Transfer',
};

/** Groups do not nest: each ends the one before it. */
function watchPhases(groups: Groups) {
  let isOpen = false;
  const end = (): void => {
    if (isOpen) groups.end();
    isOpen = false;
  };
  return {
    enter: (phase: Phase): void => {
      end();
      groups.begin(TITLE[phase]);
      isOpen = true;
    },
    end,
  };
}

const CHECK_SIGN: Readonly<Record<CheckResult['verdict'], string>> = {
  ok: '✓',
  warning: '⚠',
  error: '✗',
  unknown: '?',
};

/** What a check came to, in one line. */
function checkLine(finding: CheckResult): string {
  const { side, check, verdict } = finding;
  const text = 'failure' in finding ? finding.failure.message : finding.text;
  // Services have a hand in it.
  return `${CHECK_SIGN[verdict]} ${side} · ${checkTitle(check).toLowerCase()}: ${text.replace(/\s*[\r\n\u0085\u2028\u2029]+\s*/g, ' ')}`;
}

/** Shows a transfer as it goes on. */
export interface ProgressLog {
  readonly onEvent: EventListener;
  /** Ends the heartbeat, and the group that is open. */
  readonly stop: () => void;
}

/** No terminal is watching: a line for everything that begins or ends, and a heartbeat in between. */
const HEARTBEAT_SECONDS = 15;

type EventOf<Kind extends TransferEvent['kind']> = Extract<TransferEvent, { kind: Kind }>;
type Print = (line: string) => void;
type Show = ReturnType<typeof showing>;

function planLines({ batches, artifacts, bytes }: EventOf<'planned'>): readonly string[] {
  if (batches === 0) return ['Plan: nothing to carry'];
  const content = bytes === 0 ? '' : `, about ${formatBytes(bytes)}`;
  const what = artifacts === 0 ? '' : `${formatCount(artifacts, 'artifact')} in `;
  const plan = `Plan: ${what}${formatCount(batches, 'batch', 'batches')}${content}`;
  return logsEachBatch(batches) ? [plan] : [plan, '  So many: only those that fail have lines of their own'];
}

const STAGE_SIGN: Readonly<Record<StageOutcome, string>> = { done: '✓', skipped: '✓', failed: '✗' };
const HOW: Readonly<Record<StageOutcome, string>> = { done: 'done', skipped: 'was done already', failed: 'failed' };

/** What the log of a transfer depends on. */
export interface ProgressOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly groups: Groups;
  /** The stage with which a batch is finished; null where that is not known: then nobody can tell how long it takes. */
  readonly last: Stage | null;
}

/** What is shown of a transfer, and where. */
function showing(print: Print, { groups, last }: ProgressOptions) {
  const plan = { batches: 0, bytes: 0 };
  const title = ({ batch, stage }: StageOfBatch): string => `batch ${batch} of ${plan.batches} · ${stage}`;
  const copies = watchCopies((batch) => title({ batch, stage: 'handoff' }));
  return {
    print,
    plan,
    title,
    copies,
    runs: watchRuns(title),
    outlook: watchBatches(last),
    phases: watchPhases(groups),
  };
}

function onPlanned({ print, plan }: Show, event: EventOf<'planned'>): void {
  Object.assign(plan, { batches: event.batches, bytes: event.bytes });
  planLines(event).forEach(print);
}

function onStarted(show: Show, event: EventOf<'stage-started'>, now: number): void {
  const { print, plan, title, copies, runs, outlook } = show;
  outlook.begin(event, now);
  if (event.stage === 'handoff') copies.begin(event.batch, now);
  else runs.begin(event, now);
  if (logsEachBatch(plan.batches)) print(`▸ ${title(event)} → ${event.detail}`);
}

function onProgress({ copies, runs }: Show, event: EventOf<'stage-progress'>): void {
  if (event.progress.unit === 'bytes') copies.advance(event.batch, event.progress);
  else runs.advance(event, event.progress);
}

/** Takes a stage off what is under way; what it has copied, in words. */
function takeOff({ copies, runs }: Show, event: EventOf<'stage-ended'>): string {
  const { batch, stage, outcome, seconds } = event;
  if (stage === 'handoff') return describeEnd(copies.end(batch, outcome !== 'failed'), outcome, seconds);
  // What has failed before its copy, or is verified without one, needs none.
  if (outcome === 'failed' || stage === 'verify') copies.ruleOut(batch);
  runs.end(event);
  return '';
}

function onEnded(show: Show, event: EventOf<'stage-ended'>): void {
  const { print, plan, title, runs, outlook } = show;
  const { stage, outcome, seconds } = event;
  outlook.end(event, outcome);
  const copied = takeOff(show, event);
  const done = outcome === 'failed' ? null : runs.count(event);
  if (outcome === 'failed' || logsEachBatch(plan.batches)) {
    print(`${STAGE_SIGN[outcome]} ${title(event)} ${HOW[outcome]} in ${formatSeconds(seconds)}${copied}`);
  } else if (done !== null && isMilestone(done, plan.batches)) {
    print(`✓ ${stage} of ${formatNumber(done)} of ${formatCount(plan.batches, 'batch', 'batches')} done`);
  }
}

function onNote({ print, plan }: Show, { batch, text }: EventOf<'said'>): void {
  // Services may have had a hand in it: one thing that is said is one line.
  const line = text.replace(/\s*[\r\n\u0085\u2028\u2029]+\s*/g, ' ');
  print(batch === null ? `  ${line}` : `  batch ${batch} of ${plan.batches} · ${line}`);
}

function onEvent(show: Show, event: TransferEvent, now: number): void {
  switch (event.kind) {
    case 'phase':
      show.phases.enter(event.phase);
      return;
    case 'checked':
      show.print(checkLine(event.finding));
      return;
    case 'planned':
      onPlanned(show, event);
      return;
    case 'stage-started':
      onStarted(show, event, now);
      return;
    case 'stage-progress':
      onProgress(show, event);
      return;
    case 'stage-ended':
      onEnded(show, event);
      return;
    case 'said':
      onNote(show, event);
  }
}

const OF_THE_RUNNER: ProgressOptions = { now: Date.now, groups: { begin: beginGroup, end: endGroup }, last: null };

/**
 * Makes the log of a transfer's progress: a group for each phase, a line for each check, and for each stage that begins or
 * ends. Of more than 50 batches only failures have lines of their own, and milestones.
 * @param print writes one line
 */
export function progressLog(print: Print, surroundings: Partial<ProgressOptions> = {}): ProgressLog {
  const all = { ...OF_THE_RUNNER, ...surroundings };
  const { now } = all;
  const show = showing(print, all);
  const beat = (): void => {
    show.outlook.lines(show.plan.batches, now()).forEach(print);
    show.runs.lines(show.plan.batches, now()).forEach(print);
    show.copies.lines(show.plan, now()).forEach(print);
  };
  const timer = setInterval(beat, HEARTBEAT_SECONDS * 1000);
  timer.unref();
  return {
    onEvent: (event) => {
      onEvent(show, event, now());
    },
    stop: () => {
      clearInterval(timer);
      show.phases.end();
    },
  };
}
