import { describe, expect, it } from '@jest/globals';
import type { ArmAnswer } from '../../../../src/azure/arm/client.ts';
import { judgeRun, pipelineRuns, runArchive } from '../../../../src/azure/arm/pipeline-runs.ts';
import type { PipelineRun } from '../../../../src/transfer/ports/pipelines.ts';
import { pipelineOf } from '../../transfer/ports/context.fixture.ts';
import { answer, armWith, refusal } from './client.fixture.ts';

const EXPORT = pipelineOf('export');
const IMPORT = pipelineOf('import');
const RUNS = `${EXPORT.registryId}/pipelineRuns`;

describe('judgeRun', () => {
  it.each([
    { state: 'Creating', status: 'Running', kind: 'running' },
    { state: 'Creating', status: undefined, kind: 'running' },
    { state: 'Updating', status: 'Running', kind: 'running' },
    { state: 'Deleting', status: 'Running', kind: 'running' },
    { state: undefined, status: undefined, kind: 'running' },
    { state: null, status: null, kind: 'running' },
    // The specification's own example, and a trap.
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
    expect(judgeRun({ provisioningState: state, response: { status } }).kind).toBe(kind);
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
    expect(judgeRun({ provisioningState: 'Creating', response: { progress: { percentage } } })).toEqual({
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
    { name: 'without words', properties: { provisioningState: 'Canceled' }, reason: 'Canceled without a message' },
    {
      name: 'by the state that says so',
      properties: { provisioningState: 'Succeeded', response: { status: 'Failed' } },
      reason: 'Failed without a message',
    },
  ])('tells why a run failed, $name', ({ properties, reason }) => {
    expect(judgeRun(properties)).toEqual({ kind: 'failed', reason });
  });

  it('keeps what was imported', () => {
    const response = { status: 'Succeeded', importedArtifacts: ['team/api:v1'] };

    expect(judgeRun({ provisioningState: 'Succeeded', response })).toEqual({
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
    const arm = armWith({ [`${RUNS}/export1`]: answer(body, { retryAfterSeconds: 7 }) });

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
  ])('reads $startTime as the time of its start', async ({ startTime, startedAt }) => {
    const arm = armWith({ [`${RUNS}/export1`]: answer({ name: 'export1', properties: { response: { startTime } } }) });

    expect(await pipelineRuns(arm, EXPORT).find('export1')).toMatchObject({ startedAt });
  });

  it('finds nothing where nothing is', async () => {
    expect(await pipelineRuns(armWith({}), EXPORT).find('export1')).toBeNull();
  });

  it.each([
    { status: 403, id: 'ACRT3002' },
    { status: 500, id: 'ACRT3009' },
  ])('does not take HTTP $status for a run that is not there', async ({ status, id }) => {
    const arm = armWith({ [`${RUNS}/export1`]: refusal(status, 'Refused') });

    await expect(pipelineRuns(arm, EXPORT).find('export1')).rejects.toMatchObject({
      facts: { id, correlationId: 'c-1', message: expect.stringContaining('Refused: words of the service') },
    });
  });
});

describe('start', () => {
  const started = { name: 'run00001', properties: { provisioningState: 'Creating' } };
  const path = `${RUNS}/run00001`;
  const order = { kind: 'export', blob: 'a.tar', artifacts: ['team/api:v1'] } as const;

  it('orders an export as the official command line does', async () => {
    const arm = armWith({ [path]: answer(started, { status: 201 }) });
    await pipelineRuns(arm, EXPORT).start('run00001', order, false);

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

  it('orders an import', async () => {
    const runPath = `${IMPORT.registryId}/pipelineRuns/run00001`;
    const arm = armWith({ [runPath]: answer(started) });
    await pipelineRuns(arm, IMPORT).start('run00001', { kind: 'import', blob: 'a.tar' }, false);

    expect(arm.puts[0]?.body).toEqual({
      properties: {
        request: { pipelineResourceId: IMPORT.resourceId, source: { type: 'AzureStorageBlob', name: 'a.tar' } },
      },
    });
  });

  it('forces a run that has ended to be made again', async () => {
    const arm = armWith({ [path]: answer(started) });
    await pipelineRuns(arm, EXPORT).start('run00001', order, true);

    expect(arm.puts[0]?.body).toMatchObject({ properties: { forceUpdateTag: expect.stringMatching(/./) } });
  });

  it('sees that an answer of 200 is a run that has already failed', async () => {
    const properties = {
      provisioningState: 'Failed',
      response: { pipelineRunErrorMessage: 'Failed to access storage.' },
    };
    const arm = armWith({ [path]: answer({ name: 'run00001', properties }) });

    expect((await pipelineRuns(arm, EXPORT).start('run00001', order, false)).state).toEqual({
      kind: 'failed',
      reason: 'Failed to access storage.',
    });
  });

  it.each([
    { name: 'a request that is wrong', refused: refusal(400, 'BadRequest'), id: 'ACRT4006' },
    { name: 'a run that is under way', refused: refusal(409, 'Conflict'), id: 'ACRT4006' },
    { name: 'a right that is missing', refused: refusal(403, 'AuthorizationFailed'), id: 'ACRT3002' },
  ])('tells of $name', async ({ refused, id }) => {
    const arm = armWith({ [path]: refused });

    await expect(pipelineRuns(arm, EXPORT).start('run00001', order, false)).rejects.toMatchObject({
      facts: { id, correlationId: 'c-1' },
    });
  });
});

describe('triggered', () => {
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

  const find = async (pages: Readonly<Record<string, ArmAnswer>>, blob = 'team/a.tar'): Promise<string[]> =>
    (await pipelineRuns(armWith(pages), IMPORT).triggered(blob, container)).map((item: PipelineRun) => item.name);

  it('finds runs of the trigger over all pages, the oldest first', async () => {
    const next = 'https://management.azure.com/next?page=2&s=%2F';
    const pages = {
      [importRuns]: answer({ value: [run('trigger_1'), run('import1')], nextLink: next }),
      [next]: answer({ value: [run('trigger_2')], nextLink: null }),
    };

    expect(await find(pages)).toEqual(['trigger_1', 'trigger_2']);
  });

  it.each([
    { name: 'another blob', item: run('trigger_1', { uri: `${container}/team/b.tar` }) },
    { name: 'a blob of the same name in a folder', item: run('trigger_1', { uri: `${container}/other/team/a.tar` }) },
    { name: 'a blob whose name ends alike', item: run('trigger_1', { uri: `${container}/big-team/a.tar` }) },
    { name: 'a run of a user', item: run('import1') },
    { name: 'another pipeline', item: run('trigger_1', { pipeline: `${IMPORT.registryId}/importPipelines/other` }) },
  ])('leaves out $name', async ({ item }) => {
    expect(await find({ [importRuns]: answer({ value: [item] }) })).toEqual([]);
  });

  it.each([
    {
      name: 'another spelling of the pipeline',
      item: run('trigger_1', { pipeline: IMPORT.resourceId.toUpperCase() }),
      blob: 'team/a.tar',
    },
    {
      name: 'a name that URLs encode',
      item: run('trigger_1', { uri: `${container}/team/my%20a.tar` }),
      blob: 'team/my a.tar',
    },
    {
      name: 'a blob that the request names',
      item: { name: 'trigger_1', properties: { request: { source: { name: 'team/a.tar' } } } },
      blob: 'team/a.tar',
    },
  ])('knows $name', async ({ item, blob }) => {
    expect(await find({ [importRuns]: answer({ value: [item] }) }, blob)).toEqual(['trigger_1']);
  });
});

describe('runArchive', () => {
  const item = (name: string, state: string, pipelineResourceId?: string, startTime?: string): object => ({
    name,
    properties: {
      provisioningState: state,
      request: { pipelineResourceId },
      response: { status: state, startTime },
    },
  });

  it('tells of every run its pipeline, its start and whether it has ended', async () => {
    const start = '2026-01-01T00:00:00Z';
    const first = [
      item('done', 'Succeeded', EXPORT.resourceId, start),
      item('failed', 'Failed', IMPORT.resourceId, start),
    ];
    const second = [item('underway', 'Running', EXPORT.resourceId, start), item('unknown', 'Succeeded')];
    const next = 'https://management.azure.com/next';
    const arm = armWith({ [RUNS]: answer({ value: first, nextLink: next }), [next]: answer({ value: second }) });
    const startedAt = Date.parse(start);
    expect(await runArchive(arm, EXPORT).list()).toEqual([
      { name: 'done', pipelineId: EXPORT.resourceId, ended: true, startedAt },
      { name: 'failed', pipelineId: IMPORT.resourceId, ended: true, startedAt },
      { name: 'underway', pipelineId: EXPORT.resourceId, ended: false, startedAt },
      { name: 'unknown', pipelineId: '', ended: true, startedAt: null },
    ]);
  });

  it.each([
    { name: 'that is there', given: answer(undefined) },
    { name: 'that takes its time to go', given: answer(undefined, { status: 202 }) },
    { name: 'that is gone already', given: refusal(404, 'ResourceNotFound') },
  ])('removes a run $name', async ({ given }) => {
    const arm = armWith({ [`${RUNS}/done`]: given });
    await runArchive(arm, EXPORT).remove('done');
    expect(arm.puts).toEqual([{ id: `${RUNS}/done`, body: null }]);
  });

  it('fails where a run may not be removed', async () => {
    const arm = armWith({ [`${RUNS}/done`]: refusal(409, 'ScopeLocked') });
    await expect(runArchive(arm, EXPORT).remove('done')).rejects.toMatchObject({ facts: { id: 'ACRT3036' } });
  });
});
