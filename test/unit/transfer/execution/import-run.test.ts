import { describe, expect, it } from '@jest/globals';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { runImport, type Imported } from '../../../../src/transfer/execution/import-run.ts';
import { runName, type Batch } from '../../../../src/transfer/model/artifact.ts';
import type { SeenBlob } from '../../../../src/transfer/model/blob.ts';
import type { ImportBy } from '../../../../src/transfer/model/request.ts';
import { createRunListing } from '../../../../src/transfer/pipelines/blob-runs.ts';
import type { PipelineRuns, RunState } from '../../../../src/transfer/ports/pipelines.ts';
import { fakeClock, unlimited, type FakeClock } from '../ports/clock.fixture.ts';
import { memoryContainer, type MemoryContainer } from '../ports/blob-container.fixture.ts';
import { memoryRuns, runAt, SUCCEEDED } from '../ports/pipelines.fixture.ts';
import { pipelineFacts, pipelineOf } from '../ports/context.fixture.ts';

const RUN = runName('import', pipelineOf('import').resourceId, 'a.tar');
const BATCH: Batch = { index: 1, blob: 'a.tar', bytes: 0, artifacts: [] };
const BROUGHT: RunState = { kind: 'succeeded', importedArtifacts: ['team/api:v1'] };
const FAILED: RunState = { kind: 'failed', reason: 'no' };

const URI = 'https://target.blob.core.windows.net/transfer';

interface Importing {
  readonly importBy?: ImportBy;
  readonly again?: boolean;
  readonly clock?: FakeClock;
  readonly container?: MemoryContainer;
  readonly seen?: SeenBlob;
  readonly options?: readonly string[];
  readonly onRun?: (name: string) => void;
}

function importing(runs: PipelineRuns, how: Importing = {}): Promise<Imported> {
  const { importBy = 'run', again = false, clock = fakeClock(), container = memoryContainer(URI), onRun } = how;
  const { seen = null, options = [] } = how;
  const nothing = (): undefined => undefined;
  const tools = { clock, signal: unlimited(), onProgress: nothing, onNote: nothing, onRun: onRun ?? nothing };
  const side = {
    pipeline: pipelineOf('import'),
    registry: { loginServer: 'target.azurecr.io' },
    facts: pipelineFacts({ options }),
    runs,
    listing: createRunListing(runs, clock),
    container,
    importBy,
  };
  return runImport(side, { batch: BATCH, again, seen }, tools);
}

describe('runImport by run', () => {
  it.each([
    { name: 'does not exist', earlier: null, again: false, outcome: 'done', orders: [false] },
    { name: 'has succeeded', earlier: BROUGHT, again: false, outcome: 'skipped', orders: [] },
    {
      name: 'has succeeded, but its artifacts are missing',
      earlier: BROUGHT,
      again: true,
      outcome: 'done',
      orders: [true],
    },
    { name: 'has failed', earlier: FAILED, again: false, outcome: 'done', orders: [true] },
  ])('when a run of this name $name', async ({ earlier, again, outcome, orders }) => {
    const runs = memoryRuns(() => BROUGHT);
    if (earlier !== null) runs.add(runAt(RUN, earlier, 'a.tar'));

    expect(await importing(runs, { again })).toMatchObject({ outcome, importedArtifacts: ['team/api:v1'] });
    expect(runs.started.map((order) => order.again)).toEqual(orders);
  });

  it.each([false, true])('attaches to a run in progress (again: %s)', async (again) => {
    const runs = memoryRuns(() => BROUGHT);
    await runs.start(RUN, { kind: 'import', blob: 'a.tar' }, false);

    expect(await importing(runs, { again })).toMatchObject({ outcome: 'done' });
    expect(runs.started).toHaveLength(1);
  });
});

