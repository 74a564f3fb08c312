/** What a step records when something fails on the way, and what the next step makes of it. */
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { MANIFEST, type ManifestDocument } from '../../src/transfer/documents/schemas.ts';
import { connectRegistry, image, type Artifact } from '../sandbox/content/index.ts';
import { openContainers } from './containers.ts';
import { askArm } from './diagnosis/ask-arm.ts';
import { armError, FAST } from './errors/case.ts';
import { ALWAYS, answer, rule } from './faults/kind.ts';
import { expectRed } from './red.ts';
import type { Inputs, StepResult } from './runner.ts';
import { documentAt, openScene, outcomesOf, shownIds, smallImage, type Scene } from './scene.ts';

/** Larger than what a tar adds to it, so that the size of a blob shows whether it is there. */
const largeImage = (seed: string): Promise<Artifact> => image({ seed, layerBytes: [400_000] });

const DAY = 86_400_000;

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});

afterAll(async () => {
  await scene.close();
});

afterEach(async () => {
  for (const side of ['source', 'target'] as const) {
    await scene.sandbox.clearFaults(side);
    await scene.sandbox.settings(side, {
      runs: { failLate: null, brokenExports: [], partialMessages: false, endStatus: 'state', seconds: [0] },
    });
  }
  await setOptions('source', ['OverwriteBlobs']);
  await setOptions('target', ['OverwriteTags']);
});

async function setOptions(side: 'source' | 'target', options: readonly string[]): Promise<void> {
  const id = scene.clouds[side].pipelines.managedIdentity;
  const { identity, properties } = (await askArm(scene, side, 'GET', id)) as Record<'identity' | 'properties', object>;
  await askArm(scene, side, 'PUT', id, { identity, properties: { ...properties, options } });
}

const recorded = async (side: 'source' | 'target', transferName: string) =>
  (await scene.sandbox.transfers(side)).filter(({ blob }) => blob.startsWith(`${transferName}-`));

const manifestOf = ({ outputs }: StepResult): ManifestDocument => documentAt(MANIFEST, outputs['manifest']);
const handedOver = (result: StepResult): string[] =>
  manifestOf(result)
    .batches.flatMap(({ artifacts }) => artifacts.map(({ reference }) => reference))
    .sort();

const exporting = (name: string, lines: readonly string[], inputs: Inputs = {}): Inputs => ({
  ...scene.inputsOf('source'),
  mode: 'export',
  artifacts: lines.join('\n'),
  'transfer-name': name,
  incremental: 'history',
  ...inputs,
});

describe('a storage error while the earlier manifest is read', () => {
  it('B1: ends the step before it exports anything, and the next step loses nothing', async () => {
    const lines = await scene.push('source', 'records/b1', { v1: await smallImage('b1 1') });
    expect(shownIds(await scene.step(exporting('b1', lines)))).toEqual([]);
    const more = [...lines, ...(await scene.push('source', 'records/b1', { v2: await smallImage('b1 2') }))];
    await scene.sandbox.addFault(
      'source',
      rule('storage', answer(503, { 'x-ms-error-code': 'ServerBusy' }), {
        method: 'GET',
        path: 'b1\\.transfer\\.json',
        times: ALWAYS,
      }),
    );
    expectRed(await scene.step(exporting('b1', more), { env: FAST }), ['ACRT5005']);
    expect(await recorded('source', 'b1')).toHaveLength(1);
    await scene.sandbox.clearFaults('source');
    const last = await scene.step(exporting('b1', more));

    expect([shownIds(last), handedOver(last)]).toEqual([[], more]);
    expect((await scene.step(exporting('b1', more))).outputs['status']).toBe('nothing-to-do');
  });
});

