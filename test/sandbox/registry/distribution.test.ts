import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomContent } from '../../seed.ts';
import { image, multiArchImage, sbom, SBOM_TYPE, signature, SIGNATURE_TYPE } from '../content/index.ts';
import type { Artifact } from '../content/index.ts';
import type { Answer } from '../content/connection.ts';
import { jsonOf, startRegistryCloud } from './cloud.fixture.ts';
import type { RegistryCloud } from './cloud.fixture.ts';

const randomBytes = randomContent('distribution');

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const PUSH = 'repository:team/app:pull,push';
const UPLOADS = '/v2/team/app/blobs/uploads/';
let cloud: RegistryCloud;
let app: Artifact;

const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const get = (path: string, scope: string, headers = {}): Promise<Answer> =>
  cloud.ask({ method: 'GET', path, headers }, scope);
const codes = (answer: Answer): string[] =>
  (jsonOf(answer) as { errors: { code: string }[] }).errors.map(({ code }) => code);
const putManifest = (reference: string, manifest: object, mediaType = MANIFEST_TYPE): Promise<Answer> =>
  cloud.ask(
    {
      method: 'PUT',
      path: `/v2/team/app/manifests/${reference}`,
      headers: { 'content-type': mediaType },
      body: Buffer.from(JSON.stringify({ schemaVersion: 2, ...manifest })),
    },
    PUSH,
  );

beforeAll(async () => {
  cloud = await startRegistryCloud();
  app = await image({ seed: 'app', layerBytes: [50_000] });
  await cloud.pusher.push('team/app', app, 'v1');
});

afterAll(async () => {
  await cloud.close();
});

