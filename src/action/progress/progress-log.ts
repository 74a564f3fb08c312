/** Live log lines: phases, checks, stages, heartbeat, milestones. */
import { formatBytes } from '../../transfer/model/bytes.ts';
import { checkTitle, type CheckResult } from '../../transfer/model/check-result.ts';
import type { EventListener, Phase, Stage, StageOutcome, TransferEvent } from '../../transfer/model/events.ts';
import { beginGroup, endGroup } from '../runner/log.ts';
import { formatCount, formatNumber, formatSeconds } from '../text/format.ts';
import { toOneLine } from '../text/untrusted-text.ts';
import { trackCopies } from './copies.ts';
import { describeEnd } from './copy-text.ts';
import { trackStages, type StageOfBatch } from './runs.ts';
import { trackBatches } from './time-left.ts';

/** With more batches, only failures and milestones are logged. */
const MAX_LOGGED_BATCHES = 50;

/** Whether every batch has lines of its own. */
export const logsEachBatch = (batches: number): boolean => batches <= MAX_LOGGED_BATCHES;

/**
 * Whether a count is a milestone: the first, powers of ten, about every tenth of all, and the last.
 * For 10,000: 1, 10, 100, 1,000, 2,000 … 10,000.
 */
export function isMilestone(done: number, all: number): boolean {
  const power = (count: number): number => 10 ** Math.floor(Math.log10(count));
  const step = all === power(all) ? all / 10 : power(all);
  return done === all || done === power(done) || done % step === 0;
}

/** Begins and ends groups of the log. */
interface Groups {
  readonly begin: (title: string) => void;
  readonly end: () => void;
}

const TITLE: Readonly<Record<Phase, string>> = {
  preflight: 'Checks before the first run',
  plan: 'Plan',
  transfer: 'Transfer',
};

/** Shows phases as groups. Groups do not nest: each ends the one before it. */
function groupPhases(groups: Groups) {
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

/** The result of a check, in one line. */
function checkLine(result: CheckResult): string {
  const { side, check, verdict } = result;
  const text = 'failure' in result ? result.failure.message : result.text;
  return `${CHECK_SIGN[verdict]} ${side} · ${checkTitle(check).toLowerCase()}: ${toOneLine(text)}`;
}

/** Logs the progress of a transfer. */
export interface ProgressLog {
  readonly onEvent: EventListener;
  /** Stops the heartbeat and ends the open group. */
  readonly stop: () => void;
}

/** Interval of the lines about running stages. The log of a step is no terminal, so lines can't be updated in place. */
const HEARTBEAT_SECONDS = 15;

type EventOf<Kind extends TransferEvent['kind']> = Extract<TransferEvent, { kind: Kind }>;
type Print = (line: string) => void;
type Display = ReturnType<typeof createDisplay>;

function planLines({ batches, artifacts, bytes }: EventOf<'planned'>): readonly string[] {
  if (batches === 0) return ['Plan: nothing to transfer'];
  const size = bytes === 0 ? '' : `, about ${formatBytes(bytes)}`;
  const content = artifacts === 0 ? '' : `${formatCount(artifacts, 'artifact')} in `;
  const plan = `Plan: ${content}${formatCount(batches, 'batch', 'batches')}${size}`;
  return logsEachBatch(batches)
    ? [plan]
    : [plan, `  With more than ${MAX_LOGGED_BATCHES} batches, only failures and milestones are logged`];
}

const STAGE_SIGN: Readonly<Record<StageOutcome, string>> = { done: '✓', skipped: '✓', failed: '✗' };
const OUTCOME: Readonly<Record<StageOutcome, string>> = { done: 'done', skipped: 'skipped', failed: 'failed' };

/** Parameters of the log of a transfer. */
interface ProgressOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly groups: Groups;
  /** The last stage of a batch; null if unknown. Without it the remaining time is not estimated. */
  readonly last: Stage | null;
}

/** The parts of the log, and the totals of the plan. */
function createDisplay(print: Print, { groups, last }: ProgressOptions) {
  const plan = { batches: 0, bytes: 0 };
  const title = ({ batch, stage }: StageOfBatch): string => `batch ${batch} of ${plan.batches} · ${stage}`;
  const copies = trackCopies((batch) => title({ batch, stage: 'handoff' }));
  return {
    print,
    plan,
    title,
    copies,
    stages: trackStages(title),
    batches: trackBatches(last),
    phases: groupPhases(groups),
  };
}

