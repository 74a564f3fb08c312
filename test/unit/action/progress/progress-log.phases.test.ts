import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { progressLog, type ProgressLog } from '../../../../src/action/progress/progress-log.ts';
import { finalStage } from '../../../../src/action/progress/time-left.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { CheckResult } from '../../../../src/transfer/model/check-result.ts';
import type { Phase, Stage, StageOutcome } from '../../../../src/transfer/model/events.ts';
import type { TransferRequest } from '../../../../src/transfer/model/request.ts';
import { checkResultsOf } from '../../../../src/transfer/preflight/check-results.ts';

const HEARTBEAT_SECONDS = 15;

/** Records groups as lines. */
const groups = {
  begin: (title: string) => lines.push(`[${title}`),
  end: () => lines.push(']'),
};

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
const planned = (batches: number, artifacts: number, bytes: number): void => {
  log.onEvent({ kind: 'planned', batches, artifacts, bytes });
};

beforeEach(() => {
  jest.useFakeTimers();
  lines = [];
  now = 0;
  log = progressLog((line) => lines.push(line), { now: () => now, groups, last: 'verify' });
});

afterEach(() => {
  log.stop();
  jest.useRealTimers();
});

describe('the phases', () => {
  const enter = (phase: Phase): void => {
    log.onEvent({ kind: 'phase', phase });
  };
  const checked = (finding: CheckResult): void => {
    log.onEvent({ kind: 'checked', finding });
  };
  const { ok, unknown, error, warning } = checkResultsOf('target', 'registry');
  const fault = transferError('ACRT3007', { registry: 'contoso', sku: 'Basic' });

  it('have a group each, and the last one ends with the log', () => {
    enter('preflight');
    enter('plan');
    planned(1, 1, 0);
    enter('transfer');
    log.stop();
    log.stop();

    expect(lines).toEqual([
      '[Checks before the first run',
      ']',
      '[Plan',
      'Plan: 1 artifact in 1 batch',
      ']',
      '[Transfer',
      ']',
    ]);
  });

  it.each([
    { finding: ok('Premium'), line: '✓ target · registry: Premium' },
    { finding: unknown('no right to look'), line: '? target · registry: no right to look' },
    { finding: error(fault), line: `✗ target · registry: ${fault.message}` },
    { finding: warning(fault), line: `⚠ target · registry: ${fault.message}` },
    { finding: ok('first\r\n::error::second'), line: '✓ target · registry: first ::error::second' },
  ])('have a line for each check: $line', ({ finding, line }) => {
    checked(finding);

    expect(lines).toEqual([line]);
  });
});

describe('the remaining time', () => {
  const timeLeft = (): string | undefined => lines.find((line) => line.includes(' left'));
  const finish = (batch: number, outcome: StageOutcome = 'done'): void => {
    started(batch, 'verify');
    ended(batch, 'verify', outcome);
  };

  it('is shown once a batch is finished', () => {
    planned(4, 100, 0);
    started(1, 'export');
    pass(HEARTBEAT_SECONDS);
    const before = timeLeft();
    ended(1, 'export');
    finish(1);
    pass(HEARTBEAT_SECONDS);

    expect(before).toBeUndefined();
    expect(timeLeft()).toBe('… 1 of 4 batches finished in 30 s, about 1 min 30 s left');
  });

  it('counts a failed batch as finished', () => {
    planned(2, 100, 0);
    started(1, 'export');
    ended(1, 'export', 'failed');
    started(2, 'export');
    pass(HEARTBEAT_SECONDS);

    expect(timeLeft()).toBe('… 1 of 2 batches finished in 15 s, about 15 s left');
  });

  it('does not count a batch that starts another stage', () => {
    planned(2, 100, 0);
    finish(1);
    started(1, 'import');
    pass(HEARTBEAT_SECONDS);

    expect(timeLeft()).toBeUndefined();
  });

  it('is not shown when all batches are finished', () => {
    planned(1, 100, 0);
    finish(1);
    pass(HEARTBEAT_SECONDS);

    expect(timeLeft()).toBeUndefined();
  });

  it.each([
    { request: { mode: 'export' }, last: 'export' },
    { request: { mode: 'handoff' }, last: 'handoff' },
    { request: { mode: 'import', verify: false }, last: 'import' },
    { request: { mode: 'full', verify: true }, last: 'verify' },
    { request: { mode: 'doctor' }, last: null },
  ])('ends with stage $last in mode $request.mode', ({ request, last }) => {
    expect(finalStage(request as TransferRequest)).toBe(last);
  });
});
