import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClients } from '../../../src/azure/storage/clients.ts';
import { readRange } from '../../../src/azure/storage/read-range.ts';
import type { BlobFacts } from '../../../src/transfer/model/blob.ts';
import type { BlobContainer, BlobProperties } from '../../../src/transfer/ports/blob-container.ts';
import {
  allow,
  asRunner,
  blockIdOf,
  containerOf,
  faulty,
  md5Of,
  NEVER,
  startAdapterClouds,
} from './adapter.fixture.ts';
import type { AdapterClouds } from './adapter.fixture.ts';
import { byKey } from './clients.fixture.ts';
import type { StorageCloud } from './clouds.fixture.ts';

const BLOCK = 256 * 1024;
const content = Buffer.alloc(4 * BLOCK, 'bytes of a transfer blob, ');
const part = (index: number): Buffer => content.subarray(index * BLOCK, (index + 1) * BLOCK);
const properties: BlobProperties = {
  md5: md5Of(content),
  contentType: 'application/x-tar',
  metadata: { category: 'acr-transfer-blob', made: 'here' },
  tier: null,
};
const LATER = { retryAfterSeconds: null, throttled: false };

let clouds: AdapterClouds;
let cloud: StorageCloud;
let container: BlobContainer;

const stage = (blob: string, index: number, signal = NEVER): Promise<void> =>
  container.stage(
    blob,
    { id: blockIdOf(index), offset: index * BLOCK, bytes: part(index), md5: md5Of(part(index)) },
    signal,
  );

async function stageAll(blob: string): Promise<readonly string[]> {
  await Promise.all([0, 1, 2, 3].map((index) => stage(blob, index)));
  return [0, 1, 2, 3].map(blockIdOf);
}

async function write(blob: string, more: Partial<BlobProperties> = {}): Promise<BlobFacts> {
  const ids = await stageAll(blob);
  const before = await container.find(blob);
  expect(await container.commit(blob, ids, { ...properties, ...more }, before?.etag ?? null, NEVER)).not.toBeNull();
  return (await container.find(blob))!;
}

const read = (blob: string, offset: number, into: Buffer, etag: string, signal = NEVER): Promise<string | null> =>
  container.read(blob, { offset, etag }, into, signal);

beforeAll(async () => {
  clouds = await startAdapterClouds();
  cloud = clouds.target;
  container = containerOf('target', cloud);
});
afterAll(() => clouds.close());
beforeEach(() => {
  allow(clouds);
});

