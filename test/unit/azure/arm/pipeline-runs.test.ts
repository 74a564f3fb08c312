import { describe, expect, it } from '@jest/globals';
import type { ArmResponse } from '../../../../src/azure/arm/client.ts';
import { toRunState, pipelineRuns } from '../../../../src/azure/arm/pipeline-runs.ts';
import { triggeredRun } from '../../../../src/transfer/pipelines/blob-runs.ts';
import type { PipelineRun } from '../../../../src/transfer/ports/pipelines.ts';
import { pipelineOf } from '../../transfer/ports/context.fixture.ts';
import { response, armWith, errorResponse } from './client.fixture.ts';
import { memoryContainer } from '../../transfer/ports/blob-container.fixture.ts';

const EXPORT = pipelineOf('export');
const IMPORT = pipelineOf('import');
const RUNS = `${EXPORT.registryId}/pipelineRuns`;

describe('toRunState', () => {
  it.each([
    { state: 'Creating', status: 'Running', kind: 'running' },
    { state: 'Creating', status: undefined, kind: 'running' },
    { state: 'Updating', status: 'Running', kind: 'running' },
    { state: 'Deleting', status: 'Running', kind: 'running' },
    { state: undefined, status: undefined, kind: 'running' },
    { state: null, status: null, kind: 'running' },
    // The specification's own example.
    { state: 'Succeeded', status: 'Running', kind: 'running' },
    { state: 'Succeeded', status: '', kind: 'running' },
    { state: 'Succeeded', status: undefined, kind: 'running' },
    { state: 'Succeeded', status: 'Pending', kind: 'running' },
    { state: 'Creating', status: 'Succeeded', kind: 'running' },
    { state: 'Succeeded', status: 'Succeeded', kind: 'succeeded' },
    { state: 'succeeded', status: 'SUCCEEDED', kind: 'succeeded' },
    { state: 'Failed', status: 'Failed', kind: 'failed' },
    { state: 'Failed', status: undefined, kind: 'failed' },
    { state: 'Failed', status: 'Succeeded', kind: 'failed' },
    { state: 'Succeeded', status: 'Failed', kind: 'failed' },
    { state: 'Creating', status: 'Failed', kind: 'failed' },
    { state: 'Canceled', status: 'Running', kind: 'failed' },
    { state: 'failed', status: '', kind: 'failed' },
  ])('$state with $status is $kind', ({ state, status, kind }) => {
    expect(toRunState({ provisioningState: state, response: { status } }).kind).toBe(kind);
  });

  it.each(['', ' ', undefined, null])(
    'cannot tell whether a run has ended that is Succeeded with status %j',
    (status) => {
      const response = { status, importedArtifacts: ['a:1'], pipelineRunErrorMessage: 'left\n out' };

      expect(toRunState({ provisioningState: 'Succeeded', response })).toEqual({
        kind: 'running',
        percentage: null,
        unconfirmed: { kind: 'succeeded', importedArtifacts: ['a:1'], errorMessage: 'left out' },
      });
    },
  );

  it('B3: has the message of a run that has succeeded nevertheless', () => {
    const response = { status: 'Succeeded', pipelineRunErrorMessage: 'a:1 was left out' };

    expect(toRunState({ provisioningState: 'Succeeded', response })).toEqual({
      kind: 'succeeded',
      importedArtifacts: null,
      errorMessage: 'a:1 was left out',
    });
  });

  it.each([
    { percentage: '20', expected: 20 },
    { percentage: '99.5', expected: 99.5 },
    { percentage: 40, expected: 40 },
    { percentage: '140', expected: 100 },
    { percentage: '-1', expected: 0 },
    { percentage: '', expected: null },
    { percentage: 'soon', expected: null },
    { percentage: null, expected: null },
  ])('reads a percentage of $percentage', ({ percentage, expected }) => {
    expect(toRunState({ provisioningState: 'Creating', response: { progress: { percentage } } })).toEqual({
      kind: 'running',
      percentage: expected,
    });
  });

  it.each([
    {
      name: 'in one line',
      properties: {
        provisioningState: 'Failed',
        response: { pipelineRunErrorMessage: 'Failed.\r\n  Status: 403 (No)\n' },
      },
      reason: 'Failed. Status: 403 (No)',
    },
    { name: 'without a message', properties: { provisioningState: 'Canceled' }, reason: 'Canceled without a message' },
    {
      name: 'from the state that reports it',
      properties: { provisioningState: 'Succeeded', response: { status: 'Failed' } },
      reason: 'Failed without a message',
    },
  ])('returns the reason of a failure $name', ({ properties, reason }) => {
    expect(toRunState(properties)).toEqual({ kind: 'failed', reason });
  });

  it('returns the imported artifacts', () => {
    const response = { status: 'Succeeded', importedArtifacts: ['team/api:v1'] };

    expect(toRunState({ provisioningState: 'Succeeded', response })).toEqual({
      kind: 'succeeded',
      importedArtifacts: ['team/api:v1'],
    });
  });
});

