import { describe, expect, it } from '@jest/globals';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { pollIntervalSeconds, pollRun } from '../../../../src/transfer/pipelines/pipeline-run.ts';
import type { PipelineRun, PipelineRuns, RunState } from '../../../../src/transfer/ports/pipelines.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';
import { runAt, SUCCEEDED } from '../ports/pipelines.fixture.ts';

const REFUSED = { side: 'source', what: 'read the run', reason: 'HTTP 503' };
const RUNNING: RunState = { kind: 'running', percentage: null };
/** Succeeded, and the response has no status. */
const UNCONFIRMED: RunState = { kind: 'running', percentage: null, unconfirmed: SUCCEEDED };

/** A run that has these states, one per read; the last one stays. Null: ARM doesn't find the run. */
function runWithStates(states: readonly (RunState | null)[]): PipelineRuns & { readonly reads: () => number } {
  let reads = 0;
  return {
    reads: () => reads,
    find: (name) => {
      const state = states[Math.min(reads, states.length - 1)] ?? null;
      reads += 1;
      return Promise.resolve(state === null ? null : runAt(name, state));
    },
    start: () => Promise.reject(new Error('nothing is started here')),
    list: () => Promise.resolve([]),
  };
}

const follow = (
  runs: PipelineRuns,
  {
    started = runAt('run', RUNNING),
    clock = fakeClock(),
    progress = [] as (number | null)[],
    notes = [] as string[],
    signal = unlimited(),
  } = {},
): Promise<PipelineRun> =>
  pollRun(runs, started, {
    clock,
    signal,
    onProgress: (percentage) => progress.push(percentage),
    onNote: (text) => notes.push(text),
  });

describe('pollIntervalSeconds', () => {
  it.each([
    { name: 'at the start', elapsed: 0, retryAfter: null, expected: 2 },
    { name: 'while 5 % is less than the minimum', elapsed: 39, retryAfter: null, expected: 2 },
    { name: '5 % of the elapsed time', elapsed: 100, retryAfter: null, expected: 5 },
    { name: 'up to the maximum', elapsed: 300, retryAfter: null, expected: 15 },
    { name: 'never more than the maximum', elapsed: 36_000, retryAfter: null, expected: 15 },
    { name: 'Retry-After, if it is longer', elapsed: 0, retryAfter: 30, expected: 30 },
    { name: 'Retry-After, if it is shorter', elapsed: 36_000, retryAfter: 1, expected: 1 },
    { name: 'one second, if Retry-After is 0', elapsed: 36_000, retryAfter: 0, expected: 1 },
  ])('$name', ({ elapsed, retryAfter, expected }) => {
    expect(pollIntervalSeconds(elapsed, retryAfter)).toBe(expected);
  });

  it.each([10, 60, 600, 3600, 20_000])('delays the end of a run of %i s by at most 5 %% or 5 s', (length) => {
    let now = 0;
    while (now < length) now += pollIntervalSeconds(now, null);

    expect(now - length).toBeLessThanOrEqual(Math.max(5, length * 0.05));
  });
});

