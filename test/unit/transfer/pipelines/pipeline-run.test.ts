import { describe, expect, it } from '@jest/globals';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { pollIntervalSeconds, pollRun } from '../../../../src/transfer/pipelines/pipeline-run.ts';
import type { PipelineRun, PipelineRuns, RunState } from '../../../../src/transfer/ports/pipelines.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';
import { runAt, SUCCEEDED } from '../ports/pipelines.fixture.ts';

const REFUSED = { side: 'source', what: 'read the run', reason: 'HTTP 503' };
const RUNNING: RunState = { kind: 'running', percentage: null };

/** Runs that are seen in these states, one after the other; the last stays. Null: ARM does not know the run. */
function seenAs(states: readonly (RunState | null)[]): PipelineRuns & { readonly looks: () => number } {
  let looks = 0;
  return {
    looks: () => looks,
    find: (name) => {
      const state = states[Math.min(looks, states.length - 1)] ?? null;
      looks += 1;
      return Promise.resolve(state === null ? null : runAt(name, state));
    },
    start: () => Promise.reject(new Error('nothing is started here')),
    triggered: () => Promise.resolve([]),
  };
}

const follow = (
  runs: PipelineRuns,
  {
    started = runAt('run', RUNNING),
    clock = fakeClock(),
    progress = [] as (number | null)[],
    signal = unlimited(),
  } = {},
): Promise<PipelineRun> =>
  pollRun(runs, started, { clock, signal, onProgress: (percentage) => progress.push(percentage) });

describe('pollIntervalSeconds', () => {
  it.each([
    { name: 'at the start', elapsed: 0, retryAfter: null, expected: 2 },
    { name: 'while 5 % are less than the shortest wait', elapsed: 39, retryAfter: null, expected: 2 },
    { name: '5 % of a minute and more', elapsed: 100, retryAfter: null, expected: 5 },
    { name: 'up to the longest wait', elapsed: 300, retryAfter: null, expected: 15 },
    { name: 'never longer', elapsed: 36_000, retryAfter: null, expected: 15 },
    { name: 'what the service asks for, when it is longer', elapsed: 0, retryAfter: 30, expected: 30 },
    { name: 'what the service asks for, when it is shorter', elapsed: 36_000, retryAfter: 1, expected: 1 },
    { name: 'what the service asks for, up to five minutes', elapsed: 0, retryAfter: 300, expected: 300 },
    { name: 'five minutes, when the service asks for more', elapsed: 0, retryAfter: 301, expected: 300 },
    { name: 'a second, when the service asks for no pause', elapsed: 36_000, retryAfter: 0, expected: 1 },
  ])('$name', ({ elapsed, retryAfter, expected }) => {
    expect(pollIntervalSeconds(elapsed, retryAfter)).toBe(expected);
  });

  it.each([10, 60, 600, 3600, 20_000])('loses at most 5 %% or 5 s of a run of %i s', (length) => {
    let now = 0;
    while (now < length) now += pollIntervalSeconds(now, null);

    expect(now - length).toBeLessThanOrEqual(Math.max(5, length * 0.05));
  });
});

