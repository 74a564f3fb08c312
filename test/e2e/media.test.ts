import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MANIFEST, RECEIPT } from '../../src/transfer/documents/schemas.ts';
import { openContainers } from './containers.ts';
import { sideInputs, type Inputs, type StepResult } from './runner.ts';
import { documentAt, openScene, shownIds, smallImage, type Scene } from './scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene({ sourceTriggerSeconds: 1 });
});

afterAll(async () => {
  await scene.close();
});

/** A runner that can reach only one cloud, because it doesn't trust the other's certificates. */
const only = (side: 'source' | 'target') => ({ env: { NODE_EXTRA_CA_CERTS: scene.clouds[side].caFile } });

const directory = (name: string): string => join(scene.workspace, name);

async function exported(name: string, more: Inputs = {}): Promise<StepResult> {
  const images = { v1: await smallImage(`${name} 1`), v2: await smallImage(`${name} 2`) };
  const lines = await scene.push('source', `team/${name}`, images);
  const inputs = { mode: 'export', artifacts: lines.join('\n'), 'transfer-name': name, 'max-artifacts-per-run': '1' };
  return scene.step({ ...inputs, ...sideInputs('source', scene.clouds, 'secret'), ...more }, only('source'));
}

const toMedia = (name: string, more: Inputs = {}): Promise<StepResult> =>
  scene.step(
    {
      mode: 'handoff',
      'transfer-name': name,
      'target-container': `./${name}-media`,
      ...sideInputs('source', scene.clouds, 'secret'),
      ...more,
    },
    only('source'),
  );

const fromMedia = (name: string, folder: string, more: Inputs = {}): Promise<StepResult> =>
  scene.step(
    {
      mode: 'handoff',
      'transfer-name': name,
      'source-container': folder,
      ...sideInputs('target', scene.clouds, 'secret'),
      ...more,
    },
    only('target'),
  );

const isIntact = (folder: string): boolean => {
  try {
    execFileSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: folder, stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
};

describe('a handoff by files', () => {
  it('goes from a container to a directory, to a container, and is imported by the source trigger', async () => {
    const name = 'across';
    const manifest = documentAt(MANIFEST, (await exported(name)).outputs['manifest']);
    const out = await toMedia(name);
    expect(shownIds(out)).toEqual([]);
    expect(out.outputs).toMatchObject({ status: 'succeeded', transferred: '2' });
    const media = directory(`${name}-media`);
    for (const { blob } of manifest.batches) expect(readFileSync(join(media, blob.name))).toHaveLength(blob.size);
    expect(existsSync(join(media, `${name}.transfer.json`))).toBe(true);
    expect(isIntact(media)).toBe(true);
    expect((await toMedia(name)).outputs).toMatchObject({ status: 'nothing-to-do', skipped: '2' });

    const disk = directory('disk');
    cpSync(media, disk, { recursive: true });
    const back = await fromMedia(name, disk);
    expect(shownIds(back)).toEqual([]);
    expect(back.outputs).toMatchObject({ status: 'succeeded', transferred: '2' });
    const [first] = manifest.batches;
    const arrived = await openContainers(scene).get('target', first?.blob.name ?? '');
    expect(Buffer.from(arrived?.properties.contentMD5 ?? []).toString('base64')).toBe(first?.blob.md5);
    expect(arrived?.properties).toMatchObject({ contentType: first?.blob.contentType, metadata: first?.blob.metadata });

    const inputs = { mode: 'import', 'import-by': 'trigger', 'transfer-name': name };
    const imported = await scene.step({ ...inputs, ...sideInputs('target', scene.clouds, 'secret') }, only('target'));
    expect(shownIds(imported)).toEqual([]);
    const receipt = documentAt(RECEIPT, imported.outputs['receipt']);
    expect(receipt.artifacts.map(({ outcome }) => outcome)).toEqual(['verified', 'verified']);
  });

  it('rejects blobs that were damaged on the medium, and copies the others', async () => {
    const name = 'damaged';
    const manifest = documentAt(MANIFEST, (await exported(name)).outputs['manifest']);
    await toMedia(name);
    const media = directory(`${name}-media`);
    const file = join(media, manifest.batches[0]?.blob.name ?? '');
    const bytes = readFileSync(file);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(isIntact(media)).toBe(false);
    const back = await fromMedia(name, media);
    expect(shownIds(back)).toEqual(['ACRT5002']);
    expect(back.outputs).toMatchObject({ status: 'partial', transferred: '1', failed: '1' });
    const again = await toMedia(name, { overwrite: 'true' });
    expect(again.outputs).toMatchObject({ transferred: '1', skipped: '1' });
    expect(isIntact(media)).toBe(true);
    expect((await fromMedia(name, media)).outputs).toMatchObject({
      status: 'succeeded',
      transferred: '1',
      skipped: '1',
    });
  });

  it('reports at once which operations a directory does not support', async () => {
    const result = await toMedia('wrong', {
      'source-container': './elsewhere',
      'handoff-method': 'server',
      'access-tier': 'cool',
    });
    expect(shownIds(result)).toEqual(['ACRT1001']);
    for (const input of ['target-container', 'handoff-method', 'access-tier'])
      expect(result.log).toContain(`${input}: `);
  });

  it('stops at max-blob-size, and reports a missing medium', async () => {
    const name = 'limits';
    await exported(name);
    const large = await toMedia(name, { 'max-blob-size': '1KiB' });
    expect(shownIds(large)).toEqual(['ACRT5007', 'ACRT5007']);
    rmSync(directory(`${name}-media`), { recursive: true, force: true });
    const absent = await fromMedia(name, './not-mounted');
    expect(shownIds(absent)).toEqual(['ACRT3006']);
    expect(absent.log).toContain('not-mounted');
  });
});
