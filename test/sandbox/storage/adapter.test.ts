import { createHash } from 'node:crypto';
import * as tls from 'node:tls';
import { ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectContainer } from '../../../src/azure/storage/container.ts';
import type { BlobContainer } from '../../../src/transfer/ports/blob-container.ts';
import { createFaultBoard } from '../faults.ts';
import { startStorageClouds, trusting } from './clouds.fixture.ts';
import type { StorageCloud, StorageClouds } from './clouds.fixture.ts';

const md5Of = (data: Buffer): string => createHash('md5').update(data).digest('base64');

const savedCertificates = tls.getCACertificates('default');
let clouds: StorageClouds;
let cloud: StorageCloud;
let container: BlobContainer;
let now = Date.now();
const masked: string[] = [];

const credential = {
  getToken: async () => ({
    token: await cloud.tokens.mintFor('someone', 'https://storage.azure.com'),
    expiresOnTimestamp: Date.now() + 3_600_000,
  }),
};

beforeAll(async () => {
  clouds = await startStorageClouds();
  cloud = clouds.source;
  tls.setDefaultCACertificates([...savedCertificates, cloud.ca]);
  cloud.roles = [{ principalId: 'someone', role: 'Storage Blob Data Contributor' }];
  const uri = `${cloud.storage.endpoint}/transfer`;
  await new ContainerClient(uri, credential, trusting(cloud.ca)).create();
  const access = { kind: 'token', credential, audience: 'https://storage.azure.com' } as const;
  const context = { clock: { now: () => now }, mask: (secret: string) => masked.push(secret) };
  container = connectContainer(uri, 'source', access, context);
});

afterAll(async () => {
  tls.setDefaultCACertificates(savedCertificates);
  await clouds.close();
});

beforeEach(() => {
  cloud.roles = [{ principalId: 'someone', role: 'Storage Blob Data Contributor' }];
  cloud.intercept = () => Promise.resolve(false);
});

describe('texts in a container', () => {
  it('are written once when they must not be there yet', async () => {
    expect(await container.replaceText('a/history.json', '{"a":"ü"}', null)).toBe(true);
    expect(await container.replaceText('a/history.json', '{}', null)).toBe(false);
    expect(await container.readText('a/history.json')).toBe('{"a":"ü"}');
    expect(await container.find('a/history.json')).toMatchObject({
      contentType: 'application/json',
      modifiedAt: expect.any(Number),
    });
  });

  it('are replaced by the first of two who have read the same version', async () => {
    await container.writeText('b.json', '1');
    const [one, other] = [await container.readVersion('b.json'), await container.readVersion('b.json')];
    expect(one).toEqual({ text: '1', etag: expect.stringMatching(/./) });
    const written = await Promise.all([
      container.replaceText('b.json', '2', one!.etag),
      container.replaceText('b.json', '3', other!.etag),
    ]);
    expect(written.toSorted()).toEqual([false, true]);
    expect(await container.readText('b.json')).toBe(written[0] ? '2' : '3');
  });

  it('are not replaced after they were deleted', async () => {
    expect(await container.replaceText('gone.json', '{}', '"0x8D0000000000000"')).toBe(false);
    expect(await container.find('gone.json')).toBeNull();
  });

  it('are null if they are missing, and can be empty', async () => {
    expect([await container.readVersion('none.json'), await container.readText('none.json')]).toEqual([null, null]);
    await container.writeText('empty.json', '');
    expect(await container.readText('empty.json')).toBe('');
  });

  it('are listed by the end of their names, in order', async () => {
    for (const name of ['z.receipt.json', 'l/b.receipt.json', 'l/a.receipt.json', 'l/a.receipt.json.tar']) {
      await container.writeText(name, '{}');
    }
    expect(await container.list('.receipt.json')).toEqual(['l/a.receipt.json', 'l/b.receipt.json', 'z.receipt.json']);
    expect(await container.list('.nothing')).toEqual([]);
  });

  it('are refused without a role', async () => {
    cloud.roles = [];
    const works = [
      () => container.readVersion('b.json'),
      () => container.replaceText('b.json', '{}', null),
      () => container.list('.json'),
    ];
    for (const work of works) await expect(work()).rejects.toMatchObject({ facts: { id: 'ACRT5004' } });
  });
});