describe('blocks', () => {
  it('arrive and are found again, until they are committed', async () => {
    expect(await container.arrived('again.tar')).toEqual([]);
    await stage('again.tar', 2);
    await stage('again.tar', 0);
    const arrived = await container.arrived('again.tar');
    expect(new Set(arrived)).toEqual(new Set([0, 2].map((index) => ({ id: blockIdOf(index), size: BLOCK }))));
    await write('again.tar');
    expect(await container.arrived('again.tar')).toEqual([]);
  });

  it('that are damaged during the upload are refused, and can be sent again', async () => {
    faulty(cloud, { kind: 'flip', within: { body: 'request', after: 1000 } }, { method: 'PUT', times: 1 });
    await expect(stage('flipped.tar', 0)).rejects.toMatchObject({
      facts: { id: 'ACRT5005', message: expect.stringContaining('Md5Mismatch') },
      temporary: LATER,
    });
    await stage('flipped.tar', 0);
    expect(await container.arrived('flipped.tar')).toHaveLength(1);
  });

  it('are sent once: temporary errors are reported', async () => {
    faulty(cloud, { kind: 'answer', status: 503, headers: { 'retry-after': '3' } }, { method: 'PUT', times: 1 });
    const busy = { facts: { id: 'ACRT5005' }, temporary: { retryAfterSeconds: 3, throttled: true } };
    await expect(stage('busy.tar', 0)).rejects.toMatchObject(busy);
    faulty(cloud, { kind: 'cut' }, { method: 'PUT', times: 1 });
    await expect(stage('busy.tar', 0)).rejects.toMatchObject({ facts: { id: 'ACRT2005' }, temporary: LATER });
    faulty(cloud, { kind: 'answer', status: 500 }, { method: 'PUT', times: 1 });
    const commit = container.commit('busy.tar', [], properties, null, NEVER);
    await expect(commit).rejects.toMatchObject({ facts: { id: 'ACRT5005' }, temporary: LATER });
  });

  it('are refused without a role', async () => {
    cloud.roles = [];
    await expect(stage('b.tar', 0)).rejects.toMatchObject({ facts: { id: 'ACRT5004' }, temporary: null });
    await expect(container.arrived('b.tar')).rejects.toMatchObject({ facts: { id: 'ACRT5004' } });
    await expect(container.find('b.tar')).rejects.toMatchObject({ facts: { id: 'ACRT5004' } });
  });

  it('end with the caller', async () => {
    const caller = new AbortController();
    faulty(cloud, { kind: 'stall', within: { body: 'request', after: 0 } }, { method: 'PUT', times: 1 });
    const staging = stage('ended.tar', 0, caller.signal);
    setTimeout(() => {
      caller.abort();
    }, 100);
    await expect(staging).rejects.toMatchObject({ name: 'AbortError' });
    await expect(stage('ended.tar', 0, caller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a commit', () => {
  it('of two runners at the same time is one, whole', async () => {
    const ids = await stageAll('both.tar');
    const commit = async (): Promise<boolean> =>
      (await container.commit('both.tar', ids, properties, null, NEVER)) !== null;
    expect((await Promise.all([commit(), commit()])).toSorted()).toEqual([false, true]);
    expect(await container.find('both.tar')).toMatchObject({ md5: properties.md5, size: content.length });
  });

  it('without its blocks belongs to another writer', async () => {
    expect(await container.commit('none.tar', [blockIdOf(7)], properties, null, NEVER)).toBeNull();
    expect(await container.find('none.tar')).toBeNull();
  });

  it('of nothing is an empty blob', async () => {
    const empty = { ...properties, md5: md5Of(Buffer.alloc(0)) };
    expect(await container.commit('empty.tar', [], empty, null, NEVER)).not.toBeNull();
    expect(await container.find('empty.tar')).toMatchObject({ size: 0, md5: empty.md5 });
  });

  it('has no tier by default', async () => {
    expect((await write('tier.tar')).tier).toBeNull();
    expect((await write('tier.tar', { tier: 'Cool' })).tier).toBe('Cool');
  });
});

describe('a range', () => {
  it('of more than 4 MiB is returned without an MD5', async () => {
    const size = 4 * 1024 * 1024 + 1;
    await byKey(cloud).getBlockBlobClient('large.tar').upload(Buffer.alloc(size, 7), size);
    const { etag } = (await container.find('large.tar'))!;
    const asked: unknown[] = [];
    cloud.intercept = ({ headers }) => {
      asked.push(headers['x-ms-range-get-content-md5'] === 'true');
      return Promise.resolve(false);
    };
    const into = Buffer.alloc(size);
    await read('large.tar', 0, into, etag);
    await read('large.tar', 1, into.subarray(1), etag);
    expect(into.every((byte) => byte === 7)).toBe(true);
    expect(asked).toEqual([false, true]);
  });

  it('that is damaged during the transfer is detected by its MD5', async () => {
    const { etag } = await write('down.tar');
    faulty(cloud, { kind: 'flip', within: { body: 'answer', after: 10 } }, { method: 'GET', times: 1 });
    const into = Buffer.alloc(BLOCK);
    expect(await read('down.tar', 0, into, etag)).not.toBe(md5Of(into));
    expect(await read('down.tar', 0, into, etag)).toBe(md5Of(into));
  });

  it('that is interrupted can be read again', async () => {
    const { etag } = await write('cut.tar');
    const into = Buffer.alloc(content.length);
    for (const after of [0, 100_000]) {
      faulty(cloud, { kind: 'cut', within: { body: 'answer', after } }, { method: 'GET', times: 1 });
      await expect(read('cut.tar', 0, into, etag)).rejects.toMatchObject({
        facts: { id: 'ACRT2005' },
        temporary: LATER,
      });
    }
    faulty(cloud, { kind: 'cut' }, { method: 'GET', times: 1 });
    await expect(read('cut.tar', 0, into, etag)).rejects.toMatchObject({ facts: { id: 'ACRT2005' }, temporary: LATER });
    await read('cut.tar', 0, into, etag);
    expect(into.equals(content)).toBe(true);
  });

  it('that exceeds the end is too short', async () => {
    const { etag } = await write('short.tar');
    const reading = read('short.tar', content.length - 10, Buffer.alloc(20), etag);
    await expect(reading).rejects.toMatchObject({ facts: { id: 'ACRT2005' }, temporary: LATER });
  });

  it('without any byte is aborted after a timeout, and with its caller', async () => {
    const { etag } = await write('stalled.tar');
    const { singleAttempt } = createClients(`${cloud.storage.endpoint}/transfer`, asRunner(cloud));
    const stalled = { kind: 'stall', within: { body: 'answer', after: 1000 } } as const;
    faulty(cloud, stalled, { method: 'GET', times: 2 });
    const into = Buffer.alloc(BLOCK);
    const reading = readRange(singleAttempt, 'stalled.tar', { offset: 0, etag }, into, NEVER, 0.2);
    await expect(reading).rejects.toMatchObject({
      facts: { id: 'ACRT2005', message: expect.stringContaining('no progress for') },
      temporary: LATER,
    });
    const caller = new AbortController();
    const ended = read('stalled.tar', 0, into, etag, caller.signal);
    setTimeout(() => {
      caller.abort();
    }, 200);
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('names', () => {
  it.each([
    'a name with spaces.tar',
    '100%.tar',
    '%41%2Fb.tar',
    'ünïcödé 码头 🚢.tar',
    'a/b/c.tar',
    'what?.tar',
    'number#1.tar',
    "plus+and&=;'()!*~@,$.tar",
    'a:b.tar',
  ])('%s is one blob all the way', async (name) => {
    const { etag } = await write(name);
    expect(await container.list(name)).toEqual([name]);
    const into = Buffer.alloc(BLOCK);
    expect(await read(name, BLOCK, into, etag)).toBe(md5Of(part(1)));
    expect(await container.describe(name, { category: 'y' }, etag)).not.toBeNull();
  });
});

describe('a document', () => {
  it('that is interrupted is read again, and is never an abort', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(300_000) });
    await container.writeText('long.json', body);
    faulty(cloud, { kind: 'cut', within: { body: 'answer', after: 100_000 } }, { method: 'GET', times: 1 });
    await expect(container.readText('long.json')).rejects.toMatchObject({
      facts: { id: 'ACRT2005', message: expect.stringContaining('lost during the download of a document') },
    });
    expect(await container.readText('long.json')).toBe(body);
  });
});
