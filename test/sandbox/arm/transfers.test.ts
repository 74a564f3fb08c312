import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { RunFailure } from '../contracts.ts';
import { startArmCloud } from './arm.fixture.ts';
import type { ArmCloud } from './arm.fixture.ts';

let cloud: ArmCloud;
let pipelines: Record<'exports' | 'imports', string>;

beforeEach(async () => {
  cloud = await startArmCloud();
  const container = {
    type: 'AzureStorageBlobContainer',
    uri: 'https://127.0.0.1:1/account/transfer',
    storageAccessMode: 'ManagedIdentity',
  };
  const identity = { type: 'SystemAssigned' };
  await cloud.ask('PUT', '/exportPipelines/exports', { identity, properties: { target: container } });
  await cloud.ask('PUT', '/importPipelines/imports', { identity, properties: { source: container } });
  pipelines = {
    exports: `${cloud.registryId}/exportPipelines/exports`,
    imports: `${cloud.registryId}/importPipelines/imports`,
  };
});

afterEach(async () => {
  await cloud.close();
});

const blob = { type: 'AzureStorageBlob', name: 'blob.tar' };
const importRun = (forceUpdateTag?: string): object => ({
  properties: { request: { pipelineResourceId: pipelines.imports, source: blob }, forceUpdateTag },
});
const exportRun = (): object => ({
  properties: { request: { pipelineResourceId: pipelines.exports, target: blob, artifacts: ['team/app'] } },
});

async function run(name: string, body: object): Promise<number> {
  const { status } = await cloud.ask('PUT', `/pipelineRuns/${name}`, body);
  while ((await cloud.ask('GET', `/pipelineRuns/${name}`)).body.includes('"Creating"')) await pause(10);
  return status;
}

describe('the log of transfers', () => {
  it('lists exports and imports, oldest first', async () => {
    await run('export1', exportRun());
    await run('import1', importRun());
    expect(cloud.transfers()).toEqual([
      {
        kind: 'export',
        run: 'export1',
        blob: 'blob.tar',
        artifacts: ['team/app:latest'],
        outcome: 'succeeded',
        bySourceTrigger: false,
      },
      {
        kind: 'import',
        run: 'import1',
        blob: 'blob.tar',
        artifacts: ['hello:v1'],
        outcome: 'succeeded',
        bySourceTrigger: false,
      },
    ]);
  });

  it('has no entry for a PUT that starts no run, and keeps the entries of deleted runs', async () => {
    expect([await run('import1', importRun()), await run('import1', importRun())]).toEqual([201, 200]);
    expect(cloud.transfers()).toHaveLength(1);
    expect(await run('import1', importRun('again'))).toBe(201);
    await cloud.ask('DELETE', '/pipelineRuns/import1');
    expect(cloud.transfers().map(({ run: name }) => name)).toEqual(['import1', 'import1']);
  });

  it('has no entry for runs that a setting makes fail', async () => {
    cloud.state.patch({ runs: { failAtOnce: 'no' } });
    await run('import1', importRun());
    cloud.state.patch({ runs: { failAtOnce: null, failLate: 'no' } });
    await run('import2', importRun());
    expect(cloud.transfers()).toEqual([]);
  });

  it('logs progress and failures', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    cloud.engine.run = () => promise;
    await cloud.ask('PUT', '/pipelineRuns/import1', importRun());
    expect(cloud.transfers()).toMatchObject([{ outcome: 'running', artifacts: [] }]);
    reject(new RunFailure('broken'));
    await promise.catch(() => undefined);
    await pause(0);
    expect(cloud.transfers()).toMatchObject([{ outcome: 'failed' }]);
  });

  it('distinguishes runs of the source trigger from others', async () => {
    cloud.engine.blobs = [{ name: 'blob.tar', etag: '1' }];
    cloud.state.patch({ sourceTriggerSeconds: 0.05 });
    while (cloud.transfers().length === 0) await pause(10);
    expect(cloud.transfers()).toMatchObject([
      { kind: 'import', run: expect.stringContaining('_'), blob: 'blob.tar', bySourceTrigger: true },
    ]);
  });
});