describe('an export that leaves out an artifact and succeeds', () => {
  it('B3: is not recorded as complete, and the artifact is exported as soon as it can be read', async () => {
    await setOptions('source', ['OverwriteBlobs', 'ContinueOnErrors']);
    const lines = await scene.push('source', 'records/b3', {
      v1: await largeImage('b3 1'),
      v2: await largeImage('b3 2'),
    });
    await scene.sandbox.settings('source', { runs: { brokenExports: ['records/b3:v2'] } });
    const first = await scene.step(exporting('b3', lines));

    expectRed(first, ['ACRT4001']);
    expect([handedOver(first), manifestOf(first).missing]).toEqual([['records/b3:v1'], ['records/b3:v2']]);
    expect(first.summary).toContain('ACRT3056');

    await scene.sandbox.settings('source', { runs: { brokenExports: [] } });
    const second = await scene.step(exporting('b3', lines));

    expect([shownIds(second), handedOver(second)]).toEqual([[], lines]);
    expect((await scene.step(exporting('b3', lines))).outputs['status']).toBe('nothing-to-do');
  });

  it('B3: fails with the words of the service if the artifact is left out again', async () => {
    const lines = await scene.push('source', 'records/words', { v1: await smallImage('words') });
    const message = '"status":"Succeeded","pipelineRunErrorMessage":"records/words:v1 was left out"';
    await scene.sandbox.addFault('source', {
      service: 'arm',
      method: 'GET',
      path: '/pipelineRuns/',
      times: ALWAYS,
      fault: { kind: 'alter', replace: { from: '"status":"Succeeded"', to: message } },
    });
    const result = await scene.step(exporting('words', lines));

    expectRed(result, ['ACRT4030']);
    expect(result.log).toContain('records/words:v1 was left out');
    expect(await recorded('source', 'words')).toHaveLength(2);
  });

  it('B4: does not make every later sync fail', async () => {
    await setOptions('source', ['OverwriteBlobs', 'ContinueOnErrors']);
    const lines = await scene.push('source', 'records/b4', {
      v1: await smallImage('b4 1'),
      v2: await smallImage('b4 2'),
    });
    const inputs = { ...scene.both, artifacts: lines.join('\n'), 'transfer-name': 'b4', incremental: 'target' };
    await scene.sandbox.settings('source', { runs: { brokenExports: ['records/b4:v2'] } });
    const first = await scene.step(inputs);

    expectRed(first, ['ACRT4001']);
    expect(outcomesOf(first)).toEqual({ 'records/b4:v1': 'verified', 'records/b4:v2': 'failed' });

    await scene.sandbox.settings('source', { runs: { brokenExports: [] } });
    const second = await scene.step(inputs);

    expect([shownIds(second), outcomesOf(second)['records/b4:v2']]).toEqual([[], 'verified']);
    expect((await scene.step(inputs)).outputs['status']).toBe('nothing-to-do');
  });
});

describe('a cleanup', () => {
  it('B9: that is cancelled does not lose the result of the transfer', async () => {
    const lines = await scene.push('source', 'records/b9', { v1: await smallImage('b9') });
    await scene.sandbox.addFault('source', {
      service: 'arm',
      method: 'GET',
      path: 'pipelineRuns\\?',
      times: ALWAYS,
      fault: { kind: 'delay', milliseconds: 60_000 },
    });
    const told = new AbortController();
    const result = await scene.step(
      { ...scene.both, artifacts: lines.join('\n'), 'transfer-name': 'b9', cleanup: '30' },
      {
        cancelled: { by: 'SIGINT', at: told.signal },
        onLine: (line) => {
          if (!line.startsWith('full: succeeded') || told.signal.aborted) return;
          void after(500).then(() => {
            told.abort();
          });
        },
      },
    );

    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ status: 'succeeded', transferred: '1' });
    expect(result.summary.match(/^## /gm)).toHaveLength(1);
    expect(documentAt(REPORT, result.outputs['report']).warnings).toEqual([
      expect.stringContaining('source side is incomplete, because the step was canceled'),
      expect.stringContaining('target side is incomplete, because the step was canceled'),
    ]);
    expect((await result.post()).log.replace(/^::.*\n/gm, '')).toBe('');
  });
});

describe('a run of the source trigger that failed', () => {
  it('B12: is repeated by the action in the next step, or the step says what it needs', async () => {
    await scene.sandbox.settings('target', { sourceTriggerSeconds: 1, runs: { failLate: 'Something went wrong' } });
    const lines = await scene.push('source', 'records/b12', { v1: await smallImage('b12') });
    const inputs = {
      ...scene.both,
      artifacts: lines.join('\n'),
      'transfer-name': 'b12',
      'import-by': 'trigger',
      'import-pipeline': scene.clouds.target.pipelines.managedIdentity,
    };
    expectRed(await scene.step(inputs), ['ACRT4001']);

    await scene.sandbox.settings('target', { runs: { failLate: null } });
    await scene.sandbox.addFault(
      'target',
      rule('arm', armError(403, 'AuthorizationFailed', 'The client does not have authorization.'), {
        method: 'PUT',
        path: '/pipelineRuns/',
        times: ALWAYS,
      }),
    );
    expectRed(await scene.step(inputs), ['ACRT4031']);

    await scene.sandbox.clearFaults('target');
    const last = await scene.step(inputs);

    expect([shownIds(last), outcomesOf(last)]).toEqual([[], { 'records/b12:v1': 'verified' }]);
    await scene.sandbox.settings('target', { sourceTriggerSeconds: 900 });
  });
});