describe('find', () => {
  const body = {
    name: 'export1',
    properties: { provisioningState: 'Creating', response: { status: 'Running', progress: { percentage: '20' } } },
  };

  it('reads a run', async () => {
    const arm = armWith({ [`${RUNS}/export1`]: response(body, { retryAfterSeconds: 7 }) });

    expect(await pipelineRuns(arm, EXPORT).find('export1')).toEqual({
      name: 'export1',
      blob: null,
      state: { kind: 'running', percentage: 20 },
      retryAfterSeconds: 7,
      correlationId: 'c-1',
      startedAt: null,
    });
  });

  it.each([
    { startTime: '2026-01-20T15:50:45.8114356+00:00', startedAt: Date.UTC(2026, 0, 20, 15, 50, 45, 811) },
    { startTime: 'soon', startedAt: null },
    { startTime: null, startedAt: null },
  ])('parses the start time $startTime', async ({ startTime, startedAt }) => {
    const arm = armWith({
      [`${RUNS}/export1`]: response({ name: 'export1', properties: { response: { startTime } } }),
    });

    expect(await pipelineRuns(arm, EXPORT).find('export1')).toMatchObject({ startedAt });
  });

  it('returns null if the run does not exist', async () => {
    expect(await pipelineRuns(armWith({}), EXPORT).find('export1')).toBeNull();
  });

  it.each([
    { status: 403, id: 'ACRT3002' },
    { status: 500, id: 'ACRT3009' },
  ])('throws for HTTP $status', async ({ status, id }) => {
    const arm = armWith({ [`${RUNS}/export1`]: errorResponse(status, 'Refused') });

    await expect(pipelineRuns(arm, EXPORT).find('export1')).rejects.toMatchObject({
      facts: { id, correlationId: 'c-1', message: expect.stringContaining('Refused: words of the service') },
    });
  });
});

describe('start', () => {
  const started = { name: 'run00001', properties: { provisioningState: 'Creating' } };
  const path = `${RUNS}/run00001`;
  const request = { kind: 'export', blob: 'a.tar', artifacts: ['team/api:v1'] } as const;

  it('sends an export like the official command line', async () => {
    const arm = armWith({ [path]: response(started, { status: 201 }) });
    await pipelineRuns(arm, EXPORT).start('run00001', request, false);

    expect(arm.puts).toEqual([
      {
        id: path,
        body: {
          properties: {
            request: {
              pipelineResourceId: EXPORT.resourceId,
              target: { type: 'AzureStorageBlob', name: 'a.tar' },
              artifacts: ['team/api:v1'],
            },
          },
        },
      },
    ]);
  });

  it('sends an import', async () => {
    const runPath = `${IMPORT.registryId}/pipelineRuns/run00001`;
    const arm = armWith({ [runPath]: response(started) });
    await pipelineRuns(arm, IMPORT).start('run00001', { kind: 'import', blob: 'a.tar' }, false);

    expect(arm.puts[0]?.body).toEqual({
      properties: {
        request: { pipelineResourceId: IMPORT.resourceId, source: { type: 'AzureStorageBlob', name: 'a.tar' } },
      },
    });
  });

  it('forces a new run after one that has ended', async () => {
    const arm = armWith({ [path]: response(started) });
    await pipelineRuns(arm, EXPORT).start('run00001', request, true);

    expect(arm.puts[0]?.body).toMatchObject({ properties: { forceUpdateTag: expect.stringMatching(/./) } });
  });

  it('returns a failed run from a response of 200', async () => {
    const properties = {
      provisioningState: 'Failed',
      response: { pipelineRunErrorMessage: 'Failed to access storage.' },
    };
    const arm = armWith({ [path]: response({ name: 'run00001', properties }) });

    expect((await pipelineRuns(arm, EXPORT).start('run00001', request, false)).state).toEqual({
      kind: 'failed',
      reason: 'Failed to access storage.',
    });
  });

  it.each([
    { name: 'an invalid request', failure: errorResponse(400, 'BadRequest'), id: 'ACRT4006' },
    { name: 'a running run', failure: errorResponse(409, 'Conflict'), id: 'ACRT4006' },
    { name: 'a missing permission', failure: errorResponse(403, 'AuthorizationFailed'), id: 'ACRT3002' },
  ])('throws for $name', async ({ failure, id }) => {
    const arm = armWith({ [path]: failure });

    await expect(pipelineRuns(arm, EXPORT).start('run00001', request, false)).rejects.toMatchObject({
      facts: { id, correlationId: 'c-1' },
    });
  });
});

