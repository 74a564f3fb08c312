import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { progressLog, type ProgressLog } from '../../../src/action/progress.ts';
import type { Stage, StageOutcome } from '../../../src/transfer/events.ts';

const HEARTBEAT_SECONDS = 15;

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
const copied = (batch: number, done: number, total: number): void => {
  log.onEvent({ kind: 'stage-progress', batch, stage: 'handoff', progress: { unit: 'bytes', done, total } });
};
const planned = (batches: number, artifacts: number, bytes: number): void => {
  log.onEvent({ kind: 'planned', batches, artifacts, bytes });
};

beforeEach(() => {
  jest.useFakeTimers();
  lines = [];
  now = 0;
  log = progressLog(
    (line) => lines.push(line),
    () => now,
  );
});

afterEach(() => {
  log.stop();
  jest.useRealTimers();
});

describe('the plan', () => {
  it.each([
    { name: 'everything known', plan: [3, 120, 1024], line: 'Plan: 120 artifacts in 3 batches, about 1.0 KiB' },
    { name: 'one of each', plan: [1, 1, 1], line: 'Plan: 1 artifact in 1 batch, about 1 B' },
    { name: 'names alone', plan: [2, 0, 0], line: 'Plan: 2 batches' },
  ] as const)('$name', ({ plan, line }) => {
    const [batches, artifacts, bytes] = plan;
    planned(batches, artifacts, bytes);

    expect(lines).toEqual([line]);
  });
});

describe('a stage', () => {
  it.each([
    { outcome: 'done', line: '✓ batch 2 of 3 · export done in 4.0 s' },
    { outcome: 'skipped', line: '✓ batch 2 of 3 · export was done already in 4.0 s' },
    { outcome: 'failed', line: '✗ batch 2 of 3 · export failed in 4.0 s' },
  ] as const)('has a line when it begins and when it is $outcome', ({ outcome, line }) => {
    planned(3, 120, 0);
    started(2, 'export', 'export0a2e');
    ended(2, 'export', outcome);

    expect(lines.slice(1)).toEqual(['▸ batch 2 of 3 · export → export0a2e', line]);
  });

  it('tells how much it has copied', () => {
    started(1, 'handoff');
    copied(1, 2048, 2048);
    ended(1, 'handoff');

    expect(lines.at(-1)).toContain('2.0 KiB');
  });

  it('does not claim to have copied all when it failed on the way', () => {
    started(1, 'handoff');
    copied(1, 1024, 5 * 1024);
    ended(1, 'handoff', 'failed');

    expect(lines.at(-1)).not.toMatch(/, 5\.0 KiB$/);
  });
});

describe('the heartbeat', () => {
  it('is silent while nothing goes on', () => {
    planned(1, 1, 0);
    pass(60);

    expect(lines).toHaveLength(1);
  });

  it('tells what is under way, how far it is and what is done', () => {
    planned(2, 100, 0);
    started(1, 'export');
    ended(1, 'export');
    started(1, 'handoff');
    started(2, 'export');
    log.onEvent({ kind: 'stage-progress', batch: 2, stage: 'export', progress: { unit: 'percent', done: 40 } });
    copied(1, 30 * 1024, 120 * 1024);
    lines = [];
    pass(HEARTBEAT_SECONDS);

    expect(lines).toEqual([
      '… 2 stages under way; done: export 1/2',
      '    batch 1 of 2 · handoff: 30.0 KiB of 120 KiB (25 %, 2.0 KiB/s, 45 s left)',
      '    batch 2 of 2 · export: 40 %, 15 s',
    ]);
  });

  it.each([
    { name: 'no percentage', progress: { unit: 'percent', done: null }, text: '15 s' },
    { name: 'an empty blob', progress: { unit: 'bytes', done: 0, total: 0 }, text: '0 B of 0 B (100 %)' },
    { name: 'nothing copied yet', progress: { unit: 'bytes', done: 0, total: 1024 }, text: '0 B of 1.0 KiB (0 %)' },
  ] as const)('can say something of $name', ({ progress, text }) => {
    planned(1, 1, 0);
    started(1, 'import');
    log.onEvent({ kind: 'stage-progress', batch: 1, stage: 'import', progress });
    pass(HEARTBEAT_SECONDS);

    expect(lines.at(-1)).toBe(`    batch 1 of 1 · import: ${text}`);
  });

  it('never counts more than there are, though a stage may be done twice', () => {
    planned(2, 100, 0);
    for (const stage of ['verify', 'import', 'verify'] as const) {
      started(1, stage);
      ended(1, stage);
    }
    started(2, 'export');
    pass(HEARTBEAT_SECONDS);

    expect(lines.join('\n')).toContain('verify 1/2');
  });

  it('ends', () => {
    started(1, 'export');
    log.stop();
    pass(60);

    expect(lines).toHaveLength(1);
  });
});
