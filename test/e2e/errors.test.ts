/** Errors that no other test of a step reaches, in one sandbox. `npm run error-tests` lists the tests of each. */
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { MANIFEST } from '../../src/transfer/documents/schemas.ts';
import { blobName, runName } from '../../src/transfer/model/artifact.ts';
import { FAST, jsonAnswer } from './errors/case.ts';
import { HANDOFF_CASES } from './errors/cases-handoff.ts';
import { SETUP_CASES } from './errors/cases-setup.ts';
import { TRANSFER_CASES } from './errors/cases-transfer.ts';
import { prepareFailingBatches } from './errors/runs.ts';
import { ALWAYS, rule } from './faults/kind.ts';
import { openHandoffScene, type HandoffScene } from './handoff.fixture.ts';
import { expectRed } from './red.ts';
import type { Inputs } from './runner.ts';
import { documentAt, shownIds, smallImage } from './scene.ts';

let scene: HandoffScene;

beforeAll(async () => {
  scene = await openHandoffScene();
});

afterAll(async () => {
  await scene.close();
});

afterEach(async () => {
  await scene.calm();
});

describe.each([
  { of: 'a transfer', cases: TRANSFER_CASES },
  { of: 'a handoff', cases: HANDOFF_CASES },
  { of: 'a setup', cases: SETUP_CASES },
])('$of reports', ({ cases }) => {
  it.each(cases)('$name', async ({ ids, arrange, inputs, options }) => {
    await arrange?.(scene);
    const result = await scene.step(await inputs(scene), options?.(scene));

    expect(new Set(shownIds(result))).toEqual(new Set(ids));
    expect(result.exitCode).toBe(1);
    expect(result.summary).toContain('What to do');
  });
});

describe('an export reports', () => {
  it('for each batch the error of its own run', async () => {
    const name = 'errors-runs';
    const { artifacts, expected } = await prepareFailingBatches(scene, name);
    const result = await scene.step(
      {
        ...scene.inputsOf('source'),
        mode: 'export',
        artifacts: artifacts.join('\n'),
        'transfer-name': name,
        'max-artifacts-per-run': '1',
      },
      { env: FAST },
    );
    const report = documentAt(REPORT, result.outputs['report']);

    expect(Object.fromEntries(report.artifacts.map(({ reference, failure }) => [reference, failure]))).toEqual(
      expected,
    );
    expect(result.exitCode).toBe(1);
  });

  it('a tag that moves during the export, blobs that are missing at the handoff, and another export of the same name', async () => {
    const transfer = { 'transfer-name': 'errors-moved', 'max-artifacts-per-run': '1' };
    const exporting = (artifacts: readonly string[], inputs: Inputs = {}) =>
      scene.step(
        { ...scene.inputsOf('source'), ...transfer, ...inputs, mode: 'export', artifacts: artifacts.join('\n') },
        { runId: '7000' },
      );
    const repository = 'errors/moved';
    const [moving, kept] = [await smallImage('moving'), await smallImage('kept')];
    const lines = await scene.push('source', repository, { moving, kept });
    const reference = { kind: 'tag', repository, tag: 'moving' } as const;
    const blob = blobName('errors-moved', [{ reference, digest: moving.manifest.digest }]);
    const run = runName('export', scene.clouds.source.pipelines.managedIdentity, blob);
    // The run continues until the tag has moved. The first read of the tag is before its start.
    const running = { name: run, properties: { provisioningState: 'Creating', response: { status: 'Running' } } };
    await scene.sandbox.addFault(
      'source',
      rule('arm', jsonAnswer(200, running), { method: 'GET', path: `/pipelineRuns/${run}`, skip: 1, times: ALWAYS }),
    );
    const step = exporting(lines);
    while ((await scene.sandbox.faultsStruck('source')) === 0) await after(50);
    await scene.push('source', repository, { moving: await smallImage('moved') });
    await scene.sandbox.clearFaults('source');
    const exported = await step;

    expectRed(exported, ['ACRT4009']);
    expect(documentAt(MANIFEST, exported.outputs['manifest'])).toMatchObject({
      batches: [{ artifacts: [{ reference: `${repository}:kept` }] }],
      missing: [`${repository}:moving`],
    });

    const handedOff = await scene.step({ ...scene.both, ...transfer, mode: 'handoff' });
    expectRed(handedOff, ['ACRT7003']);
    expect(handedOff.log).toContain(`${repository}:moving`);
    expect(handedOff.outputs).toMatchObject({ status: 'partial', transferred: '1' });

    const others = await scene.push('source', repository, { other: await smallImage('other') });
    const target = { 'import-pipeline': scene.clouds.target.pipelines.managedIdentity };
    expectRed(await exporting(others, target), ['ACRT7004']);
  });
});