describe('an import that has deleted its blobs', () => {
  it('B7: keeps what is verified if a tag is missing, and says what to do about it', async () => {
    await setOptions('target', ['OverwriteTags', 'DeleteSourceBlobOnSuccess']);
    const lines = await scene.push('source', 'records/b7', {
      v1: await smallImage('b7 1'),
      v2: await smallImage('b7 2'),
    });
    const name = { 'transfer-name': 'b7' };
    await scene.step(exporting('b7', lines, { incremental: 'off' }));
    const handoff = { ...scene.both, ...name, mode: 'handoff' };
    const importing = { ...scene.inputsOf('target'), ...name, mode: 'import' };
    await scene.step(handoff);
    expect(shownIds(await scene.step(importing))).toEqual([]);
    const client = await connectRegistry(scene.clouds.target);
    await client.deleteTag('records/b7', 'v2');
    client.close();
    const again = await scene.step(importing);

    expectRed(again, ['ACRT4032']);
    expect(outcomesOf(again)).toEqual({ 'records/b7:v1': 'present', 'records/b7:v2': 'failed' });

    await scene.step(handoff);

    expect(shownIds(await scene.step(importing))).toEqual([]);
  });
});

describe('runs that have succeeded without a status', () => {
  it.each(['blank', 'absent'] as const)(
    'end after two more minutes, and the transfer is verified: %s',
    async (endStatus) => {
      const settings = { runs: { endStatus, retryAfterSeconds: null } };
      for (const side of ['source', 'target'] as const) await scene.sandbox.settings(side, settings);
      const lines = await scene.push('source', `records/${endStatus}`, { v1: await smallImage(endStatus) });
      const inputs = { ...scene.both, artifacts: lines.join('\n'), 'transfer-name': `status-${endStatus}` };
      const result = await scene.step(inputs, { env: FAST });

      expect([shownIds(result), Object.values(outcomesOf(result))]).toEqual([[], ['verified']]);
      expect(result.log.match(/has no status. It is polled for 2 more minutes/g)).toHaveLength(2);
    },
  );
});

describe('the blobs of a sharded plan', () => {
  it('B2: are removed with their manifests', async () => {
    const lines = await scene.push('source', 'records/b2', {
      v1: await smallImage('b2 1'),
      v2: await smallImage('b2 2'),
    });
    const terms = { 'transfer-name': 'b2', 'max-artifacts-per-run': '1' };
    const planned = await scene.step({ ...scene.both, ...terms, artifacts: lines.join('\n'), 'dry-run': 'true' });
    for (const shard of ['1/2', '2/2']) {
      const result = await scene.step({ ...scene.both, plan: planned.outputs['plan'] ?? '', shard });
      expect(shownIds(result)).toEqual([]);
      await makeOld(`b2.${shard.replace('/', '-of-')}.transfer.json`, manifestOf(result));
    }
    const [next = ''] = await scene.push('source', 'records/b2-next', { v1: await smallImage('b2 next') });
    await scene.step({ ...scene.both, artifacts: next, 'transfer-name': 'b2-next', cleanup: '30' });

    for (const side of ['source', 'target'] as const) {
      const left = (await scene.blobs(side)).filter((name) => /^b2[-.]/.test(name) && !name.startsWith('b2-next'));
      expect(left.filter((name) => !name.endsWith('.receipt.json'))).toEqual([]);
    }
  });
});

/** Replaces the manifest of a transfer by the same of forty days ago, on both sides. */
async function makeOld(name: string, manifest: ManifestDocument): Promise<void> {
  const text = JSON.stringify({ ...manifest, createdAt: new Date(Date.now() - 40 * DAY).toISOString() });
  const { put } = openContainers(scene);
  for (const side of ['source', 'target'] as const) await put(side, name, Buffer.from(text));
}
