import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeBlob, jsonBlob } from '../content/index.ts';
import type { Answer } from '../content/connection.ts';
import type { ManifestEntry } from '../description.ts';
import { parseEntries } from './bulk.ts';
import { jsonOf, startRegistryCloud } from './cloud.fixture.ts';
import type { RegistryCloud } from './cloud.fixture.ts';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
const READ = 'repository:bulk/app:pull,metadata_read';
const COUNT = 2300;
let cloud: RegistryCloud;
let digests: readonly string[];

const contentOf = (number: number, more: object = {}): object => ({
  schemaVersion: 2,
  mediaType: MANIFEST_TYPE,
  config: describeBlob(jsonBlob(CONFIG_TYPE, { number })),
  layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: `sha256:${'0'.repeat(64)}`, size: 7 }],
  ...more,
});
const entryOf = (number: number, more: Partial<ManifestEntry> = {}): ManifestEntry => ({
  repository: 'bulk/app',
  mediaType: MANIFEST_TYPE,
  content: contentOf(number),
  tag: `v${String(number).padStart(5, '0')}`,
  ...more,
});
const get = (path: string, scope = READ): Promise<Answer> => cloud.ask({ method: 'GET', path }, scope);

/** Follows the relative links to the end. */
async function pages<T>(path: string, member: string): Promise<T[][]> {
  const answer = await get(path);
  const items = (jsonOf(answer) as Record<string, T[]>)[member] ?? [];
  const next = /^<(?<path>\/[^>]+)>; rel="next"$/.exec(String(answer.headers.link ?? ''))?.groups?.['path'];
  return next === undefined ? [items] : [items, ...(await pages<T>(next, member))];
}

interface Listed {
  readonly digest: string;
  readonly lastUpdateTime: string;
}

beforeAll(async () => {
  cloud = await startRegistryCloud();
  digests = cloud.registry.putManifests(Array.from({ length: COUNT }, (_, number) => entryOf(number)));
});

afterAll(async () => {
  await cloud.close();
});

describe('manifests put past the API', () => {
  it('have the digest of their JSON and come back byte for byte', async () => {
    const expected = jsonBlob(MANIFEST_TYPE, contentOf(3));
    expect([new Set(digests).size, digests[3]]).toEqual([COUNT, expected.digest]);
    const answer = await get('/v2/bulk/app/manifests/v00003');
    expect(answer.body.toString()).toBe(JSON.stringify(contentOf(3)));
  });

  it('move a tag, and are found as referrers', async () => {
    const subject = { mediaType: MANIFEST_TYPE, digest: digests[0], size: 1 };
    const [first, second, referrer] = cloud.registry.putManifests([
      entryOf(1, { repository: 'bulk/moved', tag: 'now' }),
      entryOf(2, { repository: 'bulk/moved', tag: 'now' }),
      { repository: 'bulk/app', mediaType: MANIFEST_TYPE, content: contentOf(0, { subject, artifactType: 'a/b' }) },
    ]);
    expect([first, cloud.registry.store.digestOf('bulk/moved', 'now')]).toEqual([digests[1], second]);
    const listed = jsonOf(await get(`/v2/bulk/app/referrers/${digests[0]}`));
    expect(listed).toMatchObject({ manifests: [{ digest: referrer, artifactType: 'a/b' }] });
  });

  it.each([
    [{ mediaType: 'text/plain' }, 'MANIFEST_INVALID'],
    [{ content: { schemaVersion: 2 } }, 'MANIFEST_INVALID'],
    [{ repository: 'Upper' }, 'NAME_INVALID'],
    [{ tag: '..' }, 'TAG_INVALID'],
    [{ tag: `sha256:${'0'.repeat(64)}` }, 'TAG_INVALID'],
  ])('are refused with %j', (more, code) => {
    const attempt = (): unknown => cloud.registry.putManifests([entryOf(9, more)]);
    expect(attempt).toThrow(
      expect.objectContaining({ status: 400, body: { errors: [expect.objectContaining({ code })] } }),
    );
  });

  it('are read from JSON in their order', () => {
    const entry = { repository: 'a', mediaType: 'b', content: { z: 1, a: [{ y: 2, b: 3 }] } };
    expect(JSON.stringify(parseEntries(JSON.parse(JSON.stringify([entry]))))).toBe(JSON.stringify([entry]));
    expect(() => parseEntries([{ ...entry, content: 'text' }])).toThrow(/not an object/);
    expect(() => parseEntries([{ ...entry, digest: 'x' }])).toThrow(/digest/);
  });
});

