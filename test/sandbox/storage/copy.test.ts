import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BlobSASPermissions,
  BlobServiceClient,
  ContainerSASPermissions,
  StorageSharedKeyCredential,
  generateBlobSASQueryParameters,
} from '@azure/storage-blob';
import { ContainerClient } from '@azure/storage-blob';
import { startStorageClouds, trusting } from './clouds.fixture.ts';
import type { StorageCloud, StorageClouds } from './clouds.fixture.ts';

const HOUR = 3_600_000;
const content = Buffer.from('0123456789'.repeat(1000));
const md5 = createHash('md5').update(content).digest();
const metadata = { category: 'acr-transfer-blob' };

let clouds: StorageClouds;
/** URL of the source blob, with a SAS that can read it. */
let sourceUrl: string;

const keyOf = ({ storage }: StorageCloud): StorageSharedKeyCredential =>
  new StorageSharedKeyCredential(storage.account, storage.key);

const containerOf = (cloud: StorageCloud): ContainerClient =>
  new BlobServiceClient(cloud.storage.endpoint, keyOf(cloud), trusting(cloud.ca)).getContainerClient('transfer');

/** The same container of the target, with each kind of credential. */
function targetBy(way: string): ContainerClient {
  const { storage, ca, tokens } = clouds.target;
  if (way === 'shared key') return containerOf(clouds.target);
  if (way === 'SAS') {
    const values = {
      containerName: 'transfer',
      permissions: ContainerSASPermissions.parse('rcw'),
      expiresOn: new Date(Date.now() + HOUR),
    };
    return new ContainerClient(
      `${storage.endpoint}/transfer?${generateBlobSASQueryParameters(values, keyOf(clouds.target)).toString()}`,
      undefined,
      trusting(ca),
    );
  }
  const getToken = async (): Promise<{ token: string; expiresOnTimestamp: number }> => ({
    token: await tokens.mintFor('copier', 'https://storage.azure.com'),
    expiresOnTimestamp: Date.now() + HOUR,
  });
  return new ContainerClient(`${storage.endpoint}/transfer`, { getToken }, trusting(ca));
}

const refusal = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing refused',
    (error: unknown) => error,
  );

beforeAll(async () => {
  clouds = await startStorageClouds();
  clouds.target.roles = [{ principalId: 'copier', role: 'Storage Blob Data Contributor' }];
  await Promise.all([clouds.source, clouds.target].map((cloud) => containerOf(cloud).create()));
  const blob = containerOf(clouds.source).getBlockBlobClient('original');
  await blob.upload(content, content.length, { metadata, blobHTTPHeaders: { blobContentType: 'application/x-tar' } });
  sourceUrl = await blob.generateSasUrl({
    permissions: BlobSASPermissions.parse('r'),
    expiresOn: new Date(Date.now() + HOUR),
  });
});

afterAll(() => clouds.close());

describe.each(['shared key', 'SAS', 'bearer token'])('copies between the clouds, let in by %s', (way) => {
  it('puts blocks from ranges of a URL', async () => {
    const blob = targetBy(way).getBlockBlobClient(`blocks-${way}`);
    const half = content.length / 2;
    const ids = ['a', 'b'].map((id) => Buffer.from(id).toString('base64'));
    await blob.stageBlockFromURL(ids[0]!, sourceUrl, 0, half, {
      sourceContentMD5: createHash('md5').update(content.subarray(0, half)).digest(),
    });
    await blob.stageBlockFromURL(ids[1]!, sourceUrl, half, half);
    await blob.commitBlockList(ids);
    expect(await blob.downloadToBuffer()).toEqual(content);
  });

  it('puts a blob from a URL', async () => {
    const blob = targetBy(way).getBlockBlobClient(`blob-${way}`);
    await blob.syncUploadFromURL(sourceUrl);
    expect(await blob.getProperties()).toMatchObject({
      contentType: 'application/x-tar',
      contentMD5: new Uint8Array(md5),
    });
  });

  it('copies a blob with its properties and metadata', async () => {
    const blob = targetBy(way).getBlockBlobClient(`sync-${way}`);
    expect(await blob.syncCopyFromURL(sourceUrl)).toMatchObject({ copyStatus: 'success', _response: { status: 202 } });
    expect(await blob.getProperties()).toMatchObject({
      metadata,
      contentType: 'application/x-tar',
      contentMD5: new Uint8Array(md5),
    });
    const poller = await targetBy(way)
      .getBlockBlobClient(`async-${way}`)
      .beginCopyFromURL(sourceUrl, { metadata: { other: 'one' } });
    expect(await poller.pollUntilDone()).toMatchObject({ copyStatus: 'success' });
    expect((await targetBy(way).getBlockBlobClient(`async-${way}`).getProperties()).metadata).toEqual({ other: 'one' });
  });
});

