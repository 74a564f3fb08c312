import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RunFailure } from '../contracts.ts';
import type { RunOutcome } from '../contracts.ts';
import type { Answer } from '../request.ts';
import { bodyOf, errorOf, startArmCloud, VERSION } from './arm.fixture.ts';
import type { ArmCloud } from './arm.fixture.ts';

const CONTAINER = 'https://account.blob.core.windows.net/transfer';
const EXPORT = {
  identity: { type: 'SystemAssigned' },
  properties: { target: { type: 'AzureStorageBlobContainer', uri: CONTAINER, storageAccessMode: 'ManagedIdentity' } },
};
const IMPORT = {
  identity: { type: 'SystemAssigned' },
  properties: { source: { type: 'AzureStorageBlobContainer', uri: CONTAINER, storageAccessMode: 'ManagedIdentity' } },
};

let cloud: ArmCloud;

beforeEach(async () => {
  cloud = await startArmCloud();
});
afterEach(async () => {
  await cloud.close();
});

const exportRun = (tag?: string, artifacts = ['hello-world']): object => ({
  properties: {
    request: {
      pipelineResourceId: `${cloud.registryId}/exportPipelines/exporter`,
      artifacts,
      target: { type: 'AzureStorageBlob', name: 'a/b.tar' },
    },
    ...(tag !== undefined && { forceUpdateTag: tag }),
  },
});

async function until(path: string, wanted: (body: Record<string, unknown>) => boolean): Promise<Answer> {
  for (;;) {
    const answer = await cloud.ask('GET', path);
    if (wanted(bodyOf(answer))) return answer;
    await pause(20);
  }
}
const ended = (body: Record<string, unknown>): boolean =>
  (body['properties'] as { provisioningState: string }).provisioningState !== 'Creating';

/** An engine whose runs continue until the test releases them. */
function heldEngine(): (outcome?: RunOutcome) => void {
  let release: (outcome: RunOutcome) => void = () => undefined;
  const outcome = new Promise<RunOutcome>((resolve) => {
    release = resolve;
  });
  cloud.engine.run = () => outcome;
  return (result = { importedArtifacts: [], catalogDigest: 'sha256:0' }) => {
    release(result);
  };
}

describe('pipelines', () => {
  it('are created at once with 200, and deleted with 200 and then 204', async () => {
    const made = await cloud.ask('PUT', '/exportPipelines/exporter', EXPORT);
    expect(made.status).toBe(200);
    expect(bodyOf(await cloud.ask('GET', '/exportpipelines/EXPORTER'))).toEqual(bodyOf(made));
    const gone = await cloud.ask('DELETE', '/exportPipelines/exporter');
    expect([gone.status, gone.headers['content-length']]).toEqual([200, '0']);
    const again = await cloud.ask('DELETE', '/exportPipelines/exporter');
    expect([again.status, again.headers['content-length']]).toEqual([204, undefined]);
    expect(errorOf(await cloud.ask('GET', '/exportPipelines/exporter')).code).toBe('ResourceNotFound');
  });

  it('keep their identity after another PUT', async () => {
    const first = bodyOf(await cloud.ask('PUT', '/exportPipelines/exporter', EXPORT));
    const second = bodyOf(await cloud.ask('PUT', '/exportPipelines/exporter', EXPORT));
    expect(second['identity']).toEqual(first['identity']);
  });

  it('have no storage access mode in older versions', async () => {
    await cloud.ask('PUT', '/exportPipelines/exporter', EXPORT);
    const path = `${cloud.origin}${cloud.registryId}/exportPipelines/exporter?api-version=2021-12-01-preview`;
    expect(bodyOf(await cloud.ask('GET', path))['properties']).toEqual({
      target: { type: 'AzureStorageBlobContainer', uri: CONTAINER },
      provisioningState: 'Succeeded',
    });
  });

  it.each([
    ['a name with a hyphen', '/exportPipelines/my-pipeline', EXPORT, 'InvalidResourceName'],
    ['a name that is too short', '/exportPipelines/four', EXPORT, 'InvalidResourceName'],
    [
      'SAS mode without a secret',
      '/importPipelines/importer',
      { properties: { source: { uri: CONTAINER } } },
      'BadRequest',
    ],
    ['a body without properties', '/importPipelines/importer', {}, 'BadRequest'],
  ])('are refused: %s', async (_, path, body, code) => {
    const answer = await cloud.ask('PUT', path, body);
    expect([answer.status, errorOf(answer).code, bodyOf(answer)['status']]).toEqual([400, code, 'Failed']);
  });

  it('are listed page by page, oldest first, with an absolute link', async () => {
    const names = Array.from({ length: 45 }, (_, index) => `pipeline${String(index).padStart(2, '0')}`);
    for (const name of names) await cloud.ask('PUT', `/importPipelines/${name}`, IMPORT);
    const listed: string[] = [];
    let next: string | undefined = '/importPipelines';
    while (next !== undefined) {
      const page = bodyOf(await cloud.ask('GET', next)) as { value: { name: string }[]; nextLink?: string };
      listed.push(...page.value.map(({ name }) => name));
      next = page.nextLink;
    }
    expect(listed).toEqual(names);
  });
});

