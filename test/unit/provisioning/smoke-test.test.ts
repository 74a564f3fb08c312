import { describe, expect, it, jest } from '@jest/globals';
import { endedRuns } from '../../../src/transfer/cleanup/leftovers.ts';
import { transferError } from '../../../src/transfer/errors/transfer-error.ts';
import type { RunState } from '../../../src/transfer/ports/pipelines.ts';
import { image } from '../transfer/ports/registry.fixture.ts';
import { runAt, SUCCEEDED } from '../transfer/ports/pipelines.fixture.ts';
import { pipelineId } from './ports.fixture.ts';
import { openSetup, present } from './run.fixture.ts';

const failed = (reason: string): RunState => ({ kind: 'failed', reason });
const REFUSED = failed(
  'Failed to access storage. Service request failed. Status: 403 (This request is not authorized)',
);
const MISSING = failed('The specified blob does not exist. ErrorCode: BlobNotFound');

describe('the trial of a pipeline', () => {
  it('waits until an import gets as far as the blob, which is not there', async () => {
    const scene = openSetup([REFUSED, REFUSED, MISSING]);
    expect(await scene.run(present('import'))).toMatchObject({ status: 'changed', failures: [], warnings: [] });
    expect(scene.runs.started).toHaveLength(3);
    expect(scene.clock.slept).toEqual([5, 10]);
    expect(scene.events.filter(({ kind }) => kind === 'waiting')).toHaveLength(2);
    expect(scene.done().filter((what) => what.startsWith('remove run'))).toHaveLength(3);
    expect(scene.container.calls).toEqual([]);
  });

  it('B20: ends with an error if its run does not end', async () => {
    const scene = openSetup();
    scene.registry.push('team/app', image('small', ['x']), 'v1');
    const { start } = scene.runs;
    const running = { kind: 'running', percentage: null } as const;
    jest
      .spyOn(scene.runs, 'start')
      .mockImplementation(async (...order) => ({ ...(await start(...order)), state: running }));
    jest.spyOn(scene.runs, 'find').mockImplementation((name) => Promise.resolve(runAt(name, running)));
    const { failures } = await scene.run(present());

    expect(failures).toMatchObject([{ id: 'ACRT3045', message: expect.stringContaining('has not ended') }]);
    const minutes = scene.clock.slept.reduce((sum, seconds) => sum + seconds, 0) / 60;
    expect(minutes).toBeGreaterThanOrEqual(20);
    expect(minutes).toBeLessThan(21);
  });

  it('exports the smallest artifact, and removes what it wrote', async () => {
    const scene = openSetup([REFUSED, SUCCEEDED]);
    scene.registry.push('team/app', image('large', ['a layer', 'and another layer']), 'v1');
    const small = image('small', ['x']);
    scene.registry.push('team/app', small, 'v2');
    scene.registry.push('team/app', image('untagged', []));
    expect(await scene.run(present())).toMatchObject({ status: 'changed', warnings: [] });
    expect(scene.runs.started.map(({ order }) => order)).toMatchObject([
      { kind: 'export', artifacts: [`team/app@${small.digest}`] },
      { kind: 'export', artifacts: [`team/app@${small.digest}`] },
    ]);
    expect([...scene.container.blobs.keys()]).toEqual([]);
  });

  it('leaves a blob that replaced the one of the trial', async () => {
    const scene = openSetup([SUCCEEDED]);
    scene.registry.push('team/app', image('small', ['x']), 'v1');
    const { find } = scene.container;
    const found = jest.spyOn(scene.container, 'find').mockImplementation(async (blob) => {
      const facts = await find(blob);
      scene.container.put(blob, Buffer.from('written meanwhile'));
      return facts;
    });
    expect(await scene.run(present())).toMatchObject({ status: 'changed', failures: [] });
    expect(found).toHaveBeenCalledTimes(1);
    expect([...scene.container.blobs.values()].map(({ bytes }) => String(bytes))).toEqual(['written meanwhile']);
  });

  it('leaves a blob that an import would have read', async () => {
    const scene = openSetup([MISSING]);
    const blob = `acr-transfer-trial/importOne-${scene.clock.now()}.tar`;
    scene.container.put(blob, Buffer.from('of another writer'));
    await scene.run(present('import'));
    expect(scene.runs.started.map(({ order }) => order.blob)).toEqual([blob]);
    expect([...scene.container.blobs.keys()]).toEqual([blob]);
  });

  it.each(['find', 'remove'] as const)('does not fail if its files cannot be cleaned up: %s', async (method) => {
    const scene = openSetup([SUCCEEDED]);
    scene.registry.push('team/app', image('small', ['x']), 'v1');
    const refused = transferError('ACRT5004', { side: 'source', container: 'c', reason: '403' });
    const call = jest.fn(() => Promise.reject(refused));
    Object.assign(scene.container, { [method]: call });
    expect(await scene.run(present())).toMatchObject({ status: 'changed', failures: [], warnings: [] });
    expect(call).toHaveBeenCalled();
  });

  it('does not fail when its run cannot be removed, which a tear-down finds by its name', async () => {
    const scene = openSetup([MISSING]);
    scene.things.refused.add('removeRun');
    expect(await scene.run(present('import'))).toMatchObject({ status: 'changed', failures: [], warnings: [] });
    const { resourceId } = pipelineId('import');
    const left = scene.runs.started.map(({ name }) => ({ name, pipelineId: resourceId, ended: true, startedAt: 1 }));
    expect(left).toHaveLength(1);
    expect(endedRuns(left, resourceId, null)).toEqual(left);
  });

  it("reports that an export can't be tested without an artifact", async () => {
    const scene = openSetup();
    const result = await scene.run(present());
    expect(result).toMatchObject({ status: 'changed', failures: [] });
    expect(result.warnings).toEqual([expect.stringContaining('was not tested')]);
    expect(scene.runs.started).toEqual([]);
  });

  it('takes no artifact that cannot be read, and none of a catalog that is refused', async () => {
    const locked = openSetup();
    locked.registry.push('team/app', image('locked', ['x']), 'v1');
    locked.registry.lock('team/app', image('locked', ['x']).digest, { readable: false });
    const refusing = openSetup();
    refusing.registry.push('team/app', image('any', ['x']), 'v1');
    const refused = () => Promise.resolve({ ok: false, problem: 'HTTP 403' });
    Object.assign(refusing.registry, { repositories: refused });
    for (const scene of [locked, refusing]) {
      expect((await scene.run(present())).warnings).toEqual([expect.stringContaining('was not tested')]);
    }
  });

  it('fails if the export fails for an unknown reason', async () => {
    const scene = openSetup([failed('Something went wrong.')]);
    scene.registry.push('team/app', image('any', ['x']), 'v1');
    expect(await scene.run(present())).toMatchObject({
      status: 'failed',
      failures: [{ id: 'ACRT4001' }],
      warnings: [],
    });
  });

  it('waits longer from time to time, up to half a minute', async () => {
    const scene = openSetup([REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, MISSING]);
    await scene.run(present('import'));
    expect(scene.clock.slept).toEqual([5, 10, 20, 30, 30]);
  });

  it("does not fail when the registry's firewall keeps the runner out", async () => {
    const scene = openSetup();
    const refused = { registry: 'contoso.azurecr.io', reference: 'the list of repositories', reason: 'DENIED' };
    jest.spyOn(scene.registry, 'repositories').mockRejectedValue(transferError('ACRT6005', refused));
    const result = await scene.run(present());
    expect(result).toMatchObject({ status: 'changed', failures: [] });
    expect(result.warnings).toEqual([expect.stringContaining('was not tested')]);
  });

  it('ends at the time limit, and reports the reason', async () => {
    const scene = openSetup([REFUSED]);
    const result = await scene.run({ ...present('import'), timeoutMinutes: 3 });
    expect(result).toMatchObject({ status: 'failed', failures: [{ id: 'ACRT3045' }] });
    expect(result.changes.every(({ done }) => done)).toBe(true);
  });

  it("reports an error at once if waiting doesn't fix it", async () => {
    const scene = openSetup([failed('Key based authentication is not permitted on this storage account.')]);
    const result = await scene.run(present('import'));
    expect(result.failures.map(({ id }) => id)).toEqual(['ACRT4019']);
    expect(scene.clock.slept).toEqual([]);
  });

  it('treats an unknown failure message as inconclusive', async () => {
    const scene = openSetup([failed('Something went wrong.')]);
    const result = await scene.run(present('import'));
    expect(result).toMatchObject({ status: 'changed', failures: [] });
    expect(result.warnings).toEqual([
      expect.stringContaining('It is unclear whether importOne can access its container: '),
    ]);
  });

  it('is not repeated when nothing has changed', async () => {
    const scene = openSetup([MISSING]);
    await scene.run(present('import'));
    await scene.run(present('import'));
    expect(scene.runs.started).toHaveLength(1);
  });
});