function onPlanned({ print, plan }: Display, event: EventOf<'planned'>): void {
  Object.assign(plan, { batches: event.batches, bytes: event.bytes });
  planLines(event).forEach(print);
}

function onStarted(display: Display, event: EventOf<'stage-started'>, now: number): void {
  const { print, plan, title, copies, stages, batches } = display;
  batches.begin(event, now);
  if (event.stage === 'handoff') copies.begin(event.batch, now);
  else stages.begin(event, now);
  if (logsEachBatch(plan.batches)) print(`▸ ${title(event)} → ${event.detail}`);
}

function onProgress({ copies, stages }: Display, event: EventOf<'stage-progress'>): void {
  const { batch, progress } = event;
  if (progress.unit === 'percent') stages.advance(event, progress);
  else if (progress.unit === 'bytes') copies.advance(batch, progress);
  else copies.check(batch, progress);
}

/** Ends a stage. Returns a description of its copy, if there was one. */
function endStage({ copies, stages }: Display, event: EventOf<'stage-ended'>): string {
  const { batch, stage, outcome, seconds } = event;
  if (stage === 'handoff') return describeEnd(copies.end(batch, outcome !== 'failed'), outcome, seconds);
  // A batch that failed before its copy, or that is verified without one, needs no copy.
  if (outcome === 'failed' || stage === 'verify') copies.exclude(batch);
  stages.end(event);
  return '';
}

function onEnded(display: Display, event: EventOf<'stage-ended'>): void {
  const { print, plan, title, stages, batches } = display;
  const { stage, outcome, seconds } = event;
  batches.end(event, outcome);
  const copied = endStage(display, event);
  const done = outcome === 'failed' ? null : stages.count(event);
  if (outcome === 'failed' || logsEachBatch(plan.batches)) {
    print(`${STAGE_SIGN[outcome]} ${title(event)} ${OUTCOME[outcome]} in ${formatSeconds(seconds)}${copied}`);
  } else if (done !== null && isMilestone(done, plan.batches)) {
    print(`✓ ${stage} of ${formatNumber(done)} of ${formatCount(plan.batches, 'batch', 'batches')} done`);
  }
}

function onNote({ print, plan }: Display, { batch, text }: EventOf<'message'>): void {
  const line = toOneLine(text);
  print(batch === null ? `  ${line}` : `  batch ${batch} of ${plan.batches} · ${line}`);
}

function onEvent(display: Display, event: TransferEvent, now: number): void {
  switch (event.kind) {
    case 'phase':
      display.phases.enter(event.phase);
      return;
    case 'checked':
      display.print(checkLine(event.finding));
      return;
    case 'planned':
      onPlanned(display, event);
      return;
    case 'stage-started':
      onStarted(display, event, now);
      return;
    case 'stage-progress':
      onProgress(display, event);
      return;
    case 'stage-ended':
      onEnded(display, event);
      return;
    case 'message':
      onNote(display, event);
  }
}

const RUNNER_OPTIONS: ProgressOptions = { now: Date.now, groups: { begin: beginGroup, end: endGroup }, last: null };

/**
 * Creates the progress log of a transfer: a group for each phase, a line for each check, and a line for each start and end of
 * a stage. With more than 50 batches, only failures and milestones have lines of their own.
 * @param print writes one line
 */
export function progressLog(print: Print, options: Partial<ProgressOptions> = {}): ProgressLog {
  const all = { ...RUNNER_OPTIONS, ...options };
  const { now } = all;
  const display = createDisplay(print, all);
  const heartbeat = (): void => {
    display.batches.lines(display.plan.batches, now()).forEach(print);
    display.stages.lines(display.plan.batches, now()).forEach(print);
    display.copies.lines(display.plan, now()).forEach(print);
  };
  const timer = setInterval(heartbeat, HEARTBEAT_SECONDS * 1000);
  timer.unref();
  return {
    onEvent: (event) => {
      onEvent(display, event, now());
    },
    stop: () => {
      clearInterval(timer);
      display.phases.end();
    },
  };
}