describe('runs', () => {
  beforeEach(async () => {
    await cloud.ask('PUT', '/exportPipelines/exporter', EXPORT);
  });

  it('are followed by the operation status, whose URL holds only as it came', async () => {
    const release = heldEngine();
    const put = await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun());
    expect(put.status).toBe(201);
    const url = String(put.headers['azure-asyncoperation']);
    expect(bodyOf(await cloud.ask('GET', url))).toEqual({ status: 'Creating' });
    for (const changed of [url.replace(VERSION, '2026-01-01-preview'), url.replace(/&s=.*/, '')]) {
      expect((await cloud.ask('GET', changed)).status).toBe(400);
    }
    release();
    await until('/pipelineRuns/firstRun', ended);
    expect(bodyOf(await cloud.ask('GET', url))).toEqual({ status: 'Succeeded' });
  });

  it('pass the tag latest to the engine, and return the original request to the client', async () => {
    await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun());
    const { properties } = bodyOf(await until('/pipelineRuns/firstRun', ended)) as {
      properties: Record<string, unknown>;
    };
    expect(cloud.orders[0]).toMatchObject({ kind: 'export', artifacts: ['hello-world:latest'], blobName: 'a/b.tar' });
    expect(properties).toMatchObject({
      request: { artifacts: ['hello-world'] },
      response: { status: 'Succeeded', progress: { percentage: '100' }, target: { uri: `${CONTAINER}/a/b.tar` } },
      provisioningState: 'Succeeded',
    });
  });

  it('do not run again for the same body, and do for another forceUpdateTag', async () => {
    await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun('1'));
    await until('/pipelineRuns/firstRun', ended);
    const same = await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun('1'));
    expect([same.status, cloud.orders.length]).toEqual([200, 1]);
    expect(bodyOf(same)['properties']).toMatchObject({ provisioningState: 'Succeeded' });
    const other = await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun('2'));
    expect([other.status, cloud.orders.length]).toEqual([201, 2]);
  });

  it('cannot be put while they run', async () => {
    const release = heldEngine();
    await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun('1'));
    const answer = await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun('2'));
    expect([answer.status, errorOf(answer).code]).toEqual([409, 'Conflict']);
    release();
  });

  it('fail with the message of the engine', async () => {
    cloud.engine.run = () => Promise.reject(new RunFailure('Failed to access storage.'));
    const put = await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun());
    const run = bodyOf(await until('/pipelineRuns/firstRun', ended));
    expect(run['properties']).toMatchObject({
      provisioningState: 'Failed',
      response: { status: 'Failed', pipelineRunErrorMessage: 'Failed to access storage.' },
    });
    const operation = await cloud.ask('GET', String(put.headers['azure-asyncoperation']));
    expect(bodyOf(operation)).toMatchObject({
      status: 'Failed',
      error: { message: expect.stringContaining('storage') },
    });
  });

  it('can fail at once: 200 with a failed run', async () => {
    cloud.state.patch({ runs: { failAtOnce: 'Status: 403' } });
    const put = await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun());
    expect([put.status, put.headers['azure-asyncoperation'], cloud.orders.length]).toEqual([200, undefined, 0]);
    expect(bodyOf(put)['properties']).toMatchObject({
      provisioningState: 'Failed',
      response: { pipelineRunErrorMessage: 'Status: 403' },
    });
  });

  it('can fail late', async () => {
    cloud.state.patch({ runs: { failLate: 'Status: 500' } });
    expect((await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun())).status).toBe(201);
    const run = bodyOf(await until('/pipelineRuns/firstRun', ended));
    expect(run['properties']).toMatchObject({ response: { pipelineRunErrorMessage: 'Status: 500' } });
  });

  it.each([
    { endStatus: 'blank', status: '' },
    { endStatus: 'absent', status: undefined },
  ] as const)('can succeed with a status that is $endStatus', async ({ endStatus, status }) => {
    cloud.state.patch({ runs: { endStatus } });
    await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun());
    const { properties } = bodyOf(await until('/pipelineRuns/firstRun', ended)) as {
      properties: { provisioningState: string; response: { status?: string } };
    };
    expect([properties.provisioningState, properties.response.status]).toEqual(['Succeeded', status]);
  });

  it.each([
    { partialMessages: true, message: 'app:v2 was not found.' },
    { partialMessages: false, message: undefined },
  ])('say what they left out if partialMessages is $partialMessages', async ({ partialMessages, message }) => {
    cloud.state.patch({ runs: { partialMessages } });
    const leftOut = ['app:v2 was not found.'];
    cloud.engine.run = () => Promise.resolve({ importedArtifacts: [], catalogDigest: 'sha256:0', leftOut });
    await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun());
    const { properties } = bodyOf(await until('/pipelineRuns/firstRun', ended)) as {
      properties: { response: { pipelineRunErrorMessage?: string } };
    };
    expect(properties.response.pipelineRunErrorMessage).toBe(message);
  });

  it('apply for the given time, each to its service, with Retry-After', async () => {
    cloud.state.patch({ runs: { style: 'body', retryAfterSeconds: 7, seconds: [30, 0] } });
    const slow = await cloud.ask('PUT', '/pipelineRuns/slowRun', exportRun());
    expect([slow.headers['retry-after'], slow.headers['azure-asyncoperation']]).toEqual(['7', undefined]);
    await cloud.ask('PUT', '/pipelineRuns/quickRun', exportRun());
    const quick = await until('/pipelineRuns/quickRun', ended);
    expect(quick.headers['retry-after']).toBeUndefined();
    const running = await cloud.ask('GET', '/pipelineRuns/slowRun');
    expect(bodyOf(running)['properties']).toMatchObject({
      provisioningState: 'Creating',
      response: { status: 'Running', progress: { percentage: expect.stringMatching(/^\d\d?$/) } },
    });
  });

  it.each([
    [
      '51 artifacts',
      () =>
        exportRun(
          undefined,
          Array.from({ length: 51 }, (_, index) => `a:${index}`),
        ),
    ],
    ['none', () => exportRun(undefined, [])],
    [
      'a pipeline that is not there',
      () => ({
        properties: { request: { pipelineResourceId: `${cloud.registryId}/exportPipelines/other`, artifacts: ['a'] } },
      }),
    ],
  ])('are refused with %s', async (_, body) => {
    expect((await cloud.ask('PUT', '/pipelineRuns/firstRun', body())).status).toBe(400);
    expect((await cloud.ask('GET', '/pipelineRuns/firstRun')).status).toBe(404);
  });

  it('are refused by registries that are not Premium, exports also by the export policy', async () => {
    cloud.state.patch({ registry: { sku: 'Standard' } });
    expect(errorOf(await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun())).code).toBe('SkuNotSupported');
    cloud.state.patch({ registry: { sku: 'Premium', exportPolicy: 'disabled' } });
    expect(errorOf(await cloud.ask('PUT', '/pipelineRuns/firstRun', exportRun())).message).toContain(
      'exports disabled',
    );
    expect((await cloud.ask('PUT', '/exportPipelines/another', EXPORT)).status).toBe(400);
    expect((await cloud.ask('PUT', '/importPipelines/importer', IMPORT)).status).toBe(200);
  });
});