describe('the runs of a pipeline', () => {
  const importRuns = `${IMPORT.registryId}/pipelineRuns`;
  const container = 'https://target.blob.core.windows.net/transfer';

  const run = (name: string, { uri = `${container}/team/a.tar`, pipeline = IMPORT.resourceId } = {}): unknown => ({
    name,
    properties: {
      provisioningState: 'Succeeded',
      request: { pipelineResourceId: pipeline },
      response: { status: 'Succeeded', source: { uri } },
    },
  });

  const list = (pages: Readonly<Record<string, ArmResponse>>): Promise<readonly PipelineRun[]> =>
    pipelineRuns(armWith(pages), IMPORT).list();

  const find = async (pages: Readonly<Record<string, ArmResponse>>, blob = 'team/a.tar'): Promise<string | null> => {
    const batch = { index: 1, blob, bytes: 0, artifacts: [] };
    return (await triggeredRun(await list(pages), memoryContainer(container), batch))?.name ?? null;
  };

  it('are listed on all pages', async () => {
    const next = 'https://management.azure.com/next?page=2&s=%2F';
    const pages = {
      [importRuns]: response({ value: [run('trigger_1'), run('import1')], nextLink: next }),
      [next]: response({ value: [run('trigger_2')], nextLink: null }),
    };

    expect((await list(pages)).map(({ name }) => name)).toEqual(['trigger_1', 'import1', 'trigger_2']);
    expect(await find(pages)).toBe('trigger_2');
  });

  it.each([
    { name: 'another blob', item: run('trigger_1', { uri: `${container}/team/b.tar` }) },
    { name: 'a blob of the same name in a folder', item: run('trigger_1', { uri: `${container}/other/team/a.tar` }) },
    { name: 'a blob whose name has the same ending', item: run('trigger_1', { uri: `${container}/big-team/a.tar` }) },
    { name: 'a run of a user', item: run('import1') },
    { name: 'another pipeline', item: run('trigger_1', { pipeline: `${IMPORT.registryId}/importPipelines/other` }) },
  ])('of the source trigger leave out $name', async ({ item }) => {
    expect(await find({ [importRuns]: response({ value: [item] }) })).toBeNull();
  });

  it.each([
    {
      name: 'another spelling of the pipeline',
      item: run('trigger_1', { pipeline: IMPORT.resourceId.toUpperCase() }),
      blob: 'team/a.tar',
    },
    {
      name: 'a name that is encoded in URLs',
      item: run('trigger_1', { uri: `${container}/team/my%20a.tar` }),
      blob: 'team/my a.tar',
    },
    {
      name: 'a blob that the request names',
      item: { name: 'trigger_1', properties: { request: { source: { name: 'team/a.tar' } } } },
      blob: 'team/a.tar',
    },
  ])('of the source trigger include $name', async ({ item, blob }) => {
    expect(await find({ [importRuns]: response({ value: [item] }) }, blob)).toBe('trigger_1');
  });
});
