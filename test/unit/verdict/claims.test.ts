import { describe, expect, it } from '@jest/globals';
import {
  judgeChaos,
  judgeChaosRun,
  judgeDiagnosis,
  judgeKill,
  judgeMany,
  judgeSetup,
  judgeSoak,
  judgeStowaway,
  judgeWorkflows,
} from '../../show/claims.ts';
import type { ChaosRun } from '../../show/chaos/run.ts';
import type { KillFigures } from '../../show/kill.ts';
import type { WorkflowsFigures } from '../../show/workflows.ts';
import { mixOf } from '../../e2e/faults/mix.ts';
import { expectLimits } from './limits.ts';

describe('show chaos', () => {
  const good = {
    seed: 1,
    load: false,
    runs: 1,
    faultKinds: 81,
    green: 0,
    lost: 0,
    doubled: 0,
    wrong: 0,
    falseGreen: 0,
    falseRed: 0,
    hung: 0,
    leaks: 0,
    requestRatioMedian: 1.25,
    requestRatioMost: 3,
    kinds: [],
  };

  expectLimits(judgeChaos, good, [
    ['loses an artifact', { lost: 1 }],
    ['transfers one twice', { doubled: 1 }],
    ['reports one wrong', { wrong: 1 }],
    ['is green though something is missing', { falseGreen: 1 }],
    ['is red though every fault passes', { falseRed: 1 }],
    ['hangs', { hung: 1 }],
    ['leaks a secret', { leaks: 1 }],
    ['asks too often', { requestRatioMedian: 1.26 }],
    ['once asks far too often', { requestRatioMost: 3.01 }],
    ['runs nothing', { runs: 0 }],
    [
      'has no transfer without faults to compare with',
      { requestRatioMedian: Number.NaN, requestRatioMost: Number.NaN },
    ],
  ]);
});

describe('one run of the chaos', () => {
  const good: ChaosRun = {
    mix: mixOf(1),
    green: false,
    ids: [],
    lost: 0,
    doubled: 0,
    wrong: 0,
    falseGreen: false,
    falseRed: false,
    hung: false,
    leak: null,
    requests: 100,
    log: '',
  };

  expectLimits(judgeChaosRun, good, [
    ['loses an artifact', { lost: 1 }],
    ['transfers one twice', { doubled: 1 }],
    ['reports one wrong', { wrong: 1 }],
    ['is green though something is missing', { falseGreen: true }],
    ['is red though every fault passes', { falseRed: true }],
    ['hangs', { hung: true }],
    ['leaks a secret', { leak: 'log: abc…' }],
  ]);
});

describe('show diagnosis', () => {
  expectLimits(judgeDiagnosis, { cases: 40, foundBeforeRun: 40, falseAlarms: 0 }, [
    ['misses a misconfiguration', { foundBeforeRun: 39 }],
    ['finds one where there is none', { falseAlarms: 1 }],
    ['has no cases', { cases: 0, foundBeforeRun: 0 }],
  ]);
});

describe('show kill', () => {
  const good: KillFigures = {
    seed: 1,
    load: false,
    moments: 120,
    complete: 120,
    doubled: 0,
    cancelled: 1,
    slowestSeconds: 10,
  };

  expectLimits(judgeKill, good, [
    ['leaves a transfer unfinished', { complete: 119 }],
    ['imports a blob twice', { doubled: 1 }],
    ['takes longer to end than GitHub waits', { slowestSeconds: 10.1 }],
    ['cancels nothing', { cancelled: 0, slowestSeconds: null }],
    ['kills nothing', { moments: 0, complete: 0 }],
  ]);

  it('asks for no canceled step where only a lost runner is replayed', () => {
    const replay = { ...good, moments: 1, complete: 1, cancelled: null, slowestSeconds: null };
    expect(judgeKill(replay)).toEqual([]);
  });
});

describe('show many', () => {
  const good = {
    blobs: 10_000,
    arrived: 10_000,
    status: 'succeeded',
    seconds: 99,
    peakRssMb: 256,
    summaryKb: 900,
    logLines: 1000,
  };

  expectLimits(judgeMany, good, [
    ['loses a blob', { arrived: 9999 }],
    ['fails', { status: 'partial' }],
    ['has no status', { status: '' }],
    ['takes more memory', { peakRssMb: 257 }],
    ['writes a longer summary', { summaryKb: 901 }],
    ['writes a longer log', { logLines: 1001 }],
  ]);
});

describe('show setup', () => {
  expectLimits(judgeSetup, { combinations: 6, transferred: 6, changesOnSecondRun: 0, leftAfterTeardown: 0 }, [
    ['does not transfer in one combination', { transferred: 5 }],
    ['changes something on the second run', { changesOnSecondRun: 1 }],
    ['leaves something behind', { leftAfterTeardown: 1 }],
    ['has no combinations', { combinations: 0, transferred: 0 }],
  ]);
});

describe('show soak', () => {
  const good = {
    batches: 1000,
    verified: 1000,
    seconds: 171,
    peakRssMb: 256,
    secondQuarterMiB: 140,
    lastQuarterMiB: 154,
    growth: 1.1,
    handles: ['a', 'b', 'c', 'd'],
  };

  expectLimits(judgeSoak, good, [
    ['loses a batch', { verified: 999 }],
    ['takes more memory', { peakRssMb: 257 }],
    ['grows', { growth: 1.101 }],
    ['has not seen its memory', { growth: Number.NaN }],
    ['leaves things open', { handles: ['a', 'b', 'c', 'd', 'e'] }],
  ]);
});

describe('show workflows', () => {
  const good: WorkflowsFigures = {
    workflows: 5,
    samples: 8,
    callers: 12,
    ran: 25,
    failed: 0,
    notRun: [],
    stories: 1,
    runs: 1,
    jobs: 1,
  };

  expectLimits(judgeWorkflows, good, [
    ['has a story that fails', { failed: 1 }],
    ['has a workflow that no story runs', { ran: 24, notRun: ['examples/a.yml'], failed: 1 }],
    ['counts wrong', { ran: 24 }],
    ['has no stories', { stories: 0, runs: 0 }],
  ]);
});

describe('show stowaway', () => {
  const good = {
    ways: 16,
    caught: 16,
    importedBeforeCaught: 4,
    importedWithManifest: 5,
    importedOtherwise: 0,
    green: 0,
    legitimate: 60,
    falseAlarms: 0,
  };

  expectLimits(judgeStowaway, good, [
    ['tries too few ways', { ways: 15, caught: 15 }],
    ['misses one', { caught: 15 }],
    ['is green once', { green: 1 }],
    ['runs too few legitimate transfers', { legitimate: 59 }],
    ['imports something that it could have noticed', { importedOtherwise: 1 }],
    ['raises a false alarm', { falseAlarms: 1 }],
  ]);
});
