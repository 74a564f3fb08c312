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
const said = (batch: number | null, text: string): void => {
  log.onEvent({ kind: 'message', batch, text });
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

describe('the plan', () => {
  it.each([
    { name: 'everything known', plan: [3, 120, 1024], line: 'Plan: 120 artifacts in 3 batches, about 1.0 KiB' },
    { name: 'one of each', plan: [1, 1, 1], line: 'Plan: 1 artifact in 1 batch, about 1 B' },
    { name: 'only names of blobs', plan: [2, 0, 0], line: 'Plan: 2 batches' },
  ] as const)('$name', ({ plan, line }) => {
    const [batches, artifacts, bytes] = plan;
    planned(batches, artifacts, bytes);

    expect(lines).toEqual([line]);
  });
});

describe('a stage', () => {
  it.each([
    { outcome: 'done', line: '✓ batch 2 of 3 · export done in 4.0 s' },
    { outcome: 'skipped', line: '✓ batch 2 of 3 · export skipped in 4.0 s' },
    { outcome: 'failed', line: '✗ batch 2 of 3 · export failed in 4.0 s' },
  ] as const)('has a line when it starts and when it is $outcome', ({ outcome, line }) => {
    planned(3, 120, 0);
    started(2, 'export', 'export0a2e');
    ended(2, 'export', outcome);

    expect(lines.slice(1)).toEqual(['▸ batch 2 of 3 · export → export0a2e', line]);
  });

  it.each([
    { name: 'the whole blob', done: 2048, reused: 0, outcome: 'done', seconds: 4, text: '4.0 s, 2.0 KiB at 512 B/s' },
    {
      name: 'no rate of a very short copy',
      done: 2048,
      reused: 0,
      outcome: 'done',
      seconds: 0.2,
      text: '0.2 s, 2.0 KiB',
    },
    { name: 'an empty blob', done: 0, reused: 0, outcome: 'done', seconds: 4, text: '4.0 s, 0 B' },
    {
      name: 'bytes of an earlier attempt',
      done: 4096,
      reused: 2048,
      outcome: 'done',
      seconds: 2,
      text: '2.0 s, 2.0 KiB at 1.0 KiB/s, 2.0 KiB more from an earlier attempt',
    },
    {
      name: 'the progress of a failed copy',
      done: 1024,
      reused: 0,
      outcome: 'failed',
      seconds: 4,
      text: '4.0 s, after 1.0 KiB of 4.0 KiB',
    },
  ] as const)('reports the copied bytes: $name', ({ done, reused, outcome, seconds, text }) => {
    started(1, 'handoff');
    copied(1, done, outcome === 'failed' ? 4096 : done, reused);
    ended(1, 'handoff', outcome, seconds);

    expect(lines.at(-1)?.split(' in ')[1]).toBe(text);
  });
});

describe('a note', () => {
  it.each([
    {
      name: 'of a batch',
      batch: 3,
      text: 'handoff: through this runner',
      line: '  batch 3 of 7 · handoff: through this runner',
    },
    { name: 'without a batch', batch: null, text: 'slow', line: '  slow' },
    {
      name: 'of several lines',
      batch: null,
      text: 'first\r\n::error::second\u2028third',
      line: '  first ::error::second third',
    },
  ])('is one line: $name', ({ batch, text, line }) => {
    planned(7, 7, 0);
    said(batch, text);

    expect(lines.slice(1)).toEqual([line]);
  });
});

describe('the heartbeat', () => {
  it('prints nothing while no stage is running', () => {
    planned(1, 1, 0);
    pass(60);

    expect(lines).toHaveLength(1);
  });

  it('reports running stages, their progress, and finished stages', () => {
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
      '… 1 stage under way; done: export 1/2',
      '    batch 2 of 2 · export: 40 %, 15 s',
      '… handoff: 30.0 KiB of more than 120 KiB (2.0 KiB/s); 0 of 2 blobs done',
      '    batch 1 of 2 · handoff: 30.0 KiB of 120 KiB (25 %, 2.0 KiB/s, 45 s left)',
    ]);
  });

  it('reports a run without a percentage', () => {
    planned(1, 1, 0);
    started(1, 'import');
    log.onEvent({ kind: 'stage-progress', batch: 1, stage: 'import', progress: { unit: 'percent', done: null } });
    pass(HEARTBEAT_SECONDS);

    expect(lines.at(-1)).toBe('    batch 1 of 1 · import: 15 s');
  });

  it('counts a stage once that runs twice', () => {
    planned(2, 100, 0);
    for (const stage of ['verify', 'import', 'verify'] as const) {
      started(1, stage);
      ended(1, stage);
    }
    started(2, 'export');
    pass(HEARTBEAT_SECONDS);

    expect(lines.join('\n')).toContain('verify 1/2');
  });

  it('stops with the log', () => {
    started(1, 'export');
    log.stop();
    pass(60);

    expect(lines).toHaveLength(1);
  });
});

describe('many batches', () => {
  const copy = (batch: number, outcome: StageOutcome = 'done'): void => {
    started(batch, 'handoff');
    ended(batch, 'handoff', outcome);
  };

  it.each([
    { batches: 50, each: true },
    { batches: 51, each: false },
  ])('$batches, logged one by one: $each', ({ batches, each }) => {
    planned(batches, batches, 0);
    copy(1);
    lines = [];
    copy(2);

    expect(lines).toHaveLength(each ? 2 : 0);
  });

  it('have lines only for milestones', () => {
    planned(10_000, 10_000, 0);
    for (let batch = 1; batch <= 10_000; batch += 1) copy(batch);

    expect(lines.slice(2)).toEqual(
      ['1', '10', '100', '1,000', '2,000', '3,000', '4,000', '5,000', '6,000', '7,000', '8,000', '9,000', '10,000'].map(
        (done) => `✓ handoff of ${done} of 10,000 batches done`,
      ),
    );
  });

  it('have a line for each failure', () => {
    planned(10_000, 10_000, 0);
    lines = [];
    copy(7, 'failed');

    expect(lines).toEqual(['✗ batch 7 of 10000 · handoff failed in 4.0 s']);
  });

  it('have a short heartbeat', () => {
    planned(10_000, 10_000, 0);
    for (let batch = 1; batch <= 10_000; batch += 1) started(batch, 'verify');
    lines = [];
    pass(HEARTBEAT_SECONDS);

    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe('    and 9980 more');
  });
});
