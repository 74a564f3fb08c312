import { describe, expect, it } from '@jest/globals';
import {
  judgeBatches,
  judgeHandoff,
  judgeHashing,
  judgeMakespan,
  judgeMemory,
  judgePlan,
  judgeStart,
  judgeSync,
} from '../../bench/budgets.ts';
import type { BatchesFigures } from '../../bench/batches.ts';
import { report, type Report } from '../../bench/handoff/figures.ts';
import type { Result, Results } from '../../bench/handoff/rounds.ts';
import type { RegimeName } from '../../bench/handoff/settings.ts';
import { firstLine } from '../../bench/start.ts';
import { expectLimits } from './limits.ts';

describe('bench start', () => {
  const good = { medianMs: 240, bareNodeMs: 80, ratioToBareNode: 3, bundleBytes: 1_900_000, repeats: 15 };

  expectLimits(judgeStart, good, [
    ['takes more than three times what Node.js takes', { medianMs: 240.1 }],
    ['is the same, and Node.js itself faster', { bareNodeMs: 79.9 }],
    ['has a larger bundle', { bundleBytes: 1_900_001 }],
    ['has not measured Node.js', { bareNodeMs: 0 }],
    ['has measured nothing', { medianMs: Number.NaN, bareNodeMs: Number.NaN }],
  ]);

  it('never allows more than 250 ms if Node.js takes 80 ms or less', () => {
    for (let bareNodeMs = 1; bareNodeMs <= 80; bareNodeMs += 1) {
      expect(judgeStart({ ...good, medianMs: 250.1, bareNodeMs })).toHaveLength(1);
    }
  });

  it('allows more on a slower machine', () => {
    expect(judgeStart({ ...good, medianMs: 1200, bareNodeMs: 400 })).toEqual([]);
  });

  it('measures nothing of a process that prints nothing', async () => {
    await expect(firstLine(['-e', 'process.exit(3)'], {})).rejects.toThrow('ended with 3, and has printed nothing');
    await expect(firstLine(['-e', 'console.log(1)'], {})).resolves.toBeGreaterThan(0);
  });
});

describe('bench makespan', () => {
  const good = {
    status: 'succeeded',
    batches: 8,
    seconds: 79,
    idealSeconds: 74,
    ratioToIdeal: 1.068,
    armRequests: 99,
  };

  expectLimits(judgeMakespan, good, [
    ['loses more than 5 s of 74 s', { seconds: 79.1 }],
    ['fails', { status: 'failed' }],
    ['loses more than 5 % of 200 s', { seconds: 210.1, idealSeconds: 200 }],
  ]);

  it('may lose 5 % of a longer time', () => {
    expect(judgeMakespan({ ...good, seconds: 210, idealSeconds: 200 })).toEqual([]);
  });
});

describe('bench memory', () => {
  const good = { status: 'succeeded', bytes: 100, blobBytes: 100, peakRssMb: 256, seconds: 9, mibPerSecond: 9 };

  expectLimits(judgeMemory, good, [
    ['takes more memory', { peakRssMb: 256.1 }],
    ['loses a byte', { bytes: 99 }],
    ['moves a byte too much', { bytes: 101 }],
    ['fails', { status: 'partial' }],
  ]);
});

describe('bench sync', () => {
  const good = {
    artifacts: 1000,
    status: 'nothing-to-do',
    seconds: 5,
    sourceRequests: 151,
    sourceBudget: 151,
    targetRequests: 150,
    targetBudget: 150,
    peakRssMb: 256,
    newsStatus: 'succeeded',
    newsTransferred: 1,
    newsArtifacts: 'team/service-007:v2.0.0',
    newsExpected: 'team/service-007:v2.0.0',
    newsSeconds: 9,
  };

  expectLimits(judgeSync, good, [
    ['takes longer', { seconds: 5.01 }],
    ['asks the source once more', { sourceRequests: 152 }],
    ['asks the target once more', { targetRequests: 151 }],
    ['takes more memory', { peakRssMb: 256.1 }],
    ['transfers something though nothing is new', { status: 'succeeded' }],
    ['misses the new artifact', { newsTransferred: 0, newsStatus: 'nothing-to-do', newsArtifacts: '' }],
    ['transfers two artifacts', { newsTransferred: 2 }],
    ['transfers another artifact', { newsArtifacts: 'team/service-008:v2.0.0' }],
    ['fails with the new artifact', { newsStatus: 'failed' }],
    ['has fewer artifacts to look at', { artifacts: 999 }],
  ]);
});

describe('bench plan', () => {
  const good = {
    status: 'succeeded',
    artifacts: 10_000,
    batches: 200,
    seconds: 30,
    peakRssMb: 256,
    registryRequests: 9,
    armRequests: 9,
    readsPerMinuteAllowed: 10_000,
  };

  expectLimits(judgePlan, good, [
    ['takes longer', { seconds: 30.1 }],
    ['takes more memory', { peakRssMb: 256.1 }],
    ['misses an artifact', { artifacts: 9999 }],
    ['puts more than 50 artifacts into a batch', { batches: 199 }],
    ['fails', { status: 'failed' }],
    ['has no artifacts', { artifacts: Number.NaN }],
  ]);
});

