import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { PLAN, RECEIPT } from '../../src/transfer/documents/schemas.ts';
import { multiArchImage } from '../sandbox/content/index.ts';
import { repeatsNothing } from './cases/again.ts';
import { definition, sideInputs } from './runner.ts';
import { documentAt, openScene, shownIds, smallImage, type Scene } from './scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});

afterAll(async () => {
  await scene.close();
});

describe('mode full', () => {
  it('transfers 120 artifacts in three runs, and verifies each', async () => {
    const images = await Promise.all(
      Array.from({ length: 120 }, async (_, index) => [`v${index}`, await smallImage(`many ${index % 7}`)] as const),
    );
    const lines = await scene.push('source', 'team/many', Object.fromEntries(images));
    const result = await scene.step({
      mode: 'full',
      artifacts: lines.join('\n'),
      ...sideInputs('source', scene.clouds),
      ...sideInputs('target', scene.clouds),
    });
    expect(shownIds(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ status: 'succeeded', selected: '120', transferred: '120', failed: '0' });
    const report = documentAt(REPORT, result.outputs['report']);
    expect(report.batches).toHaveLength(3);
    expect(Math.max(...report.batches.map((batch) => batch.artifacts))).toBeLessThanOrEqual(50);
    expect(report.artifacts.every(({ outcome }) => outcome === 'verified')).toBe(true);
    expect(JSON.parse(result.outputs['blobs'] ?? '')).toEqual(report.batches.map(({ blob }) => blob));
  });

  it('sets every output of action.yml, and leaves plan, manifest, receipt, report and summary', async () => {
    const lines = await scene.push('source', 'team/index', { v1: await multiArchImage({ seed: 'index' }) });
    const result = await scene.step({
      mode: 'full',
      artifacts: `# one line\n${lines.join('\n')}\n`,
      ...sideInputs('source', scene.clouds, 'secret', 'sasToken'),
      ...sideInputs('target', scene.clouds, 'secret', 'sasToken'),
    });
    expect(result.exitCode).toBe(0);
    expect(Object.keys(result.outputs).sort()).toEqual(Object.keys(definition.outputs).sort());
    const plan = documentAt(PLAN, result.outputs['plan']);
    const receipt = documentAt(RECEIPT, result.outputs['receipt']);
    expect(plan.batches[0]?.artifacts[0]?.children).toHaveLength(3);
    expect(receipt.artifacts).toMatchObject([{ reference: 'team/index:v1', outcome: 'verified' }]);
    expect(receipt.artifacts[0]?.digest).toBe(plan.batches[0]?.artifacts[0]?.digest);
    expect(result.summary).toContain('1 of 1 artifact transferred and verified');
  });

  it.each(['operation', 'body'] as const)('polls runs whose status comes from %s', async (style) => {
    await scene.sandbox.settings('source', { runs: { style, seconds: [2] } });
    await scene.sandbox.settings('target', { runs: { style, seconds: [2] } });
    const lines = await scene.push('source', 'team/styles', { [style]: await smallImage(style) });
    const result = await scene.step({
      mode: 'full',
      artifacts: lines.join('\n'),
      ...sideInputs('source', scene.clouds),
      ...sideInputs('target', scene.clouds),
    });
    await scene.sandbox.settings('source', { runs: { seconds: [0] } });
    await scene.sandbox.settings('target', { runs: { seconds: [0] } });
    expect(result.outputs).toMatchObject({ status: 'succeeded', transferred: '1' });
  });

  it('repeats nothing in a second attempt, and reports that', async () => {
    await repeatsNothing(scene);
  });
});
