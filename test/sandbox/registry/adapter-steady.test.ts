import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/transfer/ports/clock.ts';
import { MAX_ATTEMPTS } from '../../../src/transfer/resilience/retry.ts';
import { MANY, openAdapterScene, testClock } from './adapter.fixture.ts';
import type { AdapterScene } from './adapter.fixture.ts';

let scene: AdapterScene;
let cloud: AdapterScene['cloud'];
let connect: AdapterScene['connect'];
let disturb: AdapterScene['disturb'];
let index: AdapterScene['index'];
let requestsOf: AdapterScene['requestsOf'];

beforeAll(async () => {
  scene = await openAdapterScene();
  ({ cloud, connect, disturb, index, requestsOf } = scene);
});

afterAll(() => scene.close());

beforeEach(() => {
  scene.reset();
});

describe('signing in', () => {
  it('happens once for each repository, for all callers', async () => {
    const registry = connect();
    const count = await requestsOf(() =>
      Promise.all([
        registry.manifest('team/multi', 'latest'),
        registry.manifests('team/multi'),
        registry.tags('team/multi'),
        registry.referrers('team/multi', index.manifest.digest),
      ]),
    );
    expect(count).toBe(2 + 4);
  });

  it('is repeated before tokens expire', async () => {
    const clock = testClock();
    const registry = connect(clock);
    await registry.manifest('team/multi', 'latest');
    clock.forward(cloud.state.settings().tokenLifetimeSeconds);
    expect(await requestsOf(() => registry.manifest('team/multi', 'latest'))).toBe(2);
    clock.forward(10 * cloud.state.settings().tokenLifetimeSeconds);
    expect(await requestsOf(() => registry.manifest('team/multi', 'latest'))).toBe(3);
  });

  it('is repeated if a token expires in the middle of a list', async () => {
    const registry = connect();
    await registry.tags('long/app');
    disturb('/_tags.*last=', { kind: 'answer', status: 401, body: '' });
    let tags: number | undefined;
    const count = await requestsOf(async () => {
      tags = (await registry.tags('long/app'))?.length;
    });
    expect([tags, count]).toEqual([MANY, 3 + 2]);
  });

  it('is refused without a role, and no token is logged', async () => {
    cloud.setRoles();
    const registry = connect();
    const failure: unknown = await registry.manifest('team/multi', 'latest').catch((error: unknown) => error);
    expect(failure).toMatchObject({ facts: { id: 'ACRT6004', message: expect.stringContaining('HTTP 401') } });
    expect(JSON.stringify(failure)).not.toContain('eyJ');
    expect(await registry.repositories()).toMatchObject({ ok: false, problem: expect.stringContaining('401') });
  });

  it('lists known repositories without permission to list the catalog', async () => {
    cloud.state.patch({ registry: { roleAssignmentMode: 'AbacRepositoryPermissions' } });
    cloud.setRoles('Container Registry Repository Reader');
    const registry = connect();
    expect(await registry.manifests('docker')).toHaveLength(1);
    expect(await registry.repositories()).toMatchObject({ ok: false, problem: expect.stringContaining('401') });
    cloud.setRoles('Container Registry Repository Reader', 'Container Registry Repository Catalog Lister');
    expect(await connect().repositories()).toMatchObject({ ok: true });
  });
});

describe('a registry with temporary errors', () => {
  it('is awaited as long as Retry-After', async () => {
    const clock = testClock();
    disturb('/_manifests', { kind: 'answer', status: 429, headers: { 'retry-after': '23' }, body: '' });
    expect(await connect(clock).manifests('docker')).toHaveLength(1);
    expect(clock.slept).toEqual([23]);
  });

  it.each([
    { name: 'resets connections', fault: { kind: 'cut' } },
    { name: 'fails', fault: { kind: 'answer', status: 502, body: '<html>' } },
    { name: 'is too busy for more', fault: { kind: 'answer', status: 429, body: '' } },
  ] as const)('is requested again if it $name, also for tokens', async ({ fault }) => {
    disturb('/oauth2/exchange', fault);
    disturb('/oauth2/token', fault, 2);
    disturb('/_manifests', fault, 3);
    expect(await connect().manifests('docker')).toHaveLength(1);
  });

  it.each([
    { name: 'stays away', fault: { kind: 'cut' }, id: 'ACRT2005', says: 'socket hang up' },
    { name: 'goes on failing', fault: { kind: 'answer', status: 502, body: '' }, id: 'ACRT2019', says: 'HTTP 502' },
  ] as const)('is aborted if it $name', async ({ fault, id, says }) => {
    disturb('/_manifests', fault, MAX_ATTEMPTS);
    const registry = connect();
    await expect(registry.manifests('docker')).rejects.toMatchObject({
      facts: { id, message: expect.stringContaining(says) },
    });
    expect(await registry.manifests('docker')).toHaveLength(1);
  });

  it('is read within its limits for every request', async () => {
    cloud.state.patch({ registry: { rateLimits: { readsPerMinute: 300 } } });
    const registry = connect(systemClock);
    const asked = Array.from({ length: 310 }, () => registry.manifest('team/multi', 'latest'));
    const digests = new Set((await Promise.all(asked)).map((manifest) => manifest?.digest));
    cloud.state.patch({ registry: { rateLimits: { readsPerMinute: null } } });
    expect([...digests]).toEqual([index.manifest.digest]);
  });
});
