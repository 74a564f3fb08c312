import type { BlobDownloadOptions, BlockBlobClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { byKey, md5, refusal } from './clients.fixture.ts';
import { startStorageClouds } from './clouds.fixture.ts';
import type { StorageClouds } from './clouds.fixture.ts';

const MIB = 1024 * 1024;
const large = Buffer.alloc(5 * MIB, 'some bytes, and ');
const idOf = (text: string, length = 45): string => Buffer.alloc(length, text).toString('base64');
const [first, second] = [idOf('first'), idOf('second')];

let clouds: StorageClouds;
const blobOf = (name: string): BlockBlobClient => byKey(clouds.source).getBlockBlobClient(name);

async function rangeMd5(name: string, offset: number, count?: number): Promise<Buffer> {
  const options: BlobDownloadOptions = { rangeGetContentMD5: true };
  const { contentMD5, readableStreamBody } = await blobOf(name).download(offset, count, options);
  readableStreamBody?.resume();
  return Buffer.from(contentMD5!);
}

async function stage(blob: BlockBlobClient, ...ids: readonly string[]): Promise<void> {
  for (const id of ids) await blob.stageBlock(id, id, id.length);
}

beforeAll(async () => {
  clouds = await startStorageClouds();
  await byKey(clouds.source).create();
  await blobOf('large').uploadData(large, { maxSingleShotSize: large.length });
});
afterAll(() => clouds.close());

describe('the MD5 of a range', () => {
  it.each([
    [0, 4 * MIB],
    [4 * MIB, MIB],
    [17, 1],
  ])('comes with %i + %i bytes', async (offset, count) => {
    expect(await rangeMd5('large', offset, count)).toEqual(md5(large.subarray(offset, offset + count)));
  });

  it('is computed from the bytes, also if the blob has another one', async () => {
    const blob = blobOf('liar');
    await stage(blob, first);
    await blob.commitBlockList([first], { blobHTTPHeaders: { blobContentMD5: md5(Buffer.from('a lie')) } });
    expect(await rangeMd5('liar', 0, first.length)).toEqual(md5(Buffer.from(first)));
    expect(await blob.downloadToBuffer()).toEqual(Buffer.from(first));
  });

  it.each([
    ['of more than 4 MiB', 0, 4 * MIB + 1],
    ['without an end', 1, undefined],
    ['that is not there', 0, undefined],
  ])('is refused for a range %s', async (_what, offset, count) => {
    expect(await refusal(rangeMd5('large', offset, count))).toMatchObject({
      statusCode: 400,
      code: 'InvalidHeaderValue',
      details: { HeaderName: 'x-ms-range-get-content-md5' },
    });
  });
});

describe('blocks', () => {
  it('that are staged are listed with their sizes, and there is no blob before the commit', async () => {
    const blob = blobOf('waiting');
    await stage(blob, first, second);
    const { uncommittedBlocks, committedBlocks } = await blob.getBlockList('uncommitted');
    expect(new Set(uncommittedBlocks)).toEqual(new Set([first, second].map((name) => ({ name, size: name.length }))));
    expect(committedBlocks ?? []).toEqual([]);
    expect(await blob.exists()).toBe(false);
    expect(await refusal(blob.download())).toMatchObject({ statusCode: 404, code: 'BlobNotFound' });
    expect(await refusal(blobOf('nothing').getBlockList('uncommitted'))).toMatchObject({ code: 'BlobNotFound' });
  });

  it('are stored next to the blob that they replace', async () => {
    const blob = blobOf('replaced');
    await blob.upload('old', 3);
    await stage(blob, first);
    expect((await blob.getBlockList('uncommitted')).uncommittedBlocks).toEqual([{ name: first, size: first.length }]);
    expect((await blob.downloadToBuffer()).toString()).toBe('old');
    await blob.commitBlockList([first]);
    expect((await blob.getBlockList('uncommitted')).uncommittedBlocks ?? []).toEqual([]);
    expect((await blob.downloadToBuffer()).toString()).toBe(first);
  });

  it('are refused with a wrong MD5, and with an ID of another length', async () => {
    const blob = blobOf('refused');
    const wrong = blob.stageBlock(first, 'bytes', 5, { transactionalContentMD5: md5(Buffer.from('other')) });
    expect(await refusal(wrong)).toMatchObject({ statusCode: 400, code: 'Md5Mismatch' });
    await stage(blob, first);
    const longer = blob.stageBlock(idOf('first', 46), 'bytes', 5);
    expect(await refusal(longer)).toMatchObject({ statusCode: 400, code: 'InvalidBlobOrBlock' });
  });

  it("that don't exist cannot be committed", async () => {
    const blob = blobOf('gaps');
    await stage(blob, first);
    const gap = blob.commitBlockList([first, second]);
    expect(await refusal(gap)).toMatchObject({ statusCode: 400, code: 'InvalidBlockList' });
  });
});

describe('a commit', () => {
  it('that must not replace anything succeeds once', async () => {
    const blob = blobOf('once');
    const conditions = { ifNoneMatch: '*' };
    await stage(blob, first);
    await blob.commitBlockList([first], { conditions });
    await stage(blob, second);
    const again = blob.commitBlockList([second], { conditions });
    expect(await refusal(again)).toMatchObject({ statusCode: 409, code: 'BlobAlreadyExists' });
    expect((await blob.downloadToBuffer()).toString()).toBe(first);
  });

  it('that replaces a version succeeds only while that version exists', async () => {
    const blob = blobOf('versions');
    const { etag } = await blob.upload('old', 3);
    await stage(blob, first);
    await blob.commitBlockList([first], { conditions: { ifMatch: etag! } });
    await stage(blob, second);
    const late = blob.commitBlockList([second], { conditions: { ifMatch: etag! } });
    expect(await refusal(late)).toMatchObject({ statusCode: 412, code: 'ConditionNotMet' });
    const gone = blobOf('never');
    await stage(gone, first);
    const nothing = gone.commitBlockList([first], { conditions: { ifMatch: etag! } });
    expect(await refusal(nothing)).toMatchObject({ statusCode: 412, code: 'ConditionNotMet' });
  });

  it('by two writers at once succeeds for one', async () => {
    const blob = blobOf('race');
    await stage(blob, first);
    const work = [1, 2].map(() => refusal(blob.commitBlockList([first], { conditions: { ifNoneMatch: '*' } })));
    const results = await Promise.all(work);
    expect(results.filter((result) => result === 'nothing refused')).toHaveLength(1);
    expect((await blob.downloadToBuffer()).toString()).toBe(first);
  });

  it.each(['Hot', 'Cool', 'Cold'])('puts the blob into the tier %s', async (tier) => {
    const blob = blobOf(`tier-${tier}`);
    await stage(blob, first);
    await blob.commitBlockList([first], { tier });
    expect(await blob.getProperties()).toMatchObject({ accessTier: tier });
    expect((await blob.getProperties()).accessTierInferred ?? false).toBe(false);
  });

  it('without blocks creates an empty blob, with its properties', async () => {
    const blob = blobOf('nothing in it');
    const metadata = { category: 'acr-transfer-blob' };
    await blob.commitBlockList([], { metadata, blobHTTPHeaders: { blobContentMD5: md5(Buffer.alloc(0)) } });
    const properties = await blob.getProperties();
    expect(properties).toMatchObject({ contentLength: 0, metadata });
    expect(Buffer.from(properties.contentMD5!)).toEqual(md5(Buffer.alloc(0)));
    expect(await blob.downloadToBuffer()).toEqual(Buffer.alloc(0));
  });
});