describe('pushing a blob', () => {
  it('accepts chunks, each at the Location of the previous response', async () => {
    const bytes = randomBytes(3000);
    const started = await cloud.ask({ method: 'POST', path: UPLOADS }, PUSH);
    expect(started).toMatchObject({ status: 202, headers: { range: '0-0', 'content-length': '0' } });
    expect(started.headers.location).toMatch(/^\/v2\/team\/app\/blobs\/uploads\/[^?]+\?_nouploadcache=false&_state=/);
    let path = started.headers.location!;
    for (const [from, to] of [
      [0, 1000],
      [1000, 2500],
    ] as const) {
      const range = { 'content-range': `${from}-${to - 1}` };
      const ask = { method: 'PATCH', path, headers: range, body: bytes.subarray(from, to) };
      const answer = await cloud.ask(ask, PUSH);
      expect(answer).toMatchObject({ status: 202, headers: { range: `0-${to - 1}` } });
      path = answer.headers.location!;
    }
    const digest = sha256(bytes);
    const last = { method: 'PUT', path: `${path}&digest=${digest}`, body: bytes.subarray(2500) };
    const done = await cloud.ask(last, PUSH);
    expect(done).toMatchObject({ status: 201, headers: { 'docker-content-digest': digest } });
    expect(done.headers.location).toBe(`/v2/team/app/blobs/${digest}`);
    const stored = await cloud.registry.store.readBlob(digest).toArray();
    expect(sha256(Buffer.concat(stored as Buffer[]))).toBe(digest);
  });

  it('refuses a chunk out of order and a Location that is not the last', async () => {
    const { headers } = await cloud.ask({ method: 'POST', path: UPLOADS }, PUSH);
    const path = headers.location!;
    const gap = { method: 'PATCH', path, headers: { 'content-range': '5-9' }, body: randomBytes(5) };
    expect((await cloud.ask(gap, PUSH)).status).toBe(416);
    expect((await cloud.ask({ method: 'PATCH', path, body: randomBytes(5) }, PUSH)).status).toBe(202);
    const stale = await cloud.ask({ method: 'PATCH', path, body: randomBytes(5) }, PUSH);
    expect([stale.status, codes(stale)]).toEqual([400, ['BLOB_UPLOAD_INVALID']]);
    const status = await get(path, PUSH);
    expect(status).toMatchObject({ status: 204, headers: { range: '0-4' } });
    expect((await cloud.ask({ method: 'DELETE', path }, PUSH)).status).toBe(204);
    expect((await get(path, PUSH)).status).toBe(404);
  });

  it('keeps the bytes before a broken connection, and resumes there', async () => {
    const bytes = randomBytes(200_000);
    const digest = sha256(bytes);
    const started = await cloud.ask({ method: 'POST', path: UPLOADS }, PUSH);
    const broken = new Readable({ read: () => undefined });
    broken.push(bytes.subarray(0, 150_000));
    const headers = { 'content-length': String(bytes.length) };
    const patch = cloud.ask({ method: 'PATCH', path: started.headers.location!, headers, body: broken }, PUSH);
    const received = async (): Promise<Answer> => get(started.headers.location!, PUSH);
    while ((await received()).headers.range !== '0-149999') await setImmediate();
    broken.destroy(new Error('broken off'));
    await expect(patch).rejects.toThrow('broken off');

    const finish = async (): Promise<Answer> => {
      const path = `${(await received()).headers.location!}&digest=${digest}`;
      return cloud.ask({ method: 'PUT', path, body: bytes.subarray(150_000) }, PUSH);
    };
    let done = await finish();
    // The registry can still be busy with the broken request. Then it refuses this one, and stores nothing.
    while (done.status === 400 && codes(done)[0] === 'BLOB_UPLOAD_INVALID') done = await finish();
    expect(done).toMatchObject({ status: 201, headers: { 'docker-content-digest': digest } });
  });

  it('accepts it in one POST, and refuses content of another digest', async () => {
    const bytes = randomBytes(500);
    const path = `${UPLOADS}?digest=${sha256(bytes)}`;
    const wrong = await cloud.ask({ method: 'POST', path, body: randomBytes(500) }, PUSH);
    expect([wrong.status, codes(wrong)]).toEqual([400, ['DIGEST_INVALID']]);
    expect(cloud.registry.store.hasBlob(sha256(bytes))).toBe(false);
    expect((await cloud.ask({ method: 'POST', path, body: bytes }, PUSH)).status).toBe(201);
    expect(cloud.registry.store.hasBlob(sha256(bytes))).toBe(true);
  });

  it('mounts a blob of another repository, if the token may pull there', async () => {
    const [layer] = app.blobs.slice(1);
    const path = `/v2/team/mounted/blobs/uploads/?mount=${layer!.digest}&from=team/app`;
    const here = 'repository:team/mounted:pull,push';
    const head = { method: 'HEAD', path: `/v2/team/mounted/blobs/${layer!.digest}` };
    expect((await cloud.ask({ method: 'POST', path }, here)).status).toBe(202);
    expect((await cloud.ask(head, here)).status).toBe(404);
    expect((await cloud.ask({ method: 'POST', path }, `${here} repository:team/app:pull`)).status).toBe(201);
    const found = await cloud.ask(head, here);
    expect(found).toMatchObject({ status: 200, headers: { 'content-length': String(layer!.size) } });
  });
});

describe('pulling a blob', () => {
  it('uses a signed redirect that needs no token and supports ranges', async () => {
    const layer = app.blobs[1]!;
    const whole = Buffer.concat((await layer.open().toArray()) as Buffer[]);
    const redirect = await get(`/v2/team/app/blobs/${layer.digest}`, PUSH);
    expect(redirect).toMatchObject({ status: 307, headers: { 'docker-content-digest': layer.digest } });
    const path = redirect.headers.location!;
    expect(sha256((await cloud.ask({ method: 'GET', path })).body)).toBe(layer.digest);
    const ranges = { 'bytes=10-19': [10, 20], 'bytes=49000-': [49_000, whole.length], 'bytes=-7': [-7, whole.length] };
    for (const [range, [from, to]] of Object.entries(ranges)) {
      const part = await cloud.ask({ method: 'GET', path, headers: { range } });
      expect([part.status, sha256(part.body)]).toEqual([206, sha256(whole.subarray(from, to))]);
    }
    const outside = await cloud.ask({ method: 'GET', path, headers: { range: `bytes=${whole.length}-` } });
    expect([outside.status, outside.headers['content-range']]).toEqual([416, `bytes */${whole.length}`]);
  });

  it('refuses a signature made for another blob', async () => {
    const [config, layer] = app.blobs;
    const { headers } = await get(`/v2/team/app/blobs/${config!.digest}`, PUSH);
    const path = headers.location!.replace(config!.digest.slice(7), layer!.digest.slice(7));
    expect((await cloud.ask({ method: 'GET', path })).status).toBe(403);
  });
});

