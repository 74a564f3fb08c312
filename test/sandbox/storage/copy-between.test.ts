import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { BlockBlobClient, BlockBlobStageBlockFromURLOptions, RestError } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { FaultRule } from '../fault-rule.ts';
import { createFaultBoard } from '../faults.ts';
import { send } from '../request.ts';
import { defaultSettings } from '../settings.ts';
import { byKey, delegatedUrl, md5, refusal, serviceAs, tokenOf } from './clients.fixture.ts';
import { startStorageClouds } from './clouds.fixture.ts';
import type { StorageCloud, StorageClouds } from './clouds.fixture.ts';

const CONTRIBUTOR = 'Storage Blob Data Contributor';
const BLOCK = 256 * 1024;
const content = Buffer.alloc(16 * BLOCK, 'all that a copy moves, ');
const idOf = (block: number): string => Buffer.from(String(block).padStart(8, '0')).toString('base64');

let clouds: StorageClouds;
let etag: string;

const target = (name: string): BlockBlobClient =>
  serviceAs(clouds.target, 'runner').getContainerClient('transfer').getBlockBlobClient(name);
const sourceUrl = (): Promise<string> => delegatedUrl(clouds.source, 'runner', { blob: 'a name ü/100%' });
const copyOf = async (name: string, options: BlockBlobStageBlockFromURLOptions = {}): Promise<unknown> =>
  refusal(target(name).stageBlockFromURL(idOf(0), await sourceUrl(), 0, content.length, options));

/** Put Block From URL with headers that the SDK doesn't send. Resolves to 201 or to the refusal. */
async function pull(name: string, id: string, headers: Readonly<Record<string, string>>): Promise<number | string> {
  const url = `${target(name).url}?comp=block&blockid=${encodeURIComponent(id)}`;
  const authorization = `Bearer ${await tokenOf(clouds.target, 'runner')}`;
  const { status, headers: answer } = await send(url, {
    ca: clouds.target.ca,
    method: 'PUT',
    headers: { authorization, 'x-ms-version': '2025-01-05', 'content-length': '0', ...headers },
  });
  return status === 201 ? status : `${status} ${String(answer['x-ms-error-code'])}`;
}

function addFault(cloud: StorageCloud, fault: FaultRule['fault'], more: Partial<FaultRule> = {}): void {
  const board = createFaultBoard();
  board.add({ service: 'storage', times: 1, fault, ...more });
  cloud.intercept = board.interceptor('storage');
}

beforeAll(async () => {
  clouds = await startStorageClouds();
  await Promise.all([byKey(clouds.source).create(), byKey(clouds.target).create()]);
  const blob = byKey(clouds.source).getBlockBlobClient('a name ü/100%');
  ({ etag } = (await blob.upload(content, content.length)) as { etag: string });
});
afterAll(() => clouds.close());
beforeEach(() => {
  for (const cloud of [clouds.source, clouds.target]) {
    cloud.roles = [{ principalId: 'runner', role: CONTRIBUTOR }];
    cloud.settings = defaultSettings.storage;
    cloud.intercept = () => Promise.resolve(false);
    cloud.storage.resetTraffic();
  }
});