describe('runImport by trigger', () => {
  /** The trigger creates a run at this time of the clock. */
  function triggerAfter(seconds: number, clock = fakeClock()): { runs: PipelineRuns; clock: typeof clock } {
    const start = clock.now();
    const runs = memoryRuns(() => BROUGHT);
    const list: PipelineRuns['list'] = () =>
      Promise.resolve(clock.now() - start < seconds * 1000 ? [] : [runAt('trigger_1', SUCCEEDED, 'a.tar')]);
    return { clock, runs: { ...runs, list, start: () => Promise.reject(new Error('nothing may be started')) } };
  }

  it('waits for the run of the trigger, and starts none', async () => {
    const { runs, clock } = triggerAfter(15 * 60);

    expect(await importing(runs, { importBy: 'trigger', clock })).toMatchObject({ outcome: 'done' });
  });

  it('takes the newest of several runs', async () => {
    const runs = memoryRuns(() => BROUGHT);
    runs.add(runAt('trigger_1', FAILED, 'a.tar'));
    runs.add(runAt('trigger_2', BROUGHT, 'a.tar'));

    expect(await importing(runs, { importBy: 'trigger' })).toMatchObject({ importedArtifacts: ['team/api:v1'] });
  });

  it('fails after the maximum time that the service needs, plus a margin', async () => {
    const { runs, clock } = triggerAfter(Infinity);
    const start = clock.now();

    await expect(importing(runs, { importBy: 'trigger', clock })).rejects.toHaveProperty('facts.id', 'ACRT4005');
    const minutes = (clock.now() - start) / 60_000;
    expect(minutes).toBeGreaterThan(15);
    expect(minutes).toBeLessThan(25);
  });

  it('takes the run that started last, wherever it is in the list', async () => {
    const runs = memoryRuns(() => BROUGHT);
    runs.add(runAt('trigger_2', BROUGHT, 'a.tar', 2000));
    runs.add(runAt('trigger_1', FAILED, 'a.tar', 1000));

    expect(await importing(runs, { importBy: 'trigger' })).toMatchObject({ importedArtifacts: ['team/api:v1'] });
  });

  it('fails with the error of the triggered run that it waited for', async () => {
    const runs = memoryRuns(() => BROUGHT);
    let lists = 0;
    const list: PipelineRuns['list'] = () => {
      lists += 1;
      return Promise.resolve(lists === 1 ? [] : [runAt('trigger_1', FAILED, 'a.tar')]);
    };

    await expect(importing({ ...runs, list }, { importBy: 'trigger' })).rejects.toHaveProperty('facts.id', 'ACRT4001');
    expect(runs.started).toEqual([]);
  });

  it('B12: repeats a run of the trigger that failed in an earlier step, by a run of the action', async () => {
    const runs = memoryRuns(() => BROUGHT);
    runs.add(runAt('trigger_1', FAILED, 'a.tar'));
    const names: string[] = [];

    expect(await importing(runs, { importBy: 'trigger', onRun: (name) => names.push(name) })).toMatchObject({
      outcome: 'done',
      importedArtifacts: ['team/api:v1'],
    });
    expect(runs.started.map(({ name }) => name)).toEqual([RUN]);
    expect(names.at(-1)).toBe(RUN);
    expect(await importing(runs, { importBy: 'trigger' })).toMatchObject({ outcome: 'skipped' });
    expect(runs.started).toHaveLength(1);
  });

  it('B12: says what a person must do if the step may not start runs', async () => {
    const runs = memoryRuns(() => BROUGHT);
    runs.add(runAt('trigger_1', FAILED, 'a.tar'));
    const denied = transferError('ACRT3002', { side: 'target', what: 'start', reason: 'AuthorizationFailed' });
    const start = (): Promise<never> => Promise.reject(denied);

    await expect(importing({ ...runs, start }, { importBy: 'trigger' })).rejects.toHaveProperty('facts.id', 'ACRT4031');
  });

  const WRITTEN = fakeClock().now();
  const MINUTE = 60_000;

  it.each([
    { name: 'after the blob was written', startedAt: WRITTEN + 5 * MINUTE },
    { name: 'just before it, by a clock that is slow', startedAt: WRITTEN - MINUTE },
    { name: 'at an unknown time', startedAt: null },
  ])('accepts a run that started $name', async ({ startedAt }) => {
    const runs = memoryRuns(() => BROUGHT);
    runs.add(runAt('trigger_1', BROUGHT, 'a.tar', startedAt));
    const container = memoryContainer(URI, () => WRITTEN);
    container.put('a.tar', Buffer.from('new'));

    expect(await importing(runs, { importBy: 'trigger', container })).toMatchObject({ outcome: 'done' });
  });

  it('continues to wait if the only run is of an older blob of the same name', async () => {
    const runs = memoryRuns(() => BROUGHT);
    runs.add(runAt('trigger_1', BROUGHT, 'a.tar', WRITTEN - 2 * MINUTE));
    const container = memoryContainer(URI, () => WRITTEN);
    container.put('a.tar', Buffer.from('new'));

    await expect(importing(runs, { importBy: 'trigger', container })).rejects.toHaveProperty('facts.id', 'ACRT4005');
  });

  it('takes the newest run if the blob is missing, because that run deleted it', async () => {
    const runs = memoryRuns(() => BROUGHT);
    runs.add(runAt('trigger_1', BROUGHT, 'a.tar', WRITTEN - 2 * MINUTE));

    expect(await importing(runs, { importBy: 'trigger' })).toMatchObject({ importedArtifacts: ['team/api:v1'] });
  });
});

