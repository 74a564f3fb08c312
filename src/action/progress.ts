import type { EventListener, Progress, Stage, TransferEvent } from '../transfer/events.ts';
import { formatBytes } from '../transfer/size.ts';
import { formatCount, formatSeconds } from './format.ts';

/** Shows a transfer as it goes on. */
export interface ProgressLog {
  readonly onEvent: EventListener;
  /** Ends the heartbeat. */
  readonly stop: () => void;
}

/** No terminal is watching: a line for everything that begins or ends, and a heartbeat in between. */
const HEARTBEAT_SECONDS = 15;

interface Underway {
  readonly batch: number;
  readonly stage: Stage;
  readonly since: number;
  readonly progress: Progress | null;
}

function describeBytes(done: number, total: number, seconds: number): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const eta = rate > 0 ? `, ${formatBytes(rate)}/s, ${formatSeconds((total - done) / rate)} left` : '';
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  return `${formatBytes(done)} of ${formatBytes(total)} (${percent} %${eta})`;
}

function describeProgress({ progress, since }: Underway, now: number): string {
  const seconds = (now - since) / 1000;
  if (progress?.unit === 'bytes') return describeBytes(progress.done, progress.total, seconds);
  return progress?.done == null ? formatSeconds(seconds) : `${progress.done} %, ${formatSeconds(seconds)}`;
}

function planLine({ batches, artifacts, bytes }: Extract<TransferEvent, { kind: 'planned' }>): string {
  if (batches === 0) return 'Plan: nothing to carry';
  const content = bytes === 0 ? '' : `, about ${formatBytes(bytes)}`;
  const what = artifacts === 0 ? '' : `${formatCount(artifacts, 'artifact')} in `;
  return `Plan: ${what}${formatCount(batches, 'batch', 'batches')}${content}`;
}

/**
 * Makes the log of a transfer's progress.
 * @param print writes one line
 * @param now milliseconds since the epoch
 */
export function progressLog(print: (line: string) => void, now: () => number = Date.now): ProgressLog {
  const underway = new Map<string, Underway>();
  let batches = 0;
  const ended = new Map<Stage, Set<number>>();

  const title = (batch: number, stage: Stage): string => `batch ${batch} of ${batches} · ${stage}`;
  const key = (batch: number, stage: Stage): string => `${batch} ${stage}`;

  const beat = (): void => {
    if (underway.size === 0) return;
    const totals = [...ended].map(([stage, done]) => `${stage} ${done.size}/${batches}`).join(', ');
    print(`… ${formatCount(underway.size, 'stage')} under way${totals === '' ? '' : `; done: ${totals}`}`);
    for (const item of underway.values()) {
      print(`    ${title(item.batch, item.stage)}: ${describeProgress(item, now())}`);
    }
  };

  const onEvent = (event: TransferEvent): void => {
    switch (event.kind) {
      case 'planned': {
        batches = event.batches;
        print(planLine(event));
        return;
      }
      case 'stage-started': {
        const { batch, stage } = event;
        underway.set(key(batch, stage), { batch, stage, since: now(), progress: null });
        print(`▸ ${title(batch, stage)} → ${event.detail}`);
        return;
      }
      case 'stage-progress': {
        const item = underway.get(key(event.batch, event.stage));
        if (item !== undefined) underway.set(key(event.batch, event.stage), { ...item, progress: event.progress });
        return;
      }
      case 'stage-ended': {
        const { batch, stage, outcome, seconds } = event;
        const item = underway.get(key(batch, stage));
        const moved = item?.progress?.unit === 'bytes' ? `, ${formatBytes(item.progress.done)}` : '';
        underway.delete(key(batch, stage));
        if (outcome !== 'failed') ended.set(stage, (ended.get(stage) ?? new Set()).add(batch));
        const sign = { done: '✓', skipped: '✓', failed: '✗' }[outcome];
        const how = { done: 'done', skipped: 'was done already', failed: 'failed' }[outcome];
        print(`${sign} ${title(batch, stage)} ${how} in ${formatSeconds(seconds)}${moved}`);
      }
    }
  };

  const timer = setInterval(beat, HEARTBEAT_SECONDS * 1000);
  timer.unref();
  return {
    onEvent,
    stop: () => {
      clearInterval(timer);
    },
  };
}
