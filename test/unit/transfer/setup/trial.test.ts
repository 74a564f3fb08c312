import { describe, expect, it, jest } from '@jest/globals';
import { failure } from '../../../../src/transfer/failure.ts';
import type { RunState } from '../../../../src/transfer/services.ts';
import { image } from '../registry.ts';
import { SUCCEEDED } from '../runs.ts';
import { openSetup, present } from './scene.ts';

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

  it('says that it could not try an export without an artifact', async () => {
    const scene = openSetup();
    const result = await scene.run(present());
    expect(result).toMatchObject({ status: 'changed', failures: [] });
    expect(result.warnings).toEqual([expect.stringContaining('was not tried')]);
    expect(scene.runs.started).toEqual([]);
  });

  it("does not fail when the registry's firewall keeps the runner out", async () => {
    const scene = openSetup();
    const refused = { registry: 'contoso.azurecr.io', reference: 'the list of repositories', reason: 'DENIED' };
    jest.spyOn(scene.registry, 'repositories').mockRejectedValue(failure('ACRT6005', refused));
    const result = await scene.run(present());
    expect(result).toMatchObject({ status: 'changed', failures: [] });
    expect(result.warnings).toEqual([expect.stringContaining('was not tried')]);
  });

  it('ends at the time limit, and says why', async () => {
    const scene = openSetup([REFUSED]);
    const result = await scene.run({ ...present('import'), timeoutMinutes: 3 });
    expect(result).toMatchObject({ status: 'failed', failures: [{ id: 'ACRT3045' }] });
    expect(result.changes.every(({ done }) => done)).toBe(true);
  });

  it('tells at once what waiting does not mend', async () => {
    const scene = openSetup([failed('Key based authentication is not permitted on this storage account.')]);
    const result = await scene.run(present('import'));
    expect(result.failures.map(({ id }) => id)).toEqual(['ACRT4019']);
    expect(scene.clock.slept).toEqual([]);
  });

  it('does not take words that nobody knows for a proof', async () => {
    const scene = openSetup([failed('Something went wrong.')]);
    const result = await scene.run(present('import'));
    expect(result).toMatchObject({ status: 'changed', failures: [] });
    expect(result.warnings).toEqual([expect.stringContaining('is not certain: ')]);
  });

  it('is not repeated when nothing has changed', async () => {
    const scene = openSetup([MISSING]);
    await scene.run(present('import'));
    await scene.run(present('import'));
    expect(scene.runs.started).toHaveLength(1);
  });
});
