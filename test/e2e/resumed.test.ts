import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { REPORT } from '../../src/transfer/schemas.ts';
import { randomContent } from '../seed.ts';
import { openContainers, type Containers } from './containers.ts';
import type { Inputs, StepResult } from './runner.ts';
import { documentAt, openScene, shownIds, type Scene } from './scene.ts';

const randomBytes = randomContent('resumed');

const MEBIBYTE = 1024 * 1024;
const SIZE = 160 * MEBIBYTE + 12_345;
const SMALLER = 48 * MEBIBYTE;

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

/** Bytes of the blocks that have arrived at the target, whole and whichever way. */
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

describe('a runner that is lost half-way', () => {
  it.each(['stream', 'server'])('leaves what the next one goes on from (%s)', async (method) => {
    const blob = `resumed/${method}.tar`;
    // Above 256 MiB a blob is fetched in blocks.
    const size = method === 'server' ? 272 * MEBIBYTE + 1 : SIZE;
    const bytes = Buffer.alloc(size, randomBytes(3 * MEBIBYTE + 1));
    await containers.put('source', blob, bytes);
    await scene.sandbox.resetRequests('target');
    await scene.sandbox.resetRequests('source');
    await loseRunnerAt(size / 2, blob, handoff(blob, method, { 'max-bandwidth': '48MiB' }));
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

  it('leaves nothing that is used of another version of the source', async () => {
    const blob = 'resumed/replaced.tar';
    await containers.put('source', blob, randomBytes(SMALLER));
    await scene.sandbox.resetRequests('target');
    await loseRunnerAt(SMALLER / 2, blob, handoff(blob, 'stream', { 'max-bandwidth': '48MiB' }));
    const bytes = randomBytes(SMALLER);
    await containers.put('source', blob, bytes);
    const result = await scene.step(handoff(blob, 'stream'));
    expect(shownIds(result)).toEqual([]);
    expect(await isSame(blob, bytes)).toBe(true);
  });
});

describe('two runners at once', () => {
  const both = (blob: string, ...methods: readonly [string, string]): Promise<readonly StepResult[]> =>
    Promise.all(methods.map((method) => scene.step(handoff(blob, method))));

  it.each([
    ['stream', 'stream'],
    ['server', 'server'],
    ['stream', 'server'],
  ] as const)('carry one blob, and neither corrupts it (%s, %s)', async (one, other) => {
    const blob = `twice/${one}-${other}.tar`;
    const bytes = randomBytes(48 * MEBIBYTE + 3);
    await containers.put('source', blob, bytes);
    const results = await both(blob, one, other);
    expect(results.map(shownIds)).toEqual([[], []]);
    expect(await isSame(blob, bytes)).toBe(true);
  });
});