describe('blocks from the URL of another cloud', () => {
  it('arrive in parallel, pinned by ETag and checked by MD5, with a user delegation SAS', async () => {
    const [blob, url] = [target('in parallel ü'), await sourceUrl()];
    const ids = Array.from({ length: 16 }, (_, block) => idOf(block));
    const stage = async (id: string, block: number): Promise<unknown> => {
      const bytes = content.subarray(block * BLOCK, (block + 1) * BLOCK);
      return pull('in parallel ü', id, {
        'x-ms-copy-source': url,
        'x-ms-source-range': `bytes=${block * BLOCK}-${(block + 1) * BLOCK - 1}`,
        'x-ms-source-if-match': etag,
        'x-ms-source-content-md5': md5(bytes).toString('base64'),
      });
    };
    expect(new Set(await Promise.all(ids.map(stage)))).toEqual(new Set([201]));
    await blob.commitBlockList(ids);
    expect(clouds.source.storage.traffic()).toEqual({});
    const { 'transfer/in parallel ü': traffic } = clouds.target.storage.traffic();
    expect(traffic).toEqual({ downloaded: 0, uploaded: 0, pulled: content.length });
    expect((await blob.downloadToBuffer()).equals(content)).toBe(true);
  });

  it('arrive with a bearer token', async () => {
    const blob = target('by bearer');
    const sourceAuthorization = { scheme: 'Bearer', value: await tokenOf(clouds.source, 'runner') };
    const { url } = byKey(clouds.source).getBlobClient('a name ü/100%');
    await blob.stageBlockFromURL(idOf(0), url, 0, content.length, {
      sourceAuthorization,
      sourceContentMD5: md5(content),
    });
    await blob.commitBlockList([idOf(0)]);
    expect((await blob.downloadToBuffer()).equals(content)).toBe(true);
    sourceAuthorization.value = await tokenOf(clouds.source, 'stranger');
    const stranger = blob.stageBlockFromURL(idOf(0), url, 0, content.length, { sourceAuthorization });
    expect(await refusal(stranger)).toMatchObject({ statusCode: 403, code: 'CannotVerifyCopySource' });
  });

  it('do not arrive of another version or with another MD5', async () => {
    const pin = { 'x-ms-copy-source': await sourceUrl(), 'x-ms-source-if-match': '"0x8D0000000000000"' };
    expect(await pull('never', idOf(0), pin)).toBe('412 CannotVerifyCopySource');
    const other = await copyOf('never', { sourceContentMD5: md5(Buffer.from('other')) });
    expect(other).toMatchObject({ statusCode: 400, code: 'Md5Mismatch' });
  });

  it('do not arrive if a bit flips between the two', async () => {
    const [options, url] = [{ sourceContentMD5: md5(content) }, await sourceUrl()];
    addFault(clouds.source, { kind: 'flip', within: { body: 'answer', after: BLOCK } }, { method: 'GET' });
    const copy = (): Promise<unknown> =>
      refusal(target('flipped').stageBlockFromURL(idOf(0), url, 0, content.length, options));
    expect(await copy()).toMatchObject({ statusCode: 400, code: 'Md5Mismatch' });
    expect(await copy()).toBe('nothing refused');
  });

  it('do not arrive if the source aborts', async () => {
    addFault(clouds.source, { kind: 'cut', within: { body: 'answer', after: BLOCK } }, { method: 'GET' });
    expect(await copyOf('broken off')).toMatchObject({ statusCode: 500, code: 'InternalError' });
    expect(await copyOf('broken off')).toBe('nothing refused');
  });

  it('wait as long as the source, until the client disconnects', async () => {
    addFault(clouds.source, { kind: 'stall', within: { body: 'answer', after: BLOCK } }, { method: 'GET' });
    const abort = new AbortController();
    const copy = copyOf('stalled', { abortSignal: abort.signal });
    while ((clouds.target.storage.traffic()['transfer/stalled']?.pulled ?? 0) < BLOCK) {
      await pause(10);
    }
    abort.abort();
    expect(await copy).toMatchObject({ name: 'AbortError' });
    expect(await copyOf('stalled')).toBe('nothing refused');
  });

  it.each([429, 503])('are refused with the status of a source that answers %i', async (status) => {
    addFault(clouds.source, { kind: 'answer', status }, { method: 'GET' });
    expect(await copyOf('busy')).toMatchObject({ statusCode: status, code: 'CannotVerifyCopySource' });
  });
});

describe('an account', () => {
  it('that cannot reach others copies only from itself', async () => {
    clouds.target.settings = { ...defaultSettings.storage, copySource: 'unreachable' };
    expect(await copyOf('unreachable')).toMatchObject({ statusCode: 400, code: 'CannotVerifyCopySource' });
    await target('own').upload(content, content.length);
    const own = await delegatedUrl(clouds.target, 'runner', { blob: 'own' });
    await target('copy of own').syncUploadFromURL(own);
    expect((await target('copy of own').downloadToBuffer()).equals(content)).toBe(true);
  });

  it('with a firewall against other accounts admits its clients and itself', async () => {
    clouds.source.settings = { ...defaultSettings.storage, copySource: 'refused' };
    const refused = await copyOf('shut out');
    expect(refused).toMatchObject({ statusCode: 403, code: 'CannotVerifyCopySource' });
    const { headers } = (refused as RestError).response!;
    expect(headers.get('x-ms-copy-source-status-code')).toBe('403');
    expect(headers.get('x-ms-copy-source-error-code')).toBe('AuthorizationFailure');
    const source = serviceAs(clouds.source, 'runner').getContainerClient('transfer');
    expect((await source.getBlobClient('a name ü/100%').downloadToBuffer()).equals(content)).toBe(true);
    await source.getBlockBlobClient('copy of own').syncUploadFromURL(await sourceUrl());
    expect(await source.getBlobClient('copy of own').exists()).toBe(true);
  });

  it("that doesn't respond is not a source", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const nowhere = target('nowhere').stageBlockFromURL(idOf(0), `https://127.0.0.1:${port}/a/b/c`, 0, 1);
    expect(await refusal(nowhere)).toMatchObject({ statusCode: 400, code: 'CannotVerifyCopySource' });
  });
});