describe('pollRun', () => {
  it('looks until the run has succeeded', async () => {
    const runs = seenAs([RUNNING, RUNNING, { kind: 'succeeded', importedArtifacts: ['a:1'] }]);

    expect((await follow(runs)).state).toEqual({ kind: 'succeeded', importedArtifacts: ['a:1'] });
    expect(runs.looks()).toBe(3);
  });

  it.each([
    { name: 'succeeded', state: SUCCEEDED },
    { name: 'failed', state: { kind: 'failed', reason: 'no' } as const },
  ])('believes an answer that is final at once: $name', async ({ state }) => {
    const runs = seenAs([RUNNING]);
    const clock = fakeClock();

    await follow(runs, { started: runAt('run', state), clock }).catch(() => null);

    expect([runs.looks(), clock.slept]).toEqual([0, []]);
  });

  it.each([
    { name: 'words of its own', reason: 'Artifact not found', id: 'ACRT4001' },
    {
      name: 'a storage account that turned it away',
      reason: 'Failed to access storage. Service request failed. Status: 403 (This request is not authorized)',
      id: 'ACRT4002',
    },
    { name: 'a storage account that failed', reason: 'Failed to access storage. Status: 500', id: 'ACRT4001' },
    { name: 'a 403 of something else', reason: 'The pull answered 403', id: 'ACRT4001' },
  ])('fails with $name, and with the correlation id', async ({ reason, id }) => {
    const followed = follow(seenAs([RUNNING, { kind: 'failed', reason }]));

    await expect(followed).rejects.toMatchObject({
      facts: { id, correlationId: 'run-correlation', message: expect.stringContaining(reason) },
    });
  });

  it('waits as long as the service asks, answer by answer', async () => {
    const clock = fakeClock();
    const started = { ...runAt('run', RUNNING), retryAfterSeconds: 7 };

    await follow(seenAs([RUNNING, SUCCEEDED]), { started, clock });

    expect(clock.slept).toEqual([7, 2]);
  });

  it('waits five minutes at most, whatever the service asks for', async () => {
    const clock = fakeClock();
    const started = { ...runAt('run', RUNNING), retryAfterSeconds: 86_400 };

    await follow(seenAs([SUCCEEDED]), { started, clock });

    expect(clock.slept).toEqual([300]);
  });

  it('tells how far the run is', async () => {
    const progress: (number | null)[] = [];
    const states: RunState[] = [{ kind: 'running', percentage: 20 }, { kind: 'running', percentage: 80 }, SUCCEEDED];

    await follow(seenAs(states), { progress });

    expect(progress).toEqual([null, 20, 80]);
  });

  it('gives a run that is not readable yet some looks', async () => {
    await expect(follow(seenAs([null, null, null, null, SUCCEEDED]))).resolves.toHaveProperty('name', 'run');
  });

  it('gives up on a run that stays unknown', async () => {
    await expect(follow(seenAs([null]))).rejects.toHaveProperty('facts.id', 'ACRT4004');
  });

  it('counts only looks in a row', async () => {
    const states = [null, null, null, null, RUNNING, null, null, null, null, SUCCEEDED];

    await expect(follow(seenAs(states))).resolves.toHaveProperty('name', 'run');
  });

  it.each([
    { name: 'that has no connection', error: transferError('ACRT2005', { host: 'arm', reason: 'cut' }), looks: 4 },
    { name: 'that the service answers with an error', error: transferError('ACRT3009', REFUSED), looks: 4 },
    { name: 'that the service has too many of', error: transferError('ACRT3040', REFUSED), looks: 4 },
  ])('goes on after a look $name, some times', async ({ error, looks }) => {
    const good = seenAs([SUCCEEDED]);
    let left = looks;
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
    { name: 'an error that stays', error: transferError('ACRT3009', REFUSED), looks: 5 },
    { name: 'a right that was taken away', error: transferError('ACRT3002', REFUSED), looks: 1 },
    { name: 'a lock', error: transferError('ACRT3036', REFUSED), looks: 1 },
    { name: 'a surprise', error: new Error('surprise'), looks: 1 },
  ])('gives up on $name after $looks looks', async ({ error, looks }) => {
    let asked = 0;
    const find = (): Promise<never> => {
      asked += 1;
      return Promise.reject(error);
    };

    await expect(follow({ ...seenAs([null]), find })).rejects.toBe(error);
    expect(asked).toBe(looks);
  });

  it('ends at the time limit', async () => {
    const controller = new AbortController();
    const clock = fakeClock({ seconds: 60, controller });

    await expect(follow(seenAs([RUNNING]), { clock, signal: controller.signal })).rejects.toHaveProperty(
      'name',
      'TimeoutError',
    );
    expect(clock.now() - fakeClock().now()).toBeLessThan(80_000);
  });
});