describe('the blob of an import', () => {
  /** A container with the blob, and the blob as it was seen. */
  function checkedBlob() {
    const container = memoryContainer(URI, fakeClock().now);
    container.put('a.tar', Buffer.from('checked'));
    const { etag, modifiedAt } = container.blobs.get('a.tar')!.facts;
    return { container, seen: { etag }, modifiedAt };
  }

  it('A4: must be the one that was checked, right before the run', async () => {
    const { container, seen } = checkedBlob();
    const runs = memoryRuns(() => BROUGHT);
    container.put('a.tar', Buffer.from('swapped'));

    await expect(importing(runs, { container, seen })).rejects.toHaveProperty('facts.id', 'ACRT5021');
    expect(runs.started).toEqual([]);
  });

  it('A4: that was deleted before the check must not appear again before the run', async () => {
    const { container } = checkedBlob();
    const runs = memoryRuns(() => BROUGHT);
    runs.add(runAt(RUN, BROUGHT, 'a.tar'));

    await expect(importing(runs, { container, again: true })).rejects.toHaveProperty('facts.id', 'ACRT5021');
    expect(runs.started).toEqual([]);
  });

  it('A4: must still exist right before the run', async () => {
    const { container, seen } = checkedBlob();
    container.blobs.clear();

    await expect(
      importing(
        memoryRuns(() => BROUGHT),
        { container, seen },
      ),
    ).rejects.toHaveProperty('facts.id', 'ACRT5021');
  });

  it.each([
    { name: 'stays as it is', change: () => undefined, options: [], expected: null },
    {
      name: 'is replaced, and the checked bytes are put back',
      change: (container: MemoryContainer) => {
        container.put('a.tar', Buffer.from('checked'));
      },
      options: [],
      expected: expect.stringContaining('its ETag is'),
    },
    {
      name: 'is deleted by the pipeline',
      change: (container: MemoryContainer) => {
        container.blobs.clear();
      },
      options: ['DeleteSourceBlobOnSuccess'],
      expected: null,
    },
    {
      name: 'is deleted, although the pipeline deletes no blobs',
      change: (container: MemoryContainer) => {
        container.blobs.clear();
      },
      options: [],
      expected: 'it was deleted',
    },
  ])('A4: reports whether it changes during the run: $name', async ({ change, options, expected }) => {
    const { container, seen } = checkedBlob();
    const runs = memoryRuns(() => {
      change(container);
      return BROUGHT;
    });

    expect(await importing(runs, { container, seen, options })).toMatchObject({ outcome: 'done', change: expected });
  });

  it.each([
    { name: 'before the start of the run', minutes: 5, expected: null },
    { name: 'after the start of the run', minutes: -5, expected: 'it was written after the start of the run' },
  ])('A4: must be written $name that another attempt has started', async ({ minutes, expected }) => {
    const { container, seen, modifiedAt } = checkedBlob();
    const runs = memoryRuns(() => BROUGHT);
    const running: RunState = { kind: 'running', percentage: null };
    const startedAt = modifiedAt + minutes * 60_000;
    let left = 1;
    const find: PipelineRuns['find'] = () =>
      Promise.resolve(runAt(RUN, left-- > 0 ? running : BROUGHT, 'a.tar', startedAt));

    expect(await importing({ ...runs, find }, { container, seen })).toMatchObject({
      startedHere: false,
      change: expected,
    });
    expect(runs.started).toEqual([]);
  });

  it('A4: is reported as replaced if its run fails, because the run might have imported a part of it', async () => {
    const { container, seen } = checkedBlob();
    const runs = memoryRuns(() => {
      container.put('a.tar', Buffer.from('swapped'));
      return FAILED;
    });

    await expect(importing(runs, { container, seen })).rejects.toMatchObject({
      facts: { id: 'ACRT5022', message: expect.stringContaining('the run failed') as unknown },
    });
  });

  it('A4: that is unchanged leaves the error of its run as it is', async () => {
    const { container, seen } = checkedBlob();
    const runs = memoryRuns(() => FAILED);

    await expect(importing(runs, { container, seen })).rejects.toHaveProperty('facts.id', 'ACRT4001');
  });
});