describe('blocks of a blob', () => {
  const idOf = (index: number): string => Buffer.alloc(45, index + 1).toString('base64');
  const bytes = [Buffer.alloc(70_000, 'a'), Buffer.alloc(30, 'b')];
  const properties = { md5: null, contentType: 'application/x-tar', metadata: { a: 'b' }, tier: 'Cool' };
  const signal = new AbortController().signal;

  const stage = (blob: string, index: number, md5 = md5Of(bytes[index]!)): Promise<void> =>
    container.stage(blob, { id: idOf(index), offset: index * 70_000, bytes: bytes[index]!, md5 }, signal);

  it('stay staged until the commit, and then appear as a whole blob', async () => {
    await Promise.all([stage('c d/100%.tar', 0), stage('c d/100%.tar', 1)]);
    expect(await container.find('c d/100%.tar')).toBeNull();
    expect([...(await container.arrived('c d/100%.tar'))].sort((a, b) => b.size - a.size)).toEqual([
      { id: idOf(0), size: 70_000 },
      { id: idOf(1), size: 30 },
    ]);
    const md5 = md5Of(Buffer.concat(bytes));
    expect(
      await container.commit('c d/100%.tar', [idOf(0), idOf(1)], { ...properties, md5 }, null, signal),
    ).not.toBeNull();
    expect(await container.find('c d/100%.tar')).toMatchObject({
      size: 70_030,
      md5,
      contentType: 'application/x-tar',
      metadata: { a: 'b' },
      tier: 'Cool',
    });
  });

  it('are empty without staged blocks', async () => {
    expect(await container.arrived('never.tar')).toEqual([]);
  });

  it('replace only the version that was seen', async () => {
    await stage('e.tar', 0);
    expect(await container.commit('e.tar', [idOf(0)], properties, null, signal)).not.toBeNull();
    const { etag } = (await container.find('e.tar'))!;
    await stage('e.tar', 1);
    expect(await container.commit('e.tar', [idOf(1)], properties, null, signal)).toBeNull();
    expect(await container.commit('e.tar', [idOf(1)], properties, '"0x0"', signal)).toBeNull();
    expect(await container.commit('e.tar', [idOf(1)], properties, etag, signal)).not.toBeNull();
    expect(await container.commit('e.tar', [idOf(0)], properties, etag, signal)).toBeNull();
    expect(await container.describe('e.tar', { c: 'd' }, etag)).toBeNull();
    expect(await container.describe('e.tar', { c: 'd' }, (await container.find('e.tar'))!.etag)).not.toBeNull();
    expect((await container.find('e.tar'))?.metadata).toEqual({ c: 'd' });
  });

  it('are checked when they arrive, and IDs of another length have their own error', async () => {
    const damaged = stage('f.tar', 0, md5Of(Buffer.from('other')));
    await expect(damaged).rejects.toMatchObject({ facts: { id: 'ACRT5005' }, temporary: { throttled: false } });
    await stage('f.tar', 0);
    const foreign = { id: Buffer.alloc(6, 'x').toString('base64'), offset: 0, bytes: bytes[0]!, md5: md5Of(bytes[0]!) };
    await expect(container.stage('f.tar', foreign, signal)).rejects.toMatchObject({ facts: { id: 'ACRT5013' } });
  });

  it('are read from the requested version, with the MD5 from the service', async () => {
    await stage('g.tar', 0);
    await container.commit('g.tar', [idOf(0)], properties, null, signal);
    const { etag } = (await container.find('g.tar'))!;
    const into = Buffer.alloc(1000);
    expect(await container.read('g.tar', { offset: 69_000, etag }, into, signal)).toBe(md5Of(into));
    expect(into.equals(Buffer.alloc(1000, 'a'))).toBe(true);
    const other = container.read('g.tar', { offset: 0, etag: '"0x0"' }, into, signal);
    await expect(other).rejects.toMatchObject({ facts: { id: 'ACRT5003' }, temporary: null });
  });

  it.each([
    { kind: 'answer', status: 429, headers: { 'retry-after': '7' } },
    { kind: 'answer', status: 500 },
    { kind: 'cut' },
    { kind: 'cut', within: { body: 'answer', after: 10 } },
  ] as const)('can be requested again after %o', async (fault) => {
    await stage('h.tar', 0);
    await container.commit('h.tar', [idOf(0)], properties, null, signal);
    const { etag } = (await container.find('h.tar')) ?? { etag: '' };
    const board = createFaultBoard();
    board.add({ service: 'storage', method: 'GET', path: 'h.tar', times: 1, fault });
    cloud.intercept = board.interceptor('storage');
    const into = Buffer.alloc(60_000);
    const temporary = 'headers' in fault ? { retryAfterSeconds: 7, throttled: true } : { throttled: false };
    await expect(container.read('h.tar', { offset: 0, etag }, into, signal)).rejects.toMatchObject({ temporary });
    expect(await container.read('h.tar', { offset: 0, etag }, into, signal)).toBe(md5Of(into));
  });
});