describe('a manifest', () => {
  it('comes back byte for byte, by tag and by digest, if its type is accepted', async () => {
    const bytes = Buffer.concat((await app.manifest.open().toArray()) as Buffer[]);
    for (const reference of ['v1', app.manifest.digest]) {
      const answer = await get(`/v2/team/app/manifests/${reference}`, PUSH, { accept: MANIFEST_TYPE });
      expect(answer.body.equals(bytes)).toBe(true);
      expect(answer.headers).toMatchObject({
        'content-type': MANIFEST_TYPE,
        'docker-content-digest': app.manifest.digest,
        etag: `"${app.manifest.digest}"`,
      });
    }
    expect((await get('/v2/team/app/manifests/v1', PUSH, { accept: INDEX_TYPE })).status).toBe(404);
  });

  it('is refused without its blobs or its children', async () => {
    const absent = { mediaType: 'application/octet-stream', digest: sha256(Buffer.from('absent')), size: 6 };
    const present = { mediaType: 'application/octet-stream', digest: app.blobs[0]!.digest, size: app.blobs[0]!.size };
    const noLayer = await putManifest('v9', { config: present, layers: [absent] });
    expect([noLayer.status, codes(noLayer)]).toEqual([400, ['MANIFEST_BLOB_UNKNOWN']]);
    const noChild = await putManifest('v9', { manifests: [absent] }, INDEX_TYPE);
    expect([noChild.status, codes(noChild)]).toEqual([400, ['MANIFEST_BLOB_UNKNOWN']]);
    const foreign = { ...absent, urls: ['https://elsewhere.example/layer'] };
    expect((await putManifest('foreign', { config: present, layers: [foreign] })).status).toBe(201);
  });

  it('is refused under a digest that is not its own, or when it is no manifest', async () => {
    const config = { mediaType: 'application/octet-stream', digest: app.blobs[0]!.digest, size: 1 };
    expect(codes(await putManifest(app.manifest.digest, { config, layers: [] }))).toEqual(['DIGEST_INVALID']);
    expect(codes(await putManifest('v9', { layers: [] }))).toEqual(['MANIFEST_INVALID']);
    expect(codes(await putManifest('v9', { config, layers: [] }, 'text/plain'))).toEqual(['MANIFEST_INVALID']);
    expect(codes(await putManifest('v9', { mediaType: INDEX_TYPE, config, layers: [] }))).toEqual(['MANIFEST_INVALID']);
  });

  it('is deleted by digest, with its tags, and by digest only', async () => {
    const [path, scope] = ['/v2/team/gone/manifests', 'repository:team/gone:delete,metadata_read'];
    const { digest } = await cloud.pusher.push('team/gone', app, 'v1');
    await cloud.pusher.push('team/gone', await image({ seed: 'stays' }), 'v2');
    expect((await cloud.ask({ method: 'DELETE', path: `${path}/v1` }, scope)).status).toBe(405);
    expect((await cloud.ask({ method: 'DELETE', path: `${path}/${digest}` }, scope)).status).toBe(202);
    expect(jsonOf(await get('/v2/team/gone/tags/list', scope))).toEqual({ name: 'team/gone', tags: ['v2'] });
  });
});

