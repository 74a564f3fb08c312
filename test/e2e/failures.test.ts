import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MANIFEST, RECEIPT } from '../../src/transfer/documents/schemas.ts';
import { namesAllThatIsMissing } from './cases/missing.ts';
import { expectRed } from './red.ts';
import { sideInputs, type Inputs } from './runner.ts';
import { calm, documentAt, openScene, shownIds, smallImage, type Scene } from './scene.ts';

const STORAGE_REFUSED =
  'Failed to access storage.\r\nService request failed.\r\nStatus: 403 (This request is not authorized to perform this operation)';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});

afterAll(async () => {
  await scene.close();
});

afterEach(async () => {
  await calm(scene);
});

const full = (artifacts: readonly string[], more: Inputs = {}): Inputs => ({
  mode: 'full',
  artifacts: artifacts.join('\n'),
  ...sideInputs('source', scene.clouds),
  ...sideInputs('target', scene.clouds),
  ...more,
});

const pushOne = (name: string): Promise<string[]> =>
  smallImage(name).then((artifact) => scene.push('source', `team/${name}`, { v1: artifact }));

describe('artifacts that cannot be transferred', () => {
  it('is reported at once if the bundle is started with an older Node', async () => {
    const older = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.0'}})";
    const result = await scene.step(full(['team/any:v1']), {
      env: { NODE_OPTIONS: `--import=data:text/javascript,${older}` },
    });
    expectRed(result, ['ACRT1002']);
    expect(result.log).toContain('20.19.0');
  });

  it('reports all missing artifacts at once, before anything is started', async () => {
    await namesAllThatIsMissing(scene);
  });

  it('fails with the resource IDs if the pipelines are missing, for both sides at once', async () => {
    const lines = await pushOne('lost');
    const { source, target } = scene.clouds;
    const result = await scene.step(
      full(lines, {
        'export-pipeline': source.pipelines.managedIdentity.replace(/[^/]+$/, 'nosuchpipeline'),
        'import-pipeline': target.pipelines.managedIdentity.replace(/[^/]+$/, 'nosuchpipeline'),
      }),
    );
    expectRed(result, ['ACRT3001', 'ACRT3001']);
  });

  it('fails with the correlation ID if the permission for the pipelines is missing', async () => {
    const lines = await pushOne('norole');
    const roles = await scene.sandbox.roles('source');
    const left = roles.filter(
      ({ role }) => !['Container Registry Transfer Pipeline Contributor', 'Reader'].includes(role),
    );
    await scene.sandbox.setRoles('source', left);
    const result = await scene.step(full(lines));
    await scene.sandbox.setRoles('source', roles);
    expectRed(result, [...shownIds(result)]);
    expect(new Set(shownIds(result))).toEqual(new Set(['ACRT3002', 'ACRT3028']));
    expect(result.log).toMatch(/AuthorizationFailed/);
    expect(result.log).toMatch(/Correlation ID: [\da-f-]{36}/);
  });

  it('is reported if the registry is not Premium', async () => {
    const lines = await pushOne('basic');
    await scene.sandbox.settings('source', { registry: { sku: 'Standard' } });
    const result = await scene.step(full(lines));
    await scene.sandbox.settings('source', { registry: { sku: 'Premium' } });
    expectRed(result, ['ACRT3007']);
  });
});

