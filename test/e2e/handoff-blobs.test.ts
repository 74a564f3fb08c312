import { setTimeout as after } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomContent } from '../seed.ts';
import { openHandoffScene, type HandoffScene } from './handoff.fixture.ts';
import { shownIds } from './scene.ts';

const randomBytes = randomContent('handoff of blobs');

const MEBIBYTE = 1024 * 1024;

let scene: HandoffScene;

beforeAll(async () => {
  scene = await openHandoffScene();
});

afterAll(async () => {
  await scene.close();
});

afterEach(async () => {
  await scene.calm();
});

describe('refused requests', () => {
  // Three blocks.
  const bytes = randomBytes(12 * MEBIBYTE);

  it('is a source that changes during the copy, and nothing appears', async () => {
    await scene.containers.put('source', 'refused/changed.tar', bytes);
    await scene.addFault('source', {
      method: 'GET',
      path: 'changed.tar',
      skip: 2,
      times: 1,
      fault: { kind: 'delay', milliseconds: 3000 },
    });
    const step = scene.step(
      scene.bySas(['refused/changed.tar'], { 'handoff-method': 'stream', 'max-bandwidth': '1MiB' }),
    );
    while ((await scene.sandbox.storageBytes('target', 'refused/changed')).uploaded === 0) await after(50);
    await scene.containers.put('source', 'refused/changed.tar', randomBytes(bytes.length));
    const result = await step;
    expect(shownIds(result)).toEqual(['ACRT5003']);
    expect(await scene.containers.get('target', 'refused/changed.tar')).toBeNull();
  });

  it('is another blob at the target, unless it may be replaced', async () => {
    await scene.containers.put('source', 'refused/other.tar', bytes);
    const other = randomBytes(1000);
    await scene.containers.put('target', 'refused/other.tar', other);
    const refused = await scene.step(scene.bySas(['refused/other.tar']));
    expect(shownIds(refused)).toEqual(['ACRT5009']);
    expect((await scene.containers.get('target', 'refused/other.tar'))?.bytes.equals(other)).toBe(true);
    const replaced = await scene.step(scene.bySas(['refused/other.tar'], { overwrite: 'true' }));
    expect(shownIds(replaced)).toEqual([]);
    await scene.expectArrived('refused/other.tar', bytes);
  });

  it.each([
    { name: 'has ended', minutes: -5, id: 'ACRT3029' },
    { name: 'ends in two minutes', minutes: 2, id: 'ACRT5010' },
  ])('is a SAS that $name, before anything is copied', async ({ minutes, id }) => {
    await scene.containers.put('source', 'refused/sas.tar', bytes);
    const expiresOn = new Date(Date.now() + minutes * 60_000);
    const sas = await scene.sandbox.containerSas('source', { permissions: 'rl', expiresOn });
    const result = await scene.step(scene.bySas(['refused/sas.tar'], { 'source-sas': sas }));
    expect(shownIds(result)).toEqual([id]);
    expect(result.log).toContain(expiresOn.toISOString().slice(0, 16));
    expect(await scene.sandbox.storageBytes('target', 'refused/sas')).toMatchObject({ uploaded: 0, pulled: 0 });
  });
});

describe('any blob', () => {
  const NAMES = [
    'empty',
    'one byte',
    'a name with spaces',
    '100%',
    '%2F',
    'ünï/ço∂é/名前.tar',
    'a+b&c=d?e#f',
    "it's (so)",
  ];
  const contentOf = (name: string): Buffer =>
    name === 'empty' ? Buffer.alloc(0) : randomBytes(name === 'one byte' ? 1 : 5000);

  it.each(['stream', 'server'])('arrives with any name and size (%s)', async (method) => {
    const contents = new Map(NAMES.map((name) => [`any/${method}/${name}`, contentOf(name)]));
    for (const [name, bytes] of contents) await scene.containers.put('source', name, bytes);
    const result = await scene.step(scene.byRole([...contents.keys()], { 'handoff-method': method }));
    expect(shownIds(result)).toEqual([]);
    for (const [name, bytes] of contents) await scene.expectArrived(name, bytes);
  });

  it('gets the requested tier', async () => {
    await scene.containers.put('source', 'any/tier.tar', randomBytes(100));
    const result = await scene.step(scene.bySas(['any/tier.tar'], { 'access-tier': 'cool' }));
    expect(shownIds(result)).toEqual([]);
    expect((await scene.containers.get('target', 'any/tier.tar'))?.properties.accessTier).toBe('Cool');
  });

  it('is found there with one request, and hashed with another', async () => {
    const bytes = randomBytes(100);
    await scene.containers.put('source', 'any/there.tar', bytes);
    await scene.step(scene.bySas(['any/there.tar']));
    await scene.sandbox.resetRequests('source');
    await scene.sandbox.resetRequests('target');
    const again = await scene.step(scene.bySas(['any/there.tar']));
    expect(again.outputs).toMatchObject({ status: 'nothing-to-do', bytes: '0' });
    // One of preflight, and two for the blob.
    expect((await scene.sandbox.requests('target')).storage).toBe(3);
  });
});
