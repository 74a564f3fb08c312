import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeDocument } from '../../src/transfer/documents/codec.ts';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { manifestOf, openContainers } from './containers.ts';
import { documentAt, openScene, shownIds, smallImage, type Scene } from './scene.ts';

const OLD = 'sync-old';
const BLOB = `${OLD}-0123456789abcdef.tar`;
const CONTENT = Buffer.from('content of an earlier transfer');

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});

afterAll(async () => {
  await scene.close();
});

const manifest = manifestOf(OLD, BLOB, CONTENT, new Date(Date.now() - 40 * 86_400_000));

describe('cleaning up', () => {
  it('removes what an old transfer has left on both sides, and nothing else', async () => {
    const { put } = openContainers(scene);
    const left: Readonly<Record<string, Buffer>> = {
      [BLOB]: CONTENT,
      [`${OLD}.transfer.json`]: Buffer.from(writeDocument(manifest)),
      [`${OLD}.receipt.json`]: Buffer.from('{}'),
      'foreign.tar': CONTENT,
    };
    for (const side of ['source', 'target'] as const) {
      for (const [name, bytes] of Object.entries(left)) await put(side, name, bytes);
    }
    const lines = await scene.push('source', 'team/app', { v1: await smallImage('new') });
    const result = await scene.step({ ...scene.both, artifacts: lines.join('\n'), cleanup: '30' });
    expect(shownIds(result)).toEqual([]);
    expect(documentAt(REPORT, result.outputs['report']).cleanup).toMatchObject([
      { side: 'source', blobs: 2 },
      { side: 'target', blobs: 2 },
    ]);
    expect(result.summary).toContain('Cleaned up at the source: 0 pipeline runs and 2 blobs');
    for (const side of ['source', 'target'] as const) {
      const blobs = await scene.blobs(side);
      expect(blobs.filter((name) => name.startsWith(OLD))).toEqual([`${OLD}.receipt.json`]);
      expect(blobs).toContain('foreign.tar');
    }
  });
});
