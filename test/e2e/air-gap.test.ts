import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MANIFEST, RECEIPT } from '../../src/transfer/documents/schemas.ts';
import { sideInputs, type Inputs, type StepResult } from './runner.ts';
import { documentAt, openScene, smallImage, type Scene } from './scene.ts';

let scene: Scene;
/** An export without a receipt, and its result on the target side. */
let first: StepResult;
let arrived: StepResult;

beforeAll(async () => {
  scene = await openScene();
  await scene.push('source', 'gap/api', { v1: await smallImage('a1'), v2: await smallImage('a2') });
  first = await exported({ 'transfer-name': 'gap-1' });
  arrived = await handOffAndImport('gap-1');
});

afterAll(async () => {
  await scene.close();
});

const exported = (more: Inputs): Promise<StepResult> =>
  scene.step({
    mode: 'export',
    artifacts: 'gap/*:*',
    incremental: 'receipt',
    receipts: 'receipts/*.json',
    ...sideInputs('source', scene.clouds),
    ...more,
  });

/** Copies blobs and manifest, and imports them without access to the source side. */
async function handOffAndImport(name: string): Promise<StepResult> {
  const { source, target } = scene.clouds;
  await scene.step({
    mode: 'handoff',
    'transfer-name': name,
    'source-container': source.storage.containerUri,
    'target-container': target.storage.containerUri,
    'source-sas': source.storage.containerSas,
    'target-sas': target.storage.containerSas,
  });
  return scene.step(
    { mode: 'import', 'transfer-name': name, ...sideInputs('target', scene.clouds, 'secret') },
    { env: { NODE_EXTRA_CA_CERTS: target.caFile } },
  );
}

/** A folder with the receipt of the import. */
function receiptsOf(name: string): string {
  const receipts = join(scene.workspace, name);
  mkdirSync(receipts);
  copyFileSync(arrived.outputs['receipt'] ?? '', join(receipts, 'sync-1.json'));
  return receipts;
}

const exportedReferences = ({ outputs }: StepResult): readonly string[] =>
  documentAt(MANIFEST, outputs['manifest']).batches.flatMap(({ artifacts }) =>
    artifacts.map(({ reference }) => reference),
  );

describe('an incremental export over an air gap, from receipts', () => {
  it("exports everything without a receipt, and then only what hasn't arrived at the target", async () => {
    expect(first.outputs).toMatchObject({ status: 'succeeded', transferred: '2' });
    expect(first.log).toContain('there is neither a file nor a blob of this name');
    expect(arrived.outputs).toMatchObject({ status: 'succeeded', transferred: '2' });
    expect(documentAt(RECEIPT, arrived.outputs['receipt']).registryId).toContain('/registries/');

    const receipts = receiptsOf('receipts');
    await scene.push('source', 'gap/api', { v2: await smallImage('a2 again'), v3: await smallImage('a3') });
    const second = await exported({ 'transfer-name': 'gap-2' });
    expect(exportedReferences(second)).toEqual(['gap/api:v2', 'gap/api:v3']);
    expect(second.outputs).toMatchObject({ status: 'succeeded', transferred: '2', skipped: '1' });

    const arrivedToo = await handOffAndImport('gap-2');
    copyFileSync(arrivedToo.outputs['receipt'] ?? '', join(receipts, 'sync-2.json'));
    const third = await exported({ 'transfer-name': 'gap-3' });
    expect(third.outputs).toMatchObject({ status: 'nothing-to-do', skipped: '3' });
  });

  it('plans everything, with a warning, if a receipt is damaged or for another target', async () => {
    const receipts = receiptsOf('damaged');
    const of = { artifacts: 'gap/api:v1', receipts: 'damaged/*.json', 'dry-run': 'true' };
    const usable = await exported({ ...of, 'transfer-name': 'gap-3' });
    expect(usable.outputs).toMatchObject({ skipped: '1', selected: '1' });

    writeFileSync(join(receipts, 'sync-3.json'), '{"kind":"acr-transfer/receipt","version":1');
    const damaged = await exported({ ...of, 'transfer-name': 'gap-4' });
    expect(damaged.outputs).toMatchObject({ status: 'succeeded', skipped: '0', selected: '1' });
    expect(damaged.log).toMatch(/::warning::A receipt can't be used: receipt .*sync-3\.json: it is not JSON/);
    rmSync(join(receipts, 'sync-3.json'));

    const other = scene.clouds.target.pipelines.managedIdentity.replace(/registries\/[^/]+/, 'registries/elsewhere');
    const foreign = await exported({ ...of, 'transfer-name': 'gap-5', 'import-pipeline': other });
    expect(foreign.outputs).toMatchObject({ skipped: '0', selected: '1' });
    expect(foreign.log).toContain('it is about another target');
  });
});
