import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { progressLog, type ProgressLog } from '../../../../src/action/progress/progress-log.ts';
import type { Stage, StageOutcome } from '../../../../src/transfer/model/events.ts';

const HEARTBEAT_SECONDS = 15;

const NO_GROUPS = { begin: () => undefined, end: () => undefined };

let lines: string[];
let now: number;
let log: ProgressLog;

/** Time passes; the heartbeat beats when it is due. */
function pass(seconds: number): void {
  now += seconds * 1000;
  jest.advanceTimersByTime(seconds * 1000);
}

const started = (batch: number, stage: Stage, detail = 'detail'): void => {
  log.onEvent({ kind: 'stage-started', batch, stage, detail });
};
const ended = (batch: number, stage: Stage, outcome: StageOutcome = 'done', seconds = 4): void => {
  log.onEvent({ kind: 'stage-ended', batch, stage, outcome, seconds });
};
const copied = (batch: number, done: number, total: number, reused = 0): void => {
  log.onEvent({ kind: 'stage-progress', batch, stage: 'handoff', progress: { unit: 'bytes', done, total, reused } });
};
const planned = (batches: number, artifacts: number, bytes: number): void => {
  log.onEvent({ kind: 'planned', batches, artifacts, bytes });
};

beforeEach(() => {
  jest.useFakeTimers();
  lines = [];
  now = 0;
  log = progressLog((line) => lines.push(line), { now: () => now, groups: NO_GROUPS });
});

afterEach(() => {
  log.stop();
  jest.useRealTimers();
});

describe('copies under way', () => {
  const beatLines = (): readonly string[] => {
    lines = [];
    pass(HEARTBEAT_SECONDS);
    return lines;
  };

  it.each([
    { name: 'an empty blob', done: 0, total: 0, text: '0 B of 0 B (100 %)' },
    { name: 'nothing copied yet', done: 0, total: 1024, text: '0 B of 1.0 KiB (0 %)' },
    { name: 'all copied, not committed', done: 1024, total: 1024, text: '1.0 KiB of 1.0 KiB (100 %)' },
  ])('have no rate where there is none: $name', ({ done, total, text }) => {
    planned(1, 1, total);
    started(1, 'handoff');
    copied(1, done, total);

    expect(beatLines()).toEqual([`… handoff: ${text}; 0 of 1 blob done`, `    batch 1 of 1 · handoff: ${text}`]);
  });

  it('are told by time until they tell bytes', () => {
    planned(1, 1, 0);
    started(1, 'handoff');

    expect(beatLines().at(-1)).toBe('    batch 1 of 1 · handoff: 15 s');
  });

  it('count what an earlier attempt has brought as done, and not into the rate', () => {
    planned(1, 1, 120 * 1024);
    started(1, 'handoff');
    copied(1, 60 * 1024, 120 * 1024, 30 * 1024);

    expect(beatLines()[0]).toBe('… handoff: 60.0 KiB of 120 KiB (50 %, 2.0 KiB/s, 30 s left); 0 of 1 blob done');
  });

  it('have the rate of now, smoothed, and not that since the start', () => {
    planned(1, 1, 300 * 1024);
    started(1, 'handoff');
    copied(1, 120 * 1024, 300 * 1024);
    const first = beatLines()[0];
    copied(1, 150 * 1024, 300 * 1024);
    const second = beatLines()[0];

    expect(first).toContain('8.0 KiB/s');
    expect(second).toContain('5.0 KiB/s');
    copied(1, 180 * 1024, 300 * 1024);
    // Since the start it were 4.0.
    expect(beatLines()[0]).toContain('3.5 KiB/s');
  });

  it('are guessed from the plan as long as some have not begun', () => {
    planned(4, 4, 400 * 1024);
    started(1, 'handoff');
    copied(1, 130 * 1024, 130 * 1024);
    ended(1, 'handoff');
    started(2, 'handoff');
    copied(2, 20 * 1024, 150 * 1024);

    expect(beatLines()[0]).toBe('… handoff: 150 KiB of about 400 KiB (37 %, 10.0 KiB/s, 25 s left); 1 of 4 blobs done');
  });

  it('leave out of the guess what is there already, has failed, or needs no copy', () => {
    planned(5, 5, 500);
    started(1, 'handoff');
    ended(1, 'handoff', 'skipped');
    started(2, 'export');
    ended(2, 'export', 'failed');
    started(3, 'verify');
    ended(3, 'verify');
    started(4, 'handoff');
    copied(4, 0, 100);

    // Of the 400 bytes of four batches that nobody has seen, one is to come.
    expect(beatLines()[0]).toBe('… handoff: 0 B of about 200 B (0 %); 1 of 5 blobs done');
  });

  it('are exact once the last has begun, whatever was planned', () => {
    planned(2, 2, 999);
    for (const batch of [1, 2]) {
      started(batch, 'handoff');
      copied(batch, 100, 200);
    }

    expect(beatLines()[0]).toBe('… handoff: 200 B of 400 B (50 %, 13 B/s, 15 s left); 0 of 2 blobs done');
  });

  it('go on counting when one begins anew', () => {
    planned(1, 1, 1000);
    started(1, 'handoff');
    copied(1, 1000, 1000, 900);
    copied(1, 0, 1000);
    copied(1, 50, 1000);

    expect(beatLines()[0]).toContain('50 B of 1000 B (5 %, 10 B/s');
  });

  it('have eight lines at most', () => {
    planned(20, 20, 0);
    for (let batch = 1; batch <= 20; batch += 1) started(batch, 'handoff');
    const shown = beatLines();

    expect(shown).toHaveLength(10);
    expect(shown.at(-1)).toBe('    and 12 more');
  });

  it('do not count a pause between them into the rate', () => {
    planned(2, 2, 60 * 1024);
    started(1, 'handoff');
    copied(1, 30 * 1024, 30 * 1024);
    ended(1, 'handoff');
    pass(10 * HEARTBEAT_SECONDS);
    started(2, 'handoff');
    copied(2, 15 * 1024, 30 * 1024);

    expect(beatLines()[0]).toBe('… handoff: 45.0 KiB of 60.0 KiB (75 %, 1.0 KiB/s, 15 s left); 1 of 2 blobs done');
  });
});