describe('runs that fail', () => {
  it('fails if the PUT answers 200 with a run that has already failed', async () => {
    const lines = await pushOne('atonce');
    await scene.sandbox.settings('source', { runs: { failAtOnce: STORAGE_REFUSED } });
    const result = await scene.step(full(lines));
    expectRed(result, ['ACRT4002']);
    expect(result.log).toContain('Storage Blob Data Contributor');
    expect(result.log).toMatch(/Correlation ID: [\da-f-]{36}/);
  });

  it('fails with the message of the service if a run fails', async () => {
    const lines = await pushOne('late');
    await scene.sandbox.settings('target', { runs: { failLate: 'Something else went wrong' } });
    const result = await scene.step(full(lines));
    expectRed(result, ['ACRT4001']);
    expect(result.log).toContain('Something else went wrong');
    const manifest = documentAt(MANIFEST, result.outputs['manifest']);
    const receipt = documentAt(RECEIPT, result.outputs['receipt']);
    expect(manifest.batches.flatMap(({ artifacts }) => artifacts)).toHaveLength(1);
    expect(receipt.artifacts).toMatchObject([{ outcome: 'failed', failure: { id: 'ACRT4001' } }]);
  });

  it('transfers the other batches, and resumes in the next attempt', async () => {
    const images = { good: await smallImage('part good'), bad: await smallImage('part bad') };
    const lines = await scene.push('source', 'team/part', images);
    const inputs = full(lines, { 'max-artifacts-per-run': '1', 'max-parallel-runs': '1' });
    await scene.sandbox.addFault('source', {
      service: 'arm',
      method: 'PUT',
      path: 'pipelineRuns',
      times: 1,
      fault: { kind: 'answer', status: 409, body: '{"error":{"code":"Conflict","message":"busy"}}' },
    });
    const first = await scene.step(inputs, { runId: '8000' });
    expectRed(first, ['ACRT4006']);
    expect(first.outputs).toMatchObject({ status: 'partial', selected: '2', transferred: '1', failed: '1' });
    const manifest = documentAt(MANIFEST, first.outputs['manifest']);
    expect(manifest.batches).toHaveLength(1);
    const second = await scene.step(inputs, { runId: '8000' });
    expect(second.outputs).toMatchObject({ status: 'succeeded', transferred: '1', skipped: '1', failed: '0' });
    expect(documentAt(MANIFEST, second.outputs['manifest']).batches).toHaveLength(2);
  });

  it('starts no further batch with fail-fast', async () => {
    const images = { a: await smallImage('fast a'), b: await smallImage('fast b'), c: await smallImage('fast c') };
    const lines = await scene.push('source', 'team/fast', images);
    await scene.sandbox.settings('source', { runs: { failAtOnce: 'broken' } });
    const limits = { 'max-artifacts-per-run': '1', 'max-parallel-runs': '1', 'fail-fast': 'true' };
    const result = await scene.step(full(lines, limits));
    expectRed(result, ['ACRT4001', 'ACRT4008', 'ACRT4008']);
  });
});

describe('a wrong arrival', () => {
  it('fails if the target returns another digest', async () => {
    const [line = ''] = await pushOne('wrong');
    await scene.sandbox.settings('target', { runs: { corruptImports: [line] } });
    const result = await scene.step(full([line]));
    expectRed(result, ['ACRT6001']);
    expect(result.outputs).toMatchObject({ transferred: '0', failed: '1' });
    const receipt = documentAt(RECEIPT, result.outputs['receipt']);
    expect(receipt.artifacts).toMatchObject([{ outcome: 'failed', failure: { id: 'ACRT6001' } }]);
  });

  it('fails if a transfer blob differs from the exported one, and imports nothing from it', async () => {
    const lines = await pushOne('damaged');
    const name = { 'transfer-name': 'damaged' };
    const exported = await scene.step({
      mode: 'export',
      artifacts: lines.join('\n'),
      ...name,
      ...sideInputs('source', scene.clouds),
    });
    const imported = await scene.step({
      mode: 'import',
      manifest: exported.outputs['manifest'] ?? '',
      ...sideInputs('target', scene.clouds),
    });
    expectRed(imported, ['ACRT5001']);
    expect(imported.outputs).toMatchObject({ selected: '1', failed: '1' });
  });
});

describe('inputs', () => {
  it('are all reported at once, before any network call', async () => {
    await scene.sandbox.resetRequests('source');
    const result = await scene.step({
      mode: 'full',
      artifacts: 'Team/API:v1\nteam/*',
      'export-pipeline': '/subscriptions/nowhere',
      'source-cloud': 'azuregermancloud',
      'max-artifacts-per-run': '51',
      verify: 'yes',
    });
    expectRed(result, ['ACRT1001']);
    const inputs = ['artifacts, line 1, column 1', 'artifacts, line 2, column 1', 'export-pipeline', 'import-pipeline'];
    for (const input of [...inputs, 'source-cloud', 'max-artifacts-per-run', 'verify']) {
      expect(result.log).toContain(`${input}: `);
    }
    expect(Object.values(await scene.sandbox.requests('source')).every((count) => count === 0)).toBe(true);
  });
});