describe('pollRun', () => {
  it('reads the run until it has succeeded', async () => {
    const runs = runWithStates([RUNNING, RUNNING, { kind: 'succeeded', importedArtifacts: ['a:1'] }]);

    expect((await follow(runs)).state).toEqual({ kind: 'succeeded', importedArtifacts: ['a:1'] });
    expect(runs.reads()).toBe(3);
  });

  it('counts a run that is Succeeded without a status as ended after two more minutes, and logs it', async () => {
    const runs = runWithStates([RUNNING, UNCONFIRMED]);
    const clock = fakeClock();
    const notes: string[] = [];
    const { state } = await follow(runs, { clock, notes });
    const polled = clock.slept.slice(2).reduce((sum, seconds) => sum + seconds, 0);

    expect(state).toEqual(SUCCEEDED);
    expect(polled).toBeGreaterThanOrEqual(120);
    expect(polled).toBeLessThan(140);
    expect(notes).toEqual([expect.stringContaining('polled for 2 more minutes')]);
  });

  it.each<{ name: string; states: readonly RunState[] }>([
    { name: 'it gets a status in time', states: [UNCONFIRMED, UNCONFIRMED, SUCCEEDED] },
    { name: 'it runs again', states: [UNCONFIRMED, RUNNING, UNCONFIRMED, RUNNING, SUCCEEDED] },
  ])('does not count it as ended early if $name', async ({ states }) => {
    const runs = runWithStates(states);
    await follow(runs);

    expect(runs.reads()).toBe(states.length);
  });

  it('fails if a run without a status turns out to have failed', async () => {
    const runs = runWithStates([UNCONFIRMED, { kind: 'failed', reason: 'no' }]);

    await expect(follow(runs)).rejects.toHaveProperty('facts.id', 'ACRT4001');
  });

  it.each([
    { name: 'succeeded', state: SUCCEEDED },
    { name: 'failed', state: { kind: 'failed', reason: 'no' } as const },
  ])('needs no read if the run has already ended: $name', async ({ state }) => {
    const runs = runWithStates([RUNNING]);
    const clock = fakeClock();

    await follow(runs, { started: runAt('run', state), clock }).catch(() => null);

    expect([runs.reads(), clock.slept]).toEqual([0, []]);
  });

  it.each([
    { name: 'a reason of the service', reason: 'Artifact not found', id: 'ACRT4001' },
    {
      name: 'a 403 of the storage account',
      reason: 'Failed to access storage. Service request failed. Status: 403 (This request is not authorized)',
      id: 'ACRT4002',
    },
    { name: 'a 500 of the storage account', reason: 'Failed to access storage. Status: 500', id: 'ACRT4001' },
    { name: 'a 403 of another service', reason: 'The pull answered 403', id: 'ACRT4001' },
  ])('fails with $name, and with the correlation id', async ({ reason, id }) => {
    const followed = follow(runWithStates([RUNNING, { kind: 'failed', reason }]));

    await expect(followed).rejects.toMatchObject({
      facts: { id, correlationId: 'run-correlation', message: expect.stringContaining(reason) },
    });
  });

  it('waits for the Retry-After of each response', async () => {
    const clock = fakeClock();
    const started = { ...runAt('run', RUNNING), retryAfterSeconds: 7 };

    await follow(runWithStates([RUNNING, SUCCEEDED]), { started, clock });

    expect(clock.slept).toEqual([7, 2]);
  });

  it('reports the progress of the run', async () => {
    const progress: (number | null)[] = [];
    const states: RunState[] = [{ kind: 'running', percentage: 20 }, { kind: 'running', percentage: 80 }, SUCCEEDED];

    await follow(runWithStates(states), { progress });

    expect(progress).toEqual([null, 20, 80]);
  });

  it('tolerates four reads that do not find the run', async () => {
    await expect(follow(runWithStates([null, null, null, null, SUCCEEDED]))).resolves.toHaveProperty('name', 'run');
  });

  it('fails if five reads do not find the run', async () => {
    await expect(follow(runWithStates([null]))).rejects.toHaveProperty('facts.id', 'ACRT4004');
  });

  it('counts only failed reads in a row', async () => {
    const states = [null, null, null, null, RUNNING, null, null, null, null, SUCCEEDED];

    await expect(follow(runWithStates(states))).resolves.toHaveProperty('name', 'run');
  });

  it.each([
    { name: 'without a connection', error: transferError('ACRT2005', { host: 'arm', reason: 'cut' }), reads: 4 },
    { name: 'with an error of the service', error: transferError('ACRT3009', REFUSED), reads: 4 },
    { name: 'with the page of a gateway', error: transferError('ACRT2018', { host: 'arm', reason: 'page' }), reads: 4 },
    { name: 'with a server error', error: transferError('ACRT2019', { host: 'arm', reason: 'HTTP 503' }), reads: 4 },
    { name: 'with too many requests', error: transferError('ACRT3040', REFUSED), reads: 4 },
  ])('continues after four reads $name', async ({ error, reads }) => {
    const good = runWithStates([SUCCEEDED]);
    let left = reads;
    const runs: PipelineRuns = {
      ...good,
      find: (name) => {
        left -= 1;
        return left >= 0 ? Promise.reject(error) : good.find(name);
      },
    };

    await expect(follow(runs)).resolves.toHaveProperty('name', 'run');
  });

  it.each([
    { name: 'a permanent error of the service', error: transferError('ACRT3009', REFUSED), reads: 5 },
    { name: 'a missing permission', error: transferError('ACRT3002', REFUSED), reads: 1 },
    { name: 'a lock', error: transferError('ACRT3036', REFUSED), reads: 1 },
    { name: 'an unknown error', error: new Error('surprise'), reads: 1 },
  ])('fails after $reads reads with $name', async ({ error, reads }) => {
    let asked = 0;
    const find = (): Promise<never> => {
      asked += 1;
      return Promise.reject(error);
    };

    await expect(follow({ ...runWithStates([null]), find })).rejects.toBe(error);
    expect(asked).toBe(reads);
  });

  it('ends at the time limit', async () => {
    const controller = new AbortController();
    const clock = fakeClock({ seconds: 60, controller });

    await expect(follow(runWithStates([RUNNING]), { clock, signal: controller.signal })).rejects.toHaveProperty(
      'name',
      'TimeoutError',
    );
    expect(clock.now() - fakeClock().now()).toBeLessThan(80_000);
  });
});
