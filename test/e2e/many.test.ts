import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeDocument } from '../../src/transfer/document.ts';
import { REPORT, type ManifestDocument } from '../../src/transfer/schemas.ts';
import { CATEGORY, openContainers } from './containers.ts';
import { documentAt, openScene, shownIds, type Scene } from './scene.ts';

const BLOBS = 10_000;

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});

afterAll(async () => {
  await scene.close();
});

const nameOf = (index: number): string => `many/batch-${String(index).padStart(5, '0')}.tar`;
const contentOf = (index: number): string => `what travels in batch ${index}`;

type Batch = ManifestDocument['batches'][number];

function batchOf(index: number): Batch {
  const text = contentOf(index);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return {
    blob: {
      name: nameOf(index),
      size: text.length,
      md5: createHash('md5').update(text).digest('base64'),
      contentType: 'application/x-tar',
      metadata: CATEGORY,
    },
    exportRun: `export${index}`,
    artifacts: [
      {
        reference: `team/app:v${index}`,
        digest,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        size: text.length,
        children: [],
        subject: null,
      },
    ],
  };
}

/** A medium with ten thousand blobs, as a handoff leaves it. */
function fillMedium(folder: string): void {
  mkdirSync(join(folder, 'many'), { recursive: true });
  const batches = Array.from({ length: BLOBS }, (_, index) => batchOf(index));
  for (const index of batches.keys()) writeFileSync(join(folder, nameOf(index)), contentOf(index));
  const manifest: ManifestDocument = {
    kind: 'acr-transfer/manifest',
    version: 1,
    transferName: 'many',
    createdAt: new Date().toISOString(),
    registry: 'source.example.com',
    target: null,
    provenance: null,
    batches,
    missing: [],
  };
  writeFileSync(join(folder, 'many.transfer.json'), writeDocument(manifest));
}

describe('ten thousand small blobs', () => {
  it('arrive, in flat memory, with a log and a summary that can be read', async () => {
    fillMedium(join(scene.workspace, 'medium'));
    const result = await scene.step({
      mode: 'handoff',
      'transfer-name': 'many',
      'source-container': './medium',
      'target-container': scene.clouds.target.storage.containerUri,
      'target-sas': scene.clouds.target.storage.containerSas,
    });
    expect(shownIds(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ status: 'succeeded', transferred: String(BLOBS), failed: '0' });
    expect(documentAt(REPORT, result.outputs['report']).batches).toHaveLength(BLOBS);
    const { client, get } = openContainers(scene);
    let found = 0;
    for await (const { properties } of client('target').listBlobsFlat({ prefix: 'many/' })) {
      if (properties.contentMD5 !== undefined) found += 1;
    }
    expect(found).toBe(BLOBS);
    for (const index of [0, 4711, BLOBS - 1]) {
      expect((await get('target', nameOf(index)))?.bytes.toString()).toBe(contentOf(index));
    }
    expect(result.peakRss).toBeLessThan(256_000_000);
    expect(Buffer.byteLength(result.summary)).toBeLessThan(900 * 1024);
    expect(result.log.split('\n').length).toBeLessThan(1000);
  }, 600_000);
});