describe('bench batches', () => {
  const good: BatchesFigures = {
    artifacts: 2000,
    batches: 42,
    naiveBatches: 40,
    bytes: 655,
    naiveBytes: 1000,
    lowerBoundBytes: 500,
    savedPercent: 34.5,
    overLowerBoundPercent: 45,
    mostSavablePercent: 49,
    seconds: 0.5,
    fixedBasesSavedPercent: 16.7,
    fixedBasesMostSavablePercent: 17.5,
    signedArtifacts: 6000,
    signedBatches: 131,
    signedNaiveBatches: 125,
    signedSavedPercent: 45.5,
    signedMostSavablePercent: 58.1,
    largeArtifacts: 10_000,
    largeBatches: 210,
    largeSavedPercent: 36.7,
    largeSeconds: 10,
  };

  expectLimits(judgeBatches, good, [
    ['saves less', { savedPercent: 34.4 }],
    ['saves less with bases that never change', { fixedBasesSavedPercent: 16.6 }],
    ['saves less with signatures', { signedSavedPercent: 45.4 }],
    ['takes a batch more than one in twenty', { batches: 43 }],
    ['takes a batch more with signatures', { signedBatches: 132 }],
    ['loses an artifact', { artifacts: 1999 }],
    ['loses a signature', { signedArtifacts: 5999 }],
    ['loses one of many artifacts', { largeArtifacts: 9999 }],
    ['takes longer', { largeSeconds: 10.1 }],
  ]);
});

describe('bench hashing', () => {
  const good = {
    mib: 1024,
    rounds: 3,
    onePassCpuSecondsPerGiB: 2,
    twoPassesCpuSecondsPerGiB: 2,
    ratioTwoPasses: 1.25,
    mainMibPerSecond: 400,
    mainDelayP99Ms: 10,
    oneThreadMibPerSecond: 360,
    oneThreadDelayP99Ms: 10,
    twoThreadsMibPerSecond: 700,
    twoThreadsDelayP99Ms: 2,
    rssMb: 256,
  };

  expectLimits(judgeHashing, good, [
    ['costs as much in one pass as in two', { ratioTwoPasses: 1.24 }],
    ['is slower with a thread', { oneThreadMibPerSecond: 359 }],
    ['keeps the main thread busier with a thread', { oneThreadDelayP99Ms: 10.1 }],
  ]);
});

describe('bench handoff', () => {
  const result = (mibPerSecond: number, more: Partial<Result> = {}): Result => ({
    way: 'stream',
    runs: 5,
    mibPerSecond,
    cpuSecondsPerGiB: 4,
    endpointCpuSecondsPerGiB: 1,
    peakRssMb: 256,
    ...more,
  });
  const results = (more: Partial<Results> = {}): Results => ({
    ours: result(100),
    rclone: result(100),
    azcopy: result(100),
    server: null,
    azcopyServer: null,
    ...more,
  });
  const measured = (regime: RegimeName, more: Partial<Results> = {}): Report =>
    report({
      runs: 5,
      regimes: { [regime]: { big: { ...results(more), ceiling: { down: 110, up: 110, rate: 110 } } } },
      huge: null,
      rcloneVerified: null,
    });

  it.each(['wan', 'line', 'open'] as const)('passes at its limits (%s)', (regime) => {
    expect(judgeHandoff(measured(regime))).toEqual([]);
  });

  it('allows rclone to be faster in the regime that only processors limit', () => {
    expect(judgeHandoff(measured('open', { ours: result(80), azcopy: result(80) }))).toEqual([]);
  });

  it.each([
    { name: 'rclone is faster over a WAN', figures: measured('wan', { rclone: result(101.1) }) },
    { name: 'azcopy is faster over a WAN', figures: measured('wan', { azcopy: result(101.1) }) },
    { name: 'rclone is faster over a line', figures: measured('line', { rclone: result(101.1) }) },
    { name: 'azcopy is faster over a line', figures: measured('line', { azcopy: result(101.1) }) },
    { name: 'azcopy is faster without a line', figures: measured('open', { azcopy: result(101.1) }) },
    { name: 'rclone is much faster without a line', figures: measured('open', { rclone: result(127) }) },
    { name: 'rclone is missing', figures: measured('wan', { rclone: null }) },
    { name: 'azcopy is missing', figures: measured('open', { azcopy: null }) },
    { name: 'it takes more CPU', figures: measured('wan', { ours: result(100, { cpuSecondsPerGiB: 4.01 }) }) },
    { name: 'its CPU is not known', figures: measured('wan', { ours: result(100, { cpuSecondsPerGiB: null }) }) },
    { name: 'it takes more memory', figures: measured('wan', { ours: result(100, { peakRssMb: 256.1 }) }) },
  ])('fails when $name', ({ figures }) => {
    expect(judgeHandoff(figures)).toHaveLength(1);
  });

  it('fails when nothing was measured', () => {
    expect(judgeHandoff(report({ runs: 5, regimes: {}, huge: null, rcloneVerified: null }))).not.toEqual([]);
    expect(judgeHandoff(measured('wan', { ours: null }))).not.toEqual([]);
  });
});
