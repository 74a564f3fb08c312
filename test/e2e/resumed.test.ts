import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { randomContent } from '../seed.ts';
import { IS_NIGHTLY } from '../tier.ts';
import { openContainers, type Containers } from './containers.ts';
import type { Inputs } from './runner.ts';
import { documentAt, openScene, shownIds, type Scene } from './scene.ts';

const randomBytes = randomContent('resumed');

const MEBIBYTE = 1024 * 1024;

/** Blocks of 4 MiB are streamed: seven of them. */
const STREAMED = 24 * MEBIBYTE + 12_345;
/** Above 256 MiB the target fetches a blob in blocks. It takes a storage emulator a minute. */
const FETCHED = 272 * MEBIBYTE + 1;

/** Slow enough for a runner to be lost half-way. */
const SLOWLY = { 'max-bandwidth': '4MiB' };

const METHODS = [
  { method: 'stream', size: STREAMED, limit: SLOWLY },
  { method: 'server', size: FETCHED, limit: { 'max-bandwidth': '48MiB' } },
] as const;

let scene: Scene;
let containers: Containers;

beforeAll(async () => {
  scene = await openScene();
  containers = openContainers(scene);
});

afterAll(async () => {
  await scene.close();
});

beforeEach(async () => {
  await scene.sandbox.resetRequests('source');
  await scene.sandbox.resetRequests('target');
});

const handoff = (blob: string, method: string, more: Inputs = {}): Inputs => ({
  mode: 'handoff',
  blobs: blob,
  'handoff-method': method,
  'source-container': scene.clouds.source.storage.containerUri,
  'target-container': scene.clouds.target.storage.containerUri,
  'source-sas': scene.clouds.source.storage.containerSas,
  'target-sas': scene.clouds.target.storage.containerSas,
  ...more,
});

/** Bytes of the complete blocks that have arrived at the target with any method. */
async function arrivedAt(blob: string): Promise<number> {
  const client = containers.client('target').getBlockBlobClient(blob);
  // The first block makes the list.
  const { uncommittedBlocks = [] } = await client.getBlockList('uncommitted').catch(() => ({ uncommittedBlocks: [] }));
  return uncommittedBlocks.reduce((sum, { size }) => sum + size, 0);
}

/** Runs a step and loses its runner once so many bytes have arrived. */
async function loseRunnerAt(bytes: number, blob: string, inputs: Inputs): Promise<void> {
  const killed = new AbortController();
  const lost = scene.step(inputs, { killed: killed.signal });
  while ((await arrivedAt(blob)) < bytes) await after(200);
  killed.abort();
  await lost;
}

const isSame = async (blob: string, bytes: Buffer): Promise<boolean> =>
  (await containers.get('target', blob))?.bytes.equals(bytes) === true;

describe('a runner that is lost during the transfer', () => {
  const tried = METHODS.filter(({ method }) => IS_NIGHTLY || method === 'stream');

  it.each(tried)('can be resumed by the next one ($method)', async ({ method, size, limit }) => {
    const blob = `resumed/${method}.tar`;
    const bytes = Buffer.alloc(size, randomBytes(3 * MEBIBYTE + 1));
    await containers.put('source', blob, bytes);
    await scene.sandbox.resetRequests('target');
    await scene.sandbox.resetRequests('source');
    await loseRunnerAt(size / 2, blob, handoff(blob, method, limit));
    expect(await containers.get('target', blob)).toBeNull();

    await scene.sandbox.resetRequests('target');
    await scene.sandbox.resetRequests('source');
    const result = await scene.step(handoff(blob, method));
    expect(shownIds(result)).toEqual([]);
    expect(await isSame(blob, bytes)).toBe(true);
    expect((await scene.sandbox.storageBytes('source', blob)).downloaded).toBeLessThanOrEqual(
      method === 'server' ? 0 : 0.6 * size,
    );
    const [batch] = documentAt(REPORT, result.outputs['report']).batches;
    expect(batch?.handoff).toMatchObject({ method });
    expect(batch?.handoff?.bytes).toBeLessThanOrEqual(0.6 * size);
    expect((batch?.handoff?.bytes ?? 0) + (batch?.handoff?.reused ?? 0)).toBe(size);
  });

  it('leaves no blocks of another version of the source in use', async () => {
    const blob = 'resumed/replaced.tar';
    await containers.put('source', blob, randomBytes(STREAMED));
    await scene.sandbox.resetRequests('target');
    await loseRunnerAt(STREAMED / 2, blob, handoff(blob, 'stream', SLOWLY));
    const bytes = randomBytes(STREAMED);
    await containers.put('source', blob, bytes);
    const result = await scene.step(handoff(blob, 'stream'));
    expect(shownIds(result)).toEqual([]);
    expect(await isSame(blob, bytes)).toBe(true);
  });
});
