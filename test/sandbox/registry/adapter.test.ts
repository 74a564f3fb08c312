import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MAX_ATTEMPTS_UNREACHABLE } from '../../../src/transfer/resilience/retry.ts';
import { IMAGE_TYPE, MANY, openAdapterScene, REPOSITORIES } from './adapter.fixture.ts';
import type { AdapterScene } from './adapter.fixture.ts';

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

let scene: AdapterScene;
let connect: AdapterScene['connect'];
let disturb: AdapterScene['disturb'];
let index: AdapterScene['index'];
let requestsOf: AdapterScene['requestsOf'];
let signed: AdapterScene['signed'];

beforeAll(async () => {
  scene = await openAdapterScene();
  ({ connect, disturb, index, requestsOf, signed } = scene);
});

afterAll(() => scene.close());

beforeEach(() => {
  scene.reset();
});

describe('a manifest', () => {
  it('is read by tag and by digest', async () => {
    const registry = connect();
    const byTag = await registry.manifest('team/multi', 'latest');
    expect(byTag).toEqual({
      digest: index.manifest.digest,
      mediaType: INDEX_TYPE,
      size: index.manifest.size,
      content: [],
      children: index.children.map(({ manifest }) => manifest.digest),
      subject: null,
      foreign: [],
    });
    expect(await registry.manifest('team/multi', index.manifest.digest)).toEqual(byTag);
  });

  it('returns its content and its subject', async () => {
    const found = await connect().manifest('team/multi', signed.manifest.digest);
    expect(found).toMatchObject({
      content: signed.blobs.map(({ digest, size }) => ({ digest, size })),
      subject: index.manifest.digest,
    });
  });

  it('of Docker is supported too', async () => {
    const found = await connect().manifest('docker', 'v1');
    expect(found?.mediaType).toBe('application/vnd.docker.distribution.manifest.v2+json');
  });

  it.each([
    ['team/multi', 'v9'],
    ['team/multi', `sha256:${'0'.repeat(64)}`],
    ['team/nowhere', 'v1'],
  ])("that doesn't exist is null: %s %s", async (repository, reference) => {
    expect(await connect().manifest(repository, reference)).toBeNull();
  });

  it.each([
    {
      name: 'that is another one',
      body: JSON.stringify({ schemaVersion: 2 }),
      says: 'another digest',
      times: MAX_ATTEMPTS_UNREACHABLE,
    },
    { name: 'without an end', body: ' '.repeat(5_000_000), says: 'larger than 4194304 bytes', times: 1 },
  ])('$name is refused', async ({ body, says, times }) => {
    disturb('/manifests/', { kind: 'answer', status: 200, headers: { 'content-type': IMAGE_TYPE }, body }, times);
    await expect(connect().manifest('team/multi', index.manifest.digest)).rejects.toMatchObject({
      facts: { id: 'ACRT6004', message: expect.stringContaining(says) },
    });
  });

  it('is not followed to another host', async () => {
    const headers = { location: 'https://elsewhere.example/v2/' };
    disturb('/manifests/', { kind: 'answer', status: 307, headers, body: '' });
    await expect(connect().manifest('team/multi', 'latest')).rejects.toMatchObject({
      facts: { id: 'ACRT6004', message: expect.stringContaining('HTTP 307') },
    });
  });
});

const OPEN = { readable: true, writable: true, quarantined: false };

describe('lists', () => {
  it('of manifests have types, sizes and tags', async () => {
    const listed = (await connect().manifests('team/multi')) ?? [];
    expect(listed).toHaveLength(5);
    expect(listed.find(({ digest }) => digest === index.manifest.digest)).toMatchObject({
      mediaType: INDEX_TYPE,
      tags: ['latest'],
    });
    expect(listed.find(({ digest }) => digest === signed.manifest.digest)).toEqual({
      digest: signed.manifest.digest,
      mediaType: IMAGE_TYPE,
      size: signed.blobs.reduce((sum, { size }) => sum + size, 0),
      tags: [],
      locks: OPEN,
    });
  });

  it('has each tag alone too; a tag that does not exist is null', async () => {
    const registry = connect();
    const [first] = (await registry.tags('team/multi')) ?? [];
    expect(await registry.tag('team/multi', first?.name ?? '')).toEqual(first);
    expect([await registry.tag('team/multi', 'v9'), await registry.tag('team/nowhere', 'v1')]).toEqual([null, null]);
  });

  it('of tags have digests and times', async () => {
    expect(await connect().tags('team/multi')).toEqual([
      { name: 'latest', digest: index.manifest.digest, pushedAt: expect.any(Number), locks: OPEN },
    ]);
  });

  it('are read to their last page, with one request for each', async () => {
    const registry = connect();
    expect(await requestsOf(() => registry.manifests('long/app'))).toBe(2 + 3);
    expect(await requestsOf(() => registry.tags('long/app'))).toBe(3);
    const [manifests, tags] = [await registry.manifests('long/app'), await registry.tags('long/app')];
    expect(new Set(manifests?.map(({ digest }) => digest)).size).toBe(MANY);
    expect(tags?.map(({ name }) => name)).toEqual(manifests?.flatMap((manifest) => manifest.tags).toSorted());
  });

  it('of repositories are read to their last page', async () => {
    const registry = connect();
    expect(await requestsOf(() => registry.repositories())).toBe(2 + 2);
    expect(await registry.repositories()).toEqual({
      ok: true,
      value: ['docker', 'long/app', ...REPOSITORIES, 'team/multi'],
    });
  });

  it('of fifty repositories cost two requests each, and one to sign in', async () => {
    const registry = connect();
    const count = await requestsOf(() => Promise.all(REPOSITORIES.slice(0, 50).map(registry.manifests)));
    expect(count).toBe(1 + 50 * 2);
    expect(await requestsOf(() => Promise.all(REPOSITORIES.slice(0, 50).map(registry.tags)))).toBe(50);
  });

  it('of a missing repository are null', async () => {
    const registry = connect();
    expect([await registry.manifests('team/nowhere'), await registry.tags('team/nowhere')]).toEqual([null, null]);
  });

  it('are not reported as missing after a 404 of another server', async () => {
    disturb('/_manifests', { kind: 'answer', status: 404, body: '<html>' });
    await expect(connect().manifests('team/multi')).rejects.toMatchObject({ facts: { id: 'ACRT2018' } });
  });

  it('of referrers are read, and are empty without referrers', async () => {
    const registry = connect();
    expect(await registry.referrers('team/multi', index.manifest.digest)).toEqual([signed.manifest.digest]);
    expect(await registry.referrers('team/multi', signed.manifest.digest)).toEqual([]);
  });

  it('of referrers are empty on a registry without the referrers API', async () => {
    disturb('/referrers/', { kind: 'answer', status: 404, body: '404 page not found' });
    expect(await connect().referrers('team/multi', index.manifest.digest)).toEqual([]);
  });
});
