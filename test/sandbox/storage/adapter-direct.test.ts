import { ContainerClient, ContainerSASPermissions, SASProtocol, StorageSharedKeyCredential } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BlobContainer, PulledBlock, SourceAuthorization } from '../../../src/transfer/ports/blob-container.ts';
import { defaultSettings } from '../settings.ts';
import { allow, blockIdOf, containerOf, faulty, md5Of, NEVER, startAdapterClouds } from './adapter.fixture.ts';
import type { AdapterClouds } from './adapter.fixture.ts';
import { byKey } from './clients.fixture.ts';

const NAME = 'a name/ü 100%?#+.tar';
const content = Buffer.alloc(512 * 1024, 'what one cloud lends the other, ');
const LATER = { retryAfterSeconds: null, throttled: false };

let clouds: AdapterClouds;
let source: BlobContainer;
let target: BlobContainer;
let etag: string;

/** The whole blob as one block. */
const whole = (more: Partial<PulledBlock> = {}): PulledBlock => ({
  id: blockIdOf(0),
  offset: 0,
  size: content.length,
  etag,
  md5: md5Of(content),
  ...more,
});

const authorizeSource = (): Promise<SourceAuthorization> => source.direct!.authorizeSource(NAME);

const pull = async (
  more: Partial<PulledBlock> = {},
  authorization?: SourceAuthorization,
  signal = NEVER,
): Promise<void> => target.direct!.pull(NAME, whole(more), authorization ?? (await authorizeSource()), signal);

/** Container SAS that reads. */
async function givenSas(): Promise<string> {
  const { storage } = clouds.source;
  const key = new StorageSharedKeyCredential(storage.account, storage.key);
  const { url } = byKey(clouds.source);
  const signed = await new ContainerClient(url, key).generateSasUrl({
    permissions: ContainerSASPermissions.parse('rl'),
    expiresOn: new Date(Date.now() + 3_600_000),
    protocol: SASProtocol.Https,
  });
  return new URL(signed).search.slice(1);
}

const committed = async (): Promise<boolean> => {
  const properties = { md5: md5Of(content), contentType: 'application/x-tar', metadata: {}, tier: null };
  return (await target.commit(NAME, [blockIdOf(0)], properties, null, NEVER)) !== null;
};

beforeAll(async () => {
  clouds = await startAdapterClouds();
  await byKey(clouds.source).getBlockBlobClient(NAME).upload(content, content.length);
});
afterAll(() => clouds.close());
beforeEach(async () => {
  allow(clouds);
  source = containerOf('source', clouds.source);
  target = containerOf('target', clouds.target);
  etag = (await source.find(NAME))?.etag ?? '';
  await byKey(clouds.target).getBlobClient(NAME).deleteIfExists();
  clouds.target.storage.resetTraffic();
});

