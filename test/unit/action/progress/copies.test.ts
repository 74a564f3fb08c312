import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { progressLog, type ProgressLog } from '../../../../src/action/progress/progress-log.ts';
import type { Stage, StageOutcome } from '../../../../src/transfer/model/events.ts';

const HEARTBEAT_SECONDS = 15;

const NO_GROUPS = { begin: () => undefined, end: () => undefined };

let lines: string[];
let now: number;
let log: ProgressLog;

/** Advances the time, with the heartbeats that are due. */
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

describe('running copies', () => {
  const heartbeatLines = (): readonly string[] => {
    lines = [];
    pass(HEARTBEAT_SECONDS);
    return lines;
  };

  it.each([
    { name: 'an empty blob', done: 0, total: 0, text: '0 B of 0 B (100 %)' },
    { name: 'nothing copied yet', done: 0, total: 1024, text: '0 B of 1.0 KiB (0 %)' },
    { name: 'all copied, not committed', done: 1024, total: 1024, text: '1.0 KiB of 1.0 KiB (100 %)' },
  ])('have no rate without transferred bytes: $name', ({ done, total, text }) => {
    planned(1, 1, total);
    started(1, 'handoff');
    copied(1, done, total);

    expect(heartbeatLines()).toEqual([`… handoff: ${text}; 0 of 1 blob done`, `    batch 1 of 1 · handoff: ${text}`]);
  });

  it('are shown with their duration until they report bytes', () => {
    planned(1, 1, 0);
    started(1, 'handoff');

    expect(heartbeatLines().at(-1)).toBe('    batch 1 of 1 · handoff: 15 s');
  });

  it('count bytes of an earlier attempt as done, but not for the rate', () => {
    planned(1, 1, 120 * 1024);
    started(1, 'handoff');
    copied(1, 60 * 1024, 120 * 1024, 30 * 1024);

    expect(heartbeatLines()[0]).toBe('… handoff: 60.0 KiB of 120 KiB (50 %, 2.0 KiB/s, 30 s left); 0 of 1 blob done');
  });

  it('have a smoothed current rate, not the average since the start', () => {
    planned(1, 1, 300 * 1024);
    started(1, 'handoff');
    copied(1, 120 * 1024, 300 * 1024);
    const first = heartbeatLines()[0];
    copied(1, 150 * 1024, 300 * 1024);
    const second = heartbeatLines()[0];

    expect(first).toContain('8.0 KiB/s');
    expect(second).toContain('5.0 KiB/s');
    copied(1, 180 * 1024, 300 * 1024);
    // The average since the start is 4.0.
    expect(heartbeatLines()[0]).toContain('3.5 KiB/s');
  });

  it('have a total estimated from the plan until the last copy starts', () => {
    planned(4, 4, 400 * 1024);
    started(1, 'handoff');
    copied(1, 130 * 1024, 130 * 1024);
    ended(1, 'handoff');
    started(2, 'handoff');
    copied(2, 20 * 1024, 150 * 1024);

    expect(heartbeatLines()[0]).toBe(
      '… handoff: 150 KiB of about 400 KiB (37 %, 10.0 KiB/s, 25 s left); 1 of 4 blobs done',
    );
  });

  it('exclude batches from the estimate that are up to date, failed, or need no copy', () => {
    planned(5, 5, 500);
    started(1, 'handoff');
    ended(1, 'handoff', 'skipped');
    started(2, 'export');
    ended(2, 'export', 'failed');
    started(3, 'verify');
    ended(3, 'verify');
    started(4, 'handoff');
    copied(4, 0, 100);

    // The 400 bytes belong to four batches of unknown size. One of them is still pending.
    expect(heartbeatLines()[0]).toBe('… handoff: 0 B of about 200 B (0 %); 1 of 5 blobs done');
  });

  it('have an exact total once the last copy has started', () => {
    planned(2, 2, 999);
    for (const batch of [1, 2]) {
      started(batch, 'handoff');
      copied(batch, 100, 200);
    }

    expect(heartbeatLines()[0]).toBe('… handoff: 200 B of 400 B (50 %, 13 B/s, 15 s left); 0 of 2 blobs done');
  });

  it('keep the bytes of a copy that restarts', () => {
    planned(1, 1, 1000);
    started(1, 'handoff');
    copied(1, 1000, 1000, 900);
    copied(1, 0, 1000);
    copied(1, 50, 1000);

    expect(heartbeatLines()[0]).toContain('50 B of 1000 B (5 %, 10 B/s');
  });

  it('show the hashing of a blob at the target, which does not count as copied', () => {
    planned(1, 1, 1000);
    started(1, 'handoff');
    const progress = { unit: 'hashed bytes', done: 250, total: 1000 } as const;
    log.onEvent({ kind: 'stage-progress', batch: 1, stage: 'handoff', progress });
    pass(HEARTBEAT_SECONDS);
    expect(lines.at(-1)).toContain('hashing the blob at the target, 250 B of 1000 B (25 %)');
    copied(1, 500, 1000);
    pass(HEARTBEAT_SECONDS);
    expect(lines.at(-1)).not.toContain('hashing');
    ended(1, 'handoff', 'skipped');
    expect(lines.at(-1)).not.toContain('hashing');
  });

  it('have at most eight lines', () => {
    planned(20, 20, 0);
    for (let batch = 1; batch <= 20; batch += 1) started(batch, 'handoff');
    const shown = heartbeatLines();

    expect(shown).toHaveLength(10);
    expect(shown.at(-1)).toBe('    and 12 more');
  });

  it('do not count a pause between copies for the rate', () => {
    planned(2, 2, 60 * 1024);
    started(1, 'handoff');
    copied(1, 30 * 1024, 30 * 1024);
    ended(1, 'handoff');
    pass(10 * HEARTBEAT_SECONDS);
    started(2, 'handoff');
    copied(2, 15 * 1024, 30 * 1024);

    expect(heartbeatLines()[0]).toBe('… handoff: 45.0 KiB of 60.0 KiB (75 %, 1.0 KiB/s, 15 s left); 1 of 2 blobs done');
  });
});