describe('long lists', () => {
  it('are pages of a thousand manifests, each once, with the properties that a plan needs', async () => {
    const found = await pages<Listed>('/acr/v1/bulk/app/_manifests?n=1000', 'manifests');
    expect(found.map(({ length }) => length)).toEqual([1000, 1000, COUNT + 1 - 2000]);
    const listed = found.flat().map(({ digest }) => digest);
    expect(listed).toEqual(listed.toSorted());
    expect(new Set(listed).isSupersetOf(new Set(digests))).toBe(true);
    expect(found.flat().find(({ digest }) => digest === digests[5])).toMatchObject({
      mediaType: MANIFEST_TYPE,
      configMediaType: CONFIG_TYPE,
      tags: ['v00005'],
      lastUpdateTime: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it('page manifests by time, newest first', async () => {
    const found = await pages<Listed>('/acr/v1/bulk/app/_manifests?n=900&orderby=timedesc', 'manifests');
    expect(found.map(({ length }) => length)).toEqual([900, 900, COUNT + 1 - 1800]);
    const times = found.flat().map(({ lastUpdateTime }) => lastUpdateTime);
    expect(times).toEqual(times.toSorted().reverse());
  });

  it('page tags the same way in both APIs', async () => {
    const own = await pages<{ name: string }>('/acr/v1/bulk/app/_tags?n=1000', 'tags');
    const distribution = await pages<string>('/v2/bulk/app/tags/list?n=1000', 'tags');
    expect(own.map((page) => page.map(({ name }) => name))).toEqual(distribution);
    expect(distribution.flat()).toEqual(Array.from({ length: COUNT }, (_, number) => entryOf(number).tag));
  });

  it('show a change in the next request', async () => {
    const scope = 'repository:bulk/few:metadata_read,delete';
    const put = (number: number, tag: string): void => {
      cloud.registry.putManifests([entryOf(number, { repository: 'bulk/few', tag })]);
    };
    const list = async (): Promise<unknown> =>
      (jsonOf(await get('/acr/v1/bulk/few/_manifests?orderby=timeasc', scope)) as { manifests: unknown }).manifests;
    const [first, second] = [digests[1], digests[2]];
    put(1, 'b');
    expect(await list()).toMatchObject([{ digest: first, tags: ['b'] }]);
    put(2, 'a');
    expect(await list()).toMatchObject([{ digest: first }, { digest: second }]);
    put(1, 'c');
    expect(await list()).toMatchObject([{ digest: second }, { digest: first, tags: ['b', 'c'] }]);
    expect(jsonOf(await get('/v2/bulk/few/tags/list', scope))).toMatchObject({ tags: ['a', 'b', 'c'] });
    await cloud.ask({ method: 'DELETE', path: `/v2/bulk/few/manifests/${first}` }, scope);
    expect(await list()).toMatchObject([{ digest: second, tags: ['a'] }]);
    expect(jsonOf(await get('/v2/bulk/few/tags/list', scope))).toMatchObject({ tags: ['a'] });
  });

  it('continue after a deleted name', async () => {
    const scope = 'repository:bulk/gone:metadata_read';
    cloud.registry.putManifests(['a', 'c', 'e'].map((tag) => entryOf(1, { repository: 'bulk/gone', tag })));
    const after = async (last: string): Promise<unknown> =>
      (jsonOf(await get(`/v2/bulk/gone/tags/list?last=${last}`, scope)) as { tags: string[] }).tags;
    expect([await after('b'), await after('c'), await after('e'), await after('z')]).toEqual([
      ['c', 'e'],
      ['e'],
      [],
      [],
    ]);
  });
});