describe('a blob with a source authorization', () => {
  it('uses a masked SAS for one blob, with a key that is renewed after an hour', async () => {
    cloud.roles = [{ principalId: 'someone', role: 'Storage Blob Data Contributor' }];
    now = Date.now();
    const authorizations = await Promise.all([
      container.direct!.authorizeSource('g.tar'),
      container.direct!.authorizeSource('e.tar'),
    ]);
    const fields = authorizations.map(({ url }) => new URL(url).searchParams);
    expect(fields.map((sas) => [sas.get('sp'), sas.get('sr'), sas.get('spr')])).toEqual([
      ['r', 'b', 'https'],
      ['r', 'b', 'https'],
    ]);
    expect(fields[0]?.get('ske')).toBe(fields[1]?.get('ske'));
    const signature = fields[0]?.get('sig') ?? '';
    expect(signature.length).toBeGreaterThan(40);
    expect(masked.some((secret) => signature.startsWith(secret) && secret.length > 40)).toBe(true);
    now += 55 * 60_000;
    const later = new URL((await container.direct!.authorizeSource('g.tar')).url).searchParams;
    expect(Date.parse(later.get('se') ?? '')).toBeGreaterThan(now);
    now = Date.now();
  });

  it("uses the principal's token if no delegation key is available", async () => {
    cloud.settings = { ...cloud.settings, delegation: 'refused' };
    const access = { kind: 'token', credential, audience: 'https://storage.azure.com' } as const;
    const other = connectContainer(container.uri, 'source', access, {
      clock: { now: Date.now },
      mask: () => undefined,
    });
    const { url, authorization } = await other.direct!.authorizeSource('g.tar');
    expect(authorization).toMatch(/^Bearer \S+$/);
    expect(new URL(url).search).toBe('');
  });

  it('uses the given SAS', async () => {
    const access = { kind: 'sas', sas: 'sv=1&se=2026-01-01T00%3A00%3A00Z&sig=abc' } as const;
    const given = connectContainer(container.uri, 'source', access, {
      clock: { now: Date.now },
      mask: () => undefined,
    });
    expect(given.accessEndsAt).toBe(Date.UTC(2026, 0, 1));
    expect(await given.direct!.authorizeSource('a b.tar')).toEqual({
      url: `${container.uri}/a%20b.tar?${access.sas}`,
      authorization: null,
    });
  });
});