describe('a block that the target fetches', () => {
  it('arrives by user delegation, pinned and checked', async () => {
    await pull();
    expect(await committed()).toBe(true);
    expect((await byKey(clouds.target).getBlobClient(NAME).downloadToBuffer()).equals(content)).toBe(true);
    expect(clouds.target.storage.traffic()[`transfer/${NAME}`]).toMatchObject({
      pulled: content.length,
      uploaded: 0,
    });
  });

  it('arrives with the token of the source if no delegation key is available', async () => {
    clouds.source.settings = { ...defaultSettings.storage, delegation: 'refused' };
    const authorization = await authorizeSource();
    expect(authorization).toMatchObject({ authorization: expect.stringMatching(/^Bearer /) });
    expect(authorization.url).not.toContain('sig=');
    await pull({}, authorization);
    expect(await target.arrived(NAME)).toEqual([{ id: blockIdOf(0), size: content.length }]);
  });

  it('arrives with the given SAS', async () => {
    source = containerOf('source', clouds.source, { kind: 'sas', sas: await givenSas() });
    expect((await source.find(NAME))?.etag).toBe(etag);
    await pull({ offset: 100, size: 1000, md5: md5Of(content.subarray(100, 1100)) });
    expect(await target.arrived(NAME)).toEqual([{ id: blockIdOf(0), size: 1000 }]);
  });

  it('of another version does not arrive', async () => {
    const pulling = pull({ etag: '"0x8D0000000000000"' });
    await expect(pulling).rejects.toMatchObject({ facts: { id: 'ACRT5003' }, temporary: null });
  });

  it('of another version differs from an unreadable account, with any code', async () => {
    const headers = { 'x-ms-error-code': 'CannotVerifyCopySource', 'x-ms-copy-source-status-code': '412' };
    const authorization = await authorizeSource();
    faulty(clouds.target, { kind: 'answer', status: 412, headers }, { method: 'PUT', times: 1 });
    await expect(pull({}, authorization)).rejects.toMatchObject({ facts: { id: 'ACRT5003' } });
  });

  it('with a source that only a header names cannot be read', async () => {
    const headers = { 'x-ms-error-code': 'AuthenticationFailed', 'x-ms-copy-source-status-code': '403' };
    const authorization = await authorizeSource();
    faulty(clouds.target, { kind: 'answer', status: 403, headers }, { method: 'PUT', times: 1 });
    await expect(pull({}, authorization)).rejects.toMatchObject({ facts: { id: 'ACRT5008' } });
  });

  it('with another MD5 can be fetched again', async () => {
    const pulling = pull({ offset: 5, size: 7, md5: md5Of(Buffer.from('other')) });
    await expect(pulling).rejects.toMatchObject({
      facts: { id: 'ACRT5011', message: expect.stringContaining('byte 5') },
      temporary: LATER,
    });
  });

  it('with an interrupted source can be fetched again', async () => {
    faulty(clouds.source, { kind: 'cut', within: { body: 'answer', after: 1000 } }, { method: 'GET', times: 1 });
    await expect(pull()).rejects.toMatchObject({ facts: { id: 'ACRT5005' }, temporary: LATER });
    await pull();
  });

  it('is not fetched without permission to write to the target', async () => {
    clouds.target.roles = [];
    await expect(pull()).rejects.toMatchObject({ facts: { id: 'ACRT5004' }, temporary: null });
  });

  it('is aborted with its caller', async () => {
    faulty(clouds.source, { kind: 'stall', within: { body: 'answer', after: 1000 } }, { method: 'GET', times: 1 });
    const caller = new AbortController();
    const pulling = pull({}, await authorizeSource(), caller.signal);
    setTimeout(() => {
      caller.abort();
    }, 200);
    await expect(pulling).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a source that the target cannot read', () => {
  it.each(['unreachable', 'refused'] as const)('is one that is %s', async (copySource) => {
    const side = copySource === 'unreachable' ? clouds.target : clouds.source;
    side.settings = { ...defaultSettings.storage, copySource };
    const failed: unknown = await pull().catch((error: unknown) => error);
    expect(failed).toMatchObject({ facts: { id: 'ACRT5008' }, temporary: null });
    const { message } = (failed as { facts: { message: string } }).facts;
    expect(message).toContain(`${target.uri} can't read ${NAME} from ${new URL(source.uri).origin}: `);
    expect(message).not.toContain('sig=');
  });

  it.each([401, 403])('is one that answers %i', async (status) => {
    const authorization = await authorizeSource();
    faulty(clouds.source, { kind: 'answer', status }, { method: 'GET', times: 1 });
    await expect(pull({}, authorization)).rejects.toMatchObject({ facts: { id: 'ACRT5008' }, temporary: null });
  });

  it.each([
    [500, LATER],
    [503, { retryAfterSeconds: null, throttled: false }],
  ])("can differ from the runner's time if it answers %i", async (status, temporary) => {
    const authorization = await authorizeSource();
    faulty(clouds.source, { kind: 'answer', status }, { method: 'GET', times: 1 });
    await expect(pull({}, authorization)).rejects.toMatchObject({ facts: { id: 'ACRT5005' }, temporary });
  });

  it.each([404, 409])('is not a source error if it answers %i, which is about one blob', async (status) => {
    const authorization = await authorizeSource();
    faulty(clouds.source, { kind: 'answer', status }, { method: 'GET', times: 1 });
    await expect(pull({}, authorization)).rejects.toMatchObject({ facts: { id: 'ACRT5005' }, temporary: null });
  });

  it("has a SAS that isn't valid", async () => {
    const sas = await givenSas();
    const authorization = { url: `${byKey(clouds.source).getBlobClient(NAME).url}?${sas}x`, authorization: null };
    await expect(pull({}, authorization)).rejects.toMatchObject({ facts: { id: 'ACRT5008' }, temporary: null });
  });
});

describe('an authorization of the source', () => {
  it('is refused, or put off, as the service answers', async () => {
    faulty(clouds.source, { kind: 'answer', status: 503 }, { method: 'POST', times: 1 });
    await expect(authorizeSource()).rejects.toMatchObject({
      facts: { id: 'ACRT5005' },
      temporary: { retryAfterSeconds: null, throttled: true },
    });
    expect((await authorizeSource()).url).toContain('sig=');
  });
});
