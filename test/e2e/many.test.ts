import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { IS_NIGHTLY } from '../tier.ts';
import { handOffMany } from './many.ts';
import { documentAt, openScene, shownIds, type Scene } from './scene.ts';

/** A storage emulator takes 20 s for 2000. `npm run show -- many` takes 10,000. */
const BLOBS = IS_NIGHTLY ? 2000 : 200;

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});

afterAll(async () => {
  await scene.close();
});

describe('very many small blobs', () => {
  it('arrive with constant memory, with a readable log and summary', async () => {
    const { result, arrived } = await handOffMany(scene, BLOBS);
    expect(shownIds(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ status: 'succeeded', transferred: String(BLOBS), failed: '0' });
    expect(documentAt(REPORT, result.outputs['report']).batches).toHaveLength(BLOBS);
    expect(arrived).toBe(BLOBS);
    expect(result.peakRss).toBeLessThan(256_000_000);
    expect(Buffer.byteLength(result.summary)).toBeLessThan(900 * 1024);
    expect(result.log.split('\n').length).toBeLessThan(1000);
  });
});
