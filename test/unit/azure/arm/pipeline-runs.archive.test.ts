import { describe, expect, it } from '@jest/globals';
import { runArchive } from '../../../../src/azure/arm/pipeline-runs.ts';
import { pipelineOf } from '../../transfer/ports/context.fixture.ts';
import { response, armWith, errorResponse } from './client.fixture.ts';

const EXPORT = pipelineOf('export');
const IMPORT = pipelineOf('import');
const RUNS = `${EXPORT.registryId}/pipelineRuns`;

describe('runArchive', () => {
  const item = (name: string, state: string, pipelineResourceId?: string, startTime?: string): object => ({
    name,
    properties: {
      provisioningState: state,
      request: { pipelineResourceId },
      response: { status: state, startTime },
    },
  });

  it('lists each run with its pipeline, its start, and whether it has ended', async () => {
    const start = '2026-01-01T00:00:00Z';
    const first = [
      item('done', 'Succeeded', EXPORT.resourceId, start),
      item('failed', 'Failed', IMPORT.resourceId, start),
    ];
    const second = [item('underway', 'Running', EXPORT.resourceId, start), item('unknown', 'Succeeded')];
    const next = 'https://management.azure.com/next';
    const arm = armWith({ [RUNS]: response({ value: first, nextLink: next }), [next]: response({ value: second }) });
    const startedAt = Date.parse(start);
    expect(await runArchive(arm, EXPORT).list()).toEqual([
      { name: 'done', pipelineId: EXPORT.resourceId, ended: true, startedAt },
      { name: 'failed', pipelineId: IMPORT.resourceId, ended: true, startedAt },
      { name: 'underway', pipelineId: EXPORT.resourceId, ended: false, startedAt },
      { name: 'unknown', pipelineId: '', ended: true, startedAt: null },
    ]);
  });

  it('counts a run that has succeeded without a status as ended', async () => {
    const value = [{ name: 'blank', properties: { provisioningState: 'Succeeded', response: {} } }];
    const arm = armWith({ [RUNS]: response({ value }) });
    expect(await runArchive(arm, EXPORT).list()).toMatchObject([{ name: 'blank', ended: true }]);
  });

  it('C5: ends with an error if a page of runs repeats', async () => {
    const next = 'https://management.azure.com/next';
    const page = response({ value: [item('done', 'Succeeded')], nextLink: next });
    const arm = armWith({ [RUNS]: page, [next]: page });
    await expect(runArchive(arm, EXPORT).list()).rejects.toMatchObject({
      facts: { id: 'ACRT3009', message: expect.stringContaining('the list has a loop of pages') },
    });
    expect(arm.requests).toEqual([RUNS, next]);
  });

  it.each([
    { name: 'that exists', removal: response(undefined) },
    { name: 'that is removed later', removal: response(undefined, { status: 202 }) },
    { name: 'that does not exist any more', removal: errorResponse(404, 'ResourceNotFound') },
  ])('removes a run $name', async ({ removal }) => {
    const arm = armWith({ [`${RUNS}/done`]: removal });
    await runArchive(arm, EXPORT).remove('done');
    expect(arm.puts).toEqual([{ id: `${RUNS}/done`, body: null }]);
  });

  it('throws if the run cannot be removed', async () => {
    const arm = armWith({ [`${RUNS}/done`]: errorResponse(409, 'ScopeLocked') });
    await expect(runArchive(arm, EXPORT).remove('done')).rejects.toMatchObject({ facts: { id: 'ACRT3036' } });
  });
});