describe('a copy', () => {
  it('leaves Content-MD5 unset if the source has none', async () => {
    const source = containerOf(clouds.source).getBlockBlobClient('no-md5');
    const id = Buffer.from('a').toString('base64');
    await source.stageBlock(id, content, content.length);
    await source.commitBlockList([id]);
    const url = await source.generateSasUrl({
      permissions: BlobSASPermissions.parse('r'),
      expiresOn: new Date(Date.now() + HOUR),
    });
    const copy = targetBy('SAS').getBlockBlobClient('no-md5');
    await copy.syncCopyFromURL(url);
    expect((await copy.getProperties()).contentMD5).toBeUndefined();
    expect(await copy.downloadToBuffer()).toEqual(content);
  });

  it('accepts a bearer token for its source', async () => {
    clouds.source.roles = [{ principalId: 'reader', role: 'Storage Blob Data Reader' }];
    const value = await clouds.source.tokens.mintFor('reader', 'https://storage.azure.com');
    const blob = targetBy('bearer token').getBlockBlobClient('by-token');
    const url = `${clouds.source.storage.endpoint}/transfer/original`;
    await blob.syncCopyFromURL(url, { sourceAuthorization: { scheme: 'Bearer', value } });
    expect(await blob.downloadToBuffer()).toEqual(content);
  });

  it('is refused for a source that refuses, with the words of the source', async () => {
    const url = new URL(sourceUrl);
    url.searchParams.set('sig', 'AAAA');
    const blob = targetBy('SAS').getBlockBlobClient('never');
    expect(await refusal(blob.stageBlockFromURL('AAAA', url.href))).toMatchObject({
      statusCode: 403,
      code: 'CannotVerifyCopySource',
      message: expect.stringContaining('Server failed to authenticate the request') as unknown,
    });
    const missing = sourceUrl.replace('/original?', '/nothing?');
    expect(await refusal(blob.syncCopyFromURL(missing))).toMatchObject({ code: 'CannotVerifyCopySource' });
  });

  it('is refused when the source has changed or its MD5 is another', async () => {
    const blob = targetBy('bearer token').getBlockBlobClient('never');
    const changed = blob.syncCopyFromURL(sourceUrl, { sourceConditions: { ifMatch: '"0x0"' } });
    expect(await refusal(changed)).toMatchObject({ statusCode: 412, code: 'SourceConditionNotMet' });
    const other = createHash('md5').update('other').digest();
    const wrong = blob.stageBlockFromURL('AAAA', sourceUrl, 0, undefined, { sourceContentMD5: other });
    expect(await refusal(wrong)).toMatchObject({ statusCode: 400, code: 'Md5Mismatch' });
  });

  it('is refused without write permission, before the source is requested', async () => {
    const readOnly = generateBlobSASQueryParameters(
      {
        containerName: 'transfer',
        permissions: ContainerSASPermissions.parse('r'),
        expiresOn: new Date(Date.now() + HOUR),
      },
      keyOf(clouds.target),
    ).toString();
    const client = new ContainerClient(
      `${clouds.target.storage.endpoint}/transfer?${readOnly}`,
      undefined,
      trusting(clouds.target.ca),
    );
    let asked = 0;
    clouds.source.intercept = () => {
      asked += 1;
      return Promise.resolve(false);
    };
    expect(await refusal(client.getBlockBlobClient('never').syncCopyFromURL(sourceUrl))).toMatchObject({
      code: 'AuthorizationPermissionMismatch',
    });
    expect(asked).toBe(0);
  });

  it('does not write if the condition on the target forbids it', async () => {
    const copy = targetBy('SAS').getBlockBlobClient('once');
    await copy.syncCopyFromURL(sourceUrl);
    const again = copy.syncCopyFromURL(sourceUrl, { conditions: { ifNoneMatch: '*' } });
    expect(await refusal(again)).toMatchObject({ statusCode: 409, code: 'BlobAlreadyExists' });
  });
});
