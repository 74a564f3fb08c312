import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MANIFEST, RECEIPT } from '../../src/transfer/documents/schemas.ts';
import { sideInputs } from './runner.ts';
import { documentAt, openScene, shownIds, smallImage, type Scene } from './scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene({ sourceTriggerSeconds: 1 });
});

afterAll(async () => {
  await scene.close();
});

/** The target side is another network: a step there can't reach the source side. */
const onlyTarget = (): Record<string, string> => ({ NODE_EXTRA_CA_CERTS: scene.clouds.target.caFile });

describe('export, handoff and import as steps of their own', () => {
  it('needs only blobs and manifest at the target, and no role for the handoff', async () => {
    const { source, target } = scene.clouds;
    const lines = await scene.push('source', 'team/apart', { v1: await smallImage('a'), v2: await smallImage('b') });

    const exported = await scene.step({
      mode: 'export',
      artifacts: lines.join('\n'),
      'transfer-name': 'nightly/apart',
      'max-artifacts-per-run': '1',
      ...sideInputs('source', scene.clouds),
    });
    expect(exported.outputs).toMatchObject({ status: 'succeeded', transferred: '2', receipt: '' });
    const manifest = documentAt(MANIFEST, exported.outputs['manifest']);
    expect(manifest.batches).toHaveLength(2);
    expect(manifest.batches[0]?.blob.metadata).toEqual({ category: 'acr-transfer-blob' });

    const handoff = {
      mode: 'handoff',
      'transfer-name': 'nightly/apart',
      'source-container': source.storage.containerUri,
      'target-container': target.storage.containerUri,
      'source-sas': source.storage.containerSas,
      'target-sas': `?${target.storage.containerSas}`,
    };
    const handedOff = await scene.step(handoff);
    expect(shownIds(handedOff)).toEqual([]);
    expect(handedOff.outputs).toMatchObject({ status: 'succeeded', transferred: '2' });
    const again = await scene.step(handoff);
    expect(again.outputs).toMatchObject({ status: 'nothing-to-do', bytes: '0', skipped: '2' });

    const imported = await scene.step(
      {
        mode: 'import',
        manifest: 'nightly/apart.transfer.json',
        ...sideInputs('target', scene.clouds, 'secret', 'sasToken'),
      },
      { env: onlyTarget() },
    );
    expect(shownIds(imported)).toEqual([]);
    expect(imported.outputs).toMatchObject({ status: 'succeeded', selected: '2', transferred: '2' });
    const receipt = documentAt(RECEIPT, imported.outputs['receipt']);
    expect(receipt.artifacts.map(({ digest }) => digest)).toEqual(
      manifest.batches.flatMap(({ artifacts }) => artifacts.map(({ digest }) => digest)),
    );
    expect(receipt.artifacts.every(({ outcome }) => outcome === 'verified')).toBe(true);
  });

  it('imports with the source trigger if `import-by` is `trigger`', async () => {
    const { source, target } = scene.clouds;
    const lines = await scene.push('source', 'team/triggered', { v1: await smallImage('triggered') });
    const name = { 'transfer-name': 'triggered' };
    await scene.step({ mode: 'export', artifacts: lines.join('\n'), ...name, ...sideInputs('source', scene.clouds) });
    await scene.step({
      mode: 'handoff',
      ...name,
      'source-container': source.storage.containerUri,
      'target-container': target.storage.containerUri,
      ...sideInputs('source', scene.clouds, 'managed-identity'),
      ...sideInputs('target', scene.clouds, 'oidc'),
      'source-sas': source.storage.containerSas,
    });
    const imported = await scene.step({
      mode: 'import',
      'import-by': 'trigger',
      ...name,
      ...sideInputs('target', scene.clouds),
    });
    expect(shownIds(imported)).toEqual([]);
    expect(imported.outputs).toMatchObject({ status: 'succeeded', transferred: '1' });
    expect(documentAt(RECEIPT, imported.outputs['receipt']).artifacts[0]?.outcome).toBe('verified');
  });

  it('imports blobs by name when there is no manifest, and claims no verification', async () => {
    const lines = await scene.push('source', 'team/named', { v1: await smallImage('named') });
    const both = { ...sideInputs('source', scene.clouds), ...sideInputs('target', scene.clouds) };
    const exported = await scene.step({
      mode: 'export',
      artifacts: lines.join('\n'),
      ...sideInputs('source', scene.clouds),
    });
    const blobs = exported.outputs['blobs'] ?? '';
    const handedOff = await scene.step({ mode: 'handoff', blobs, ...both });
    expect(handedOff.outputs).toMatchObject({ status: 'succeeded', changed: 'true' });
    const imported = await scene.step({ mode: 'import', blobs, ...sideInputs('target', scene.clouds) });
    expect(imported.outputs).toMatchObject({ status: 'succeeded', transferred: '1' });
    const [artifact] = documentAt(RECEIPT, imported.outputs['receipt']).artifacts;
    expect(artifact).toMatchObject({ reference: 'team/named:v1', outcome: 'unverified' });
    expect(artifact?.digest).toMatch(/^sha256:/);
  });
});