describe('lists', () => {
  it('page tags by a relative Link until there is none', async () => {
    const tags = Array.from({ length: 7 }, (_, index) => `t${index}`);
    await Promise.all(tags.map((tag) => cloud.pusher.push('team/tags', app, tag)));
    const found: string[][] = [];
    let path: string | undefined = '/v2/team%2Ftags/tags/list?n=3';
    while (path !== undefined) {
      const answer: Answer = await get(path, 'repository:team/tags:metadata_read');
      found.push((jsonOf(answer) as { tags: string[] }).tags);
      path = /^<(?<path>\/[^>]+)>; rel="next"$/.exec(String(answer.headers.link ?? ''))?.groups?.['path'];
    }
    expect(found).toEqual([tags.slice(0, 3), tags.slice(3, 6), tags.slice(6)]);
  });

  it('name the referrers of a manifest, of one type if asked', async () => {
    const subject = await multiArchImage({ seed: 'subject' });
    await cloud.pusher.push('team/app', subject, 'signed');
    const signed = signature(subject, 'team/app');
    const described = sbom(subject, 'app');
    await Promise.all([signed, described].map((each) => cloud.pusher.push('team/app', each)));
    const path = `/v2/team/app/referrers/${subject.manifest.digest}`;
    const all = await get(path, PUSH);
    expect(all.headers['content-type']).toBe(INDEX_TYPE);
    const listed = (answer: Answer): unknown => (jsonOf(answer) as { manifests: unknown[] }).manifests;
    expect(listed(all)).toHaveLength(2);
    const filtered = await get(`${path}?artifactType=${encodeURIComponent(SBOM_TYPE)}`, PUSH);
    expect(filtered.headers['oci-filters-applied']).toBe('artifactType');
    const { digest, size } = described.manifest;
    expect(listed(filtered)).toEqual([{ mediaType: MANIFEST_TYPE, digest, size, artifactType: SBOM_TYPE }]);
    expect(listed(all)).toContainEqual(expect.objectContaining({ artifactType: SIGNATURE_TYPE }));
    const none = await get(`/v2/team/app/referrers/${described.manifest.digest}`, PUSH);
    expect([none.status, listed(none)]).toEqual([200, []]);
  });

  it('answer the push of a referrer with its subject', async () => {
    const config = { mediaType: 'application/octet-stream', digest: app.blobs[0]!.digest, size: 1 };
    const subject = { mediaType: MANIFEST_TYPE, digest: sha256(Buffer.from('not there')), size: 9 };
    const answer = await putManifest('referrer', { config, layers: [], subject });
    expect([answer.status, answer.headers['oci-subject']]).toEqual([201, subject.digest]);
  });
});

describe("ACR's own API", () => {
  const scope = 'repository:team/own:metadata_read,delete';

  it('lists the tags of one digest, deletes a tag and then the repository', async () => {
    const { digest } = await cloud.pusher.push('team/own', app, 'v1');
    await cloud.pusher.push('team/own', await image({ seed: 'own' }), 'v2');
    const ofDigest = await get(`/acr/v1/team/own/_tags?digest=${digest}`, scope);
    expect(jsonOf(ofDigest)).toMatchObject({ imageName: 'team/own', tags: [{ name: 'v1', digest }] });
    await cloud.pusher.push('team/own', app, 'moved');
    await cloud.pusher.push('team/own', await image({ seed: 'own' }), 'moved');
    const tagged = jsonOf(await get(`/acr/v1/team/own/_manifests/${digest}`, scope));
    expect(tagged).toMatchObject({ manifest: { tags: ['v1'] } });
    expect((await cloud.ask({ method: 'DELETE', path: '/acr/v1/team/own/_tags/v1' }, scope)).status).toBe(202);
    const untagged = jsonOf(await get(`/acr/v1/team/own/_manifests/${digest}`, scope));
    expect((untagged as { manifest: object }).manifest).not.toHaveProperty('tags');
    const deleted = await cloud.ask({ method: 'DELETE', path: '/acr/v1/team%2Fown' }, scope);
    expect(jsonOf(deleted)).toMatchObject({ tagsDeleted: ['v2', 'moved'] });
    expect((await get('/acr/v1/team/own', scope)).status).toBe(404);
  });
});

describe('the store behind the API', () => {
  it('verifies writes that bypass it', async () => {
    const { store } = cloud.registry;
    const [config, layer] = app.blobs;
    await expect(store.writeBlob('team/direct', layer!.digest, config!.open())).rejects.toThrow(layer!.digest);
    const bytes = Buffer.concat((await app.manifest.open().toArray()) as Buffer[]);
    const manifest = { digest: app.manifest.digest, mediaType: MANIFEST_TYPE, bytes };
    expect(() => {
      store.putManifest('team/direct', { ...manifest, digest: sha256(bytes.subarray(1)) }, 'v1');
    }).toThrow();
    store.putManifest('team/direct', manifest, 'v1');
    expect(store.digestOf('team/direct', 'v1')).toBe(app.manifest.digest);
    const blob = await get(`/v2/team/direct/blobs/${layer!.digest}`, 'repository:team/direct:pull');
    expect(blob.status).toBe(307);
  });
});
