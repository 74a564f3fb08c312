/** Issue 19, A5 and A6: a transfer manifest is bound to its name, to this target and to its source, and so is a receipt. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeDocument } from '../../src/transfer/documents/codec.ts';
import { MANIFEST, RECEIPT, type ManifestDocument } from '../../src/transfer/documents/schemas.ts';
import { openContainers, type Containers } from './containers.ts';
import { sideInputs, type Inputs, type StepResult } from './runner.ts';
import { documentAt, openScene, shownIds, smallImage, type Scene } from './scene.ts';

let scene: Scene;
let containers: Containers;
/** The manifest of an export whose blobs are in the target container. */
let genuine: ManifestDocument;

const OTHER_TARGET =
  '/subscriptions/00000000-0000-4000-8000-000000000009/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/elsewhere';

beforeAll(async () => {
  scene = await openScene();
  containers = openContainers(scene);
  const { source, target } = scene.clouds;
  const lines = await scene.push('source', 'team/bound', { v1: await smallImage('bound') });
  const exported = await scene.step({
    mode: 'export',
    artifacts: lines.join('\n'),
    'transfer-name': 'sync-42',
    ...sideInputs('source', scene.clouds),
    'import-pipeline': target.pipelines.managedIdentity.toUpperCase(),
  });
  genuine = documentAt(MANIFEST, exported.outputs['manifest']);
  await scene.step({
    mode: 'handoff',
    'transfer-name': 'sync-42',
    'source-container': source.storage.containerUri,
    'target-container': target.storage.containerUri,
    'source-sas': source.storage.containerSas,
    'target-sas': target.storage.containerSas,
  });
});

afterAll(async () => {
  await scene.close();
});

const put = (name: string, document: ManifestDocument): Promise<void> =>
  containers.put('target', name, Buffer.from(writeDocument(document)));

const imported = (inputs: Inputs): Promise<StepResult> =>
  scene.step({ mode: 'import', ...sideInputs('target', scene.clouds, 'secret'), ...inputs });

const importsSoFar = async (): Promise<number> =>
  (await scene.sandbox.transfers('target')).filter(({ kind }) => kind === 'import').length;

const receiptAt = async (name: string): Promise<string | null> =>
  (await containers.get('target', `${name}.receipt.json`))?.bytes.toString() ?? null;

/** The step fails with this ID, imports nothing and writes no receipt. */
async function expectRefused(result: StepResult, id: string, words: string): Promise<void> {
  expect(shownIds(result)).toEqual([id]);
  expect(result.log).toContain(words);
  expect(result.outputs).toMatchObject({ status: 'failed', changed: 'false', receipt: '' });
  expect(await importsSoFar()).toBe(0);
  expect((await scene.blobs('target')).filter((name) => name.endsWith('.receipt.json'))).toEqual([]);
}

describe('A5: the manifest, before the import', () => {
  it('of another name is refused if it is a blob, however the step names it', async () => {
    await put('planted.transfer.json', { ...genuine, registry: 'unknown.azurecr.io', target: OTHER_TARGET });
    const words = 'its transfer name is sync-42';
    await expectRefused(await imported({ 'transfer-name': 'planted' }), 'ACRT7009', words);
    await expectRefused(await imported({ manifest: 'planted.transfer.json' }), 'ACRT7009', words);
  });

  it('in a file of any name is refused if the step names another transfer', async () => {
    writeFileSync(join(scene.workspace, 'any.json'), writeDocument(genuine));
    const result = await imported({ manifest: 'any.json', 'transfer-name': 'sync-43' });
    await expectRefused(result, 'ACRT7009', 'transfer-name is sync-43');
  });

  it('for another target is refused', async () => {
    await put('sync-44.transfer.json', { ...genuine, transferName: 'sync-44', target: OTHER_TARGET });
    await expectRefused(await imported({ 'transfer-name': 'sync-44' }), 'ACRT7009', OTHER_TARGET);
  });

  it('from a source that allowed-sources does not list is refused', async () => {
    const inputs = { 'transfer-name': 'sync-42', 'allowed-sources': 'other.azurecr.io, third.azurecr.io' };
    await expectRefused(await imported(inputs), 'ACRT7010', genuine.registry);
  });

  it('without any artifact is refused', async () => {
    await put('sync-45.transfer.json', { ...genuine, transferName: 'sync-45', batches: [] });
    await expectRefused(await imported({ 'transfer-name': 'sync-45' }), 'ACRT7009', 'it lists no artifacts');
  });
});

describe('A6: a file of the workspace with the default name', () => {
  it('is not used, and reported', async () => {
    const path = join(scene.workspace, 'sync-42.transfer.json');
    writeFileSync(path, writeDocument({ ...genuine, batches: [], missing: ['team/forged:v1'] }));
    try {
      const result = await imported({ 'transfer-name': 'sync-42', 'allowed-sources': genuine.registry.toUpperCase() });
      expect(shownIds(result)).toEqual([]);
      expect(result.outputs).toMatchObject({ status: 'succeeded', transferred: '1' });
      expect(result.log).toContain('The file sync-42.transfer.json in the workspace was not used');
    } finally {
      rmSync(path);
    }
  });
});

describe('A5: a receipt', () => {
  it('records the manifest that it answers, and is replaced by the next import of the same manifest', async () => {
    const first = JSON.parse((await receiptAt('sync-42')) ?? '{}') as { manifest?: { digest: string } };
    expect(first.manifest?.digest).toMatch(/^sha256:[a-f0-9]{64}$/);
    const again = await imported({ 'transfer-name': 'sync-42' });
    expect(shownIds(again)).toEqual([]);
    const second = documentAt(RECEIPT, again.outputs['receipt']);
    expect(second.manifest).toEqual(first.manifest);
    expect(await receiptAt('sync-42')).toBe(readFileSync(again.outputs['receipt'] ?? '', 'utf8'));
  });

  it('of a newer manifest or of another source stays, and stops the import', async () => {
    const before = await receiptAt('sync-42');
    const imports = await importsSoFar();
    const older = { ...genuine, createdAt: new Date(Date.parse(genuine.createdAt) - 86_400_000).toISOString() };
    await put('sync-42.transfer.json', older);
    expect(shownIds(await imported({ 'transfer-name': 'sync-42' }))).toEqual(['ACRT7011']);
    await put('sync-42.transfer.json', { ...genuine, registry: 'other.azurecr.io' });
    const foreign = await imported({ 'transfer-name': 'sync-42' });
    expect(shownIds(foreign)).toEqual(['ACRT7011']);
    expect(foreign.log).toContain('sync-42.receipt.json');
    expect(await importsSoFar()).toBe(imports);
    expect(await receiptAt('sync-42')).toBe(before);
  });

  it('of an earlier manifest of the same transfer is kept under a name of its own', async () => {
    const before = await receiptAt('sync-42');
    const newer = { ...genuine, createdAt: new Date(Date.parse(genuine.createdAt) + 86_400_000).toISOString() };
    await put('sync-42.transfer.json', newer);
    const result = await imported({ 'transfer-name': 'sync-42' });
    expect(shownIds(result)).toEqual([]);
    const receipts = (await scene.blobs('target')).filter((name) => /^sync-42.*\.receipt\.json$/.test(name));
    expect(receipts).toHaveLength(2);
    const kept = receipts.find((name) => name !== 'sync-42.receipt.json') ?? '';
    expect((await containers.get('target', kept))?.bytes.toString()).toBe(before);
  });
});