describe('the source trigger', () => {
  it('starts one run for every blob of an enabled pipeline, with an underscore in its name', async () => {
    cloud.state.patch({ sourceTriggerSeconds: 0.05 });
    cloud.engine.blobs = [{ name: 'arrived.tar', etag: '1' }];
    await cloud.ask('PUT', '/importPipelines/importer', IMPORT);
    const disabled = { ...IMPORT.properties, trigger: { sourceTrigger: { status: 'Disabled' } } };
    await cloud.ask('PUT', '/importPipelines/sleeper', { ...IMPORT, properties: disabled });
    const some = (count: number) => (body: Record<string, unknown>) => (body['value'] as unknown[]).length >= count;
    await until('/pipelineRuns', some(1));
    cloud.engine.blobs = [...cloud.engine.blobs, { name: 'arrived.tar', etag: '2' }];
    const { value } = bodyOf(await until('/pipelineRuns', some(2))) as { value: { name: string }[] };
    expect(value.every(({ name }) => /^importer_[a-z0-9]+$/.test(name) && name.length <= 50)).toBe(true);
    expect(cloud.orders.map(({ kind, blobName }) => `${kind} ${blobName}`)).toEqual(
      Array(2).fill('import arrived.tar'),
    );
    expect((await cloud.ask('DELETE', `/pipelineRuns/${value[0]!.name}`)).status).toBe(200);
  });
});
