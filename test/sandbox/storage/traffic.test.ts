import { setTimeout as pause } from 'node:timers/promises';
import { Readable } from 'node:stream';
import type { ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createFaultBoard } from '../faults.ts';
import { byKey, md5, refusal } from './clients.fixture.ts';
import { startStorageClouds } from './clouds.fixture.ts';
import type { StorageCloud, StorageClouds } from './clouds.fixture.ts';
import { blobOf, createTrafficMeter } from './traffic.ts';

const content = Buffer.alloc(1024 * 1024, 'bytes that are counted, ');
const id = Buffer.from('block').toString('base64');

let clouds: StorageClouds;
let cloud: StorageCloud;
let container: ContainerClient;

beforeAll(async () => {
  clouds = await startStorageClouds();
  cloud = clouds.source;
  container = byKey(cloud);
  await container.create();
});
afterAll(() => clouds.close());
beforeEach(() => {
  cloud.storage.resetTraffic();
});

const trafficOf = (blob: string): unknown => cloud.storage.traffic()[`transfer/${blob}`];

describe('the bytes of a blob', () => {
  it('are counted in both directions, and nothing else is', async () => {
    const blob = container.getBlockBlobClient('a b/ü%.tar');
    await blob.stageBlock(id, content, content.length);
    await blob.commitBlockList([id]);
    await blob.download(10, 100).then(({ readableStreamBody }) => readableStreamBody?.resume());
    await blob.getProperties();
    await blob.getBlockList('all');
    for await (const { name } of container.listBlobsFlat()) expect(name).toBe('a b/ü%.tar');
    await container.getBlockBlobClient('small').upload('12345', 5);
    expect(cloud.storage.traffic()).toEqual({
      'transfer/a b/ü%.tar': { downloaded: 100, uploaded: content.length, pulled: 0 },
      'transfer/small': { downloaded: 0, uploaded: 5, pulled: 0 },
    });
    cloud.storage.resetTraffic();
    expect(cloud.storage.traffic()).toEqual({});
  });

  it('are counted also if they are refused, and errors are not', async () => {
    const wrong = container.getBlockBlobClient('refused').stageBlock(id, content, content.length, {
      transactionalContentMD5: md5(Buffer.from('other')),
    });
    expect(await refusal(wrong)).toMatchObject({ code: 'Md5Mismatch' });
    expect(trafficOf('refused')).toEqual({ downloaded: 0, uploaded: content.length, pulled: 0 });
    expect(await refusal(container.getBlobClient('nothing').download())).toMatchObject({ statusCode: 404 });
    expect(trafficOf('nothing')).toBeUndefined();
  });

  it('are corrupted during the upload if the fault says so', async () => {
    const board = createFaultBoard();
    const within = { body: 'request', after: content.length - 1 } as const;
    board.add({
      service: 'storage',
      method: 'PUT',
      path: 'comp=block&',
      skip: 1,
      times: 1,
      fault: { kind: 'flip', within },
    });
    cloud.intercept = board.interceptor('storage');
    const blob = container.getBlockBlobClient('spoilt');
    const stage = (): Promise<unknown> =>
      refusal(blob.stageBlock(id, content, content.length, { transactionalContentMD5: md5(content) }));
    expect(await stage()).toBe('nothing refused');
    expect(await stage()).toMatchObject({ statusCode: 400, code: 'Md5Mismatch' });
    expect(await stage()).toBe('nothing refused');
  });

  it('are corrupted during the download, without a change of their MD5', async () => {
    const blob = container.getBlockBlobClient('down');
    await blob.upload(content, content.length);
    const board = createFaultBoard();
    board.add({
      service: 'storage',
      method: 'GET',
      times: 1,
      fault: { kind: 'flip', within: { body: 'answer', after: 5 } },
    });
    cloud.intercept = board.interceptor('storage');
    const { contentMD5, readableStreamBody } = await blob.download(0, 1000, { rangeGetContentMD5: true });
    const bytes = Buffer.concat((await (readableStreamBody as Readable).toArray()) as Buffer[]);
    expect(Buffer.from(contentMD5!)).toEqual(md5(content.subarray(0, 1000)));
    const spoilt = Buffer.from(content.subarray(0, 1000));
    spoilt[5] = spoilt[5]! ^ 1;
    expect(bytes).toEqual(spoilt);
  });
});

describe('the meter', () => {
  it('identifies blobs by container and name', () => {
    const urls = [
      'https://h/account/c/a%20b/c%25',
      'https://h/account/c?comp=list',
      'https://h/account/?comp=x',
      'https://h/',
    ];
    expect(urls.map((url) => blobOf(new URL(url)))).toEqual(['c/a b/c%', null, null, null]);
  });

  it('counts bytes while they are read', async () => {
    const meter = createTrafficMeter();
    const body = new Readable({ read: () => undefined });
    meter.watch(body, 'pulled', new URL('https://h/account/c/b'));
    body.push('123');
    await pause(0);
    expect(meter.all()).toEqual({ 'c/b': { downloaded: 0, uploaded: 0, pulled: 3 } });
    body.push('4');
    await pause(0);
    expect(meter.all()).toMatchObject({ 'c/b': { pulled: 4 } });
  });
});
