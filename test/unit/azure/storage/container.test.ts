/** The conditions under which blobs are removed, described, replaced, committed, read and copied. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connectContainer } from '../../../../src/azure/storage/container.ts';
import type { BlobContainer } from '../../../../src/transfer/ports/blob-container.ts';
import { interceptHttps, type InterceptedHttps, type SentAnswer } from '../http/https.fixture.ts';

const URI = 'https://account.blob.core.windows.net/transfer';
const ETAG = '"0x8DC0000000000001"';
const SIGNAL = new AbortController().signal;
const PROPERTIES = { md5: null, contentType: 'application/x-tar', metadata: { a: 'b' }, tier: null };

let https: InterceptedHttps;

afterEach(() => {
  https.restore();
});

/** A container, reached by a SAS, that gives the same answer to every request. */
function container(answer: SentAnswer): BlobContainer {
  https = interceptHttps(() => answer);
  const context = { clock: { now: () => 0 }, mask: () => undefined };
  return connectContainer(URI, 'source', { kind: 'sas', sas: 'sp=rwdl&sig=c2ln' }, context);
}

const refusal = (status: number, code: string): SentAnswer => ({ status, headers: { 'x-ms-error-code': code } });

const CHANGED = refusal(412, 'ConditionNotMet');
const LEASED = refusal(412, 'LeaseIdMissing');
const FORBIDDEN = refusal(403, 'AuthorizationPermissionMismatch');
const NO_CONTAINER = refusal(404, 'ContainerNotFound');

/** What was asked, with its conditions. */
const asked = (): readonly object[] =>
  https.requests.map(({ method, path, headers }) => ({
    what: `${method} ${path.replace('sp=rwdl&sig=c2ln', 'SAS')}`,
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
  }));

const remove = (answer: SentAnswer): Promise<boolean> => {
  const opened = container(answer).remove;
  if (opened === null) throw new Error('nothing can be removed');
  return opened('a/b.tar', ETAG);
};

describe('a blob that is removed', () => {
  it('is removed with its snapshots, as the version that was seen', async () => {
    expect(await remove({ status: 202 })).toBe(true);
    expect(asked()).toEqual([{ what: 'DELETE /transfer/a/b.tar?SAS', ifMatch: ETAG, ifNoneMatch: undefined }]);
    expect(https.requests[0]?.headers['x-ms-delete-snapshots']).toBe('include');
  });

  it.each([
    { name: 'has changed since', answer: CHANGED },
    { name: 'is gone', answer: refusal(404, 'BlobNotFound') },
  ])('stays, without a failure, if it $name', async ({ answer }) => {
    expect(await remove(answer)).toBe(false);
    expect(https.requests).toHaveLength(1);
  });

  it.each([
    { name: 'it is leased', answer: LEASED, id: 'ACRT5018' },
    { name: 'it is immutable', answer: refusal(409, 'BlobImmutableDueToPolicy'), id: 'ACRT5018' },
    { name: 'the container is gone', answer: NO_CONTAINER, id: 'ACRT3006' },
    { name: 'it is not allowed', answer: FORBIDDEN, id: 'ACRT5004' },
  ])('fails to be removed if $name', async ({ answer, id }) => {
    await expect(remove(answer)).rejects.toMatchObject({ facts: { id } });
  });
});

describe('metadata', () => {
  const describeBlob = (answer: SentAnswer): Promise<boolean> => container(answer).describe('a', { k: 'v' }, ETAG);

  it('is given to the version that was seen', async () => {
    expect(await describeBlob({})).toBe(true);
    expect(asked()).toEqual([{ what: 'PUT /transfer/a?SAS&comp=metadata', ifMatch: ETAG, ifNoneMatch: undefined }]);
  });

  it('is not given to a blob that has changed', async () => {
    expect(await describeBlob(CHANGED)).toBe(false);
  });

  it('cannot be given if it is not allowed', async () => {
    await expect(describeBlob(FORBIDDEN)).rejects.toMatchObject({ facts: { id: 'ACRT5004' } });
  });
});

describe('a text', () => {
  it.each([
    { name: 'the version that was read', etag: ETAG, ifMatch: ETAG, ifNoneMatch: undefined },
    { name: 'nothing', etag: null, ifMatch: undefined, ifNoneMatch: '*' },
  ])('replaces $name', async ({ etag, ifMatch, ifNoneMatch }) => {
    expect(await container({ status: 201 }).replaceText('a.json', '{}', etag)).toBe(true);
    expect(asked()).toEqual([{ what: 'PUT /transfer/a.json?SAS', ifMatch, ifNoneMatch }]);
  });

  it.each([
    { name: 'has changed', answer: CHANGED },
    { name: 'is there by now', answer: refusal(409, 'BlobAlreadyExists') },
    { name: 'is gone', answer: refusal(404, 'BlobNotFound') },
  ])('does not replace what $name', async ({ answer }) => {
    expect(await container(answer).replaceText('a.json', '{}', ETAG)).toBe(false);
  });

  it('fails if the container is gone', async () => {
    await expect(container(NO_CONTAINER).replaceText('a.json', '{}', ETAG)).rejects.toMatchObject({
      facts: { id: 'ACRT3006' },
    });
  });
});

describe('a commit', () => {
  const commit = (answer: SentAnswer, replaces: string | null): Promise<boolean> =>
    container(answer).commit('a.tar', ['YQ=='], PROPERTIES, replaces, SIGNAL);

  it.each([
    { name: 'the version that was seen', replaces: ETAG, ifMatch: ETAG, ifNoneMatch: undefined },
    { name: 'nothing', replaces: null, ifMatch: undefined, ifNoneMatch: '*' },
  ])('replaces $name', async ({ replaces, ifMatch, ifNoneMatch }) => {
    expect(await commit({ status: 201 }, replaces)).toBe(true);
    expect(asked()).toEqual([{ what: 'PUT /transfer/a.tar?SAS&comp=blocklist', ifMatch, ifNoneMatch }]);
  });

  it.each([
    { name: 'the blob has changed', answer: CHANGED },
    { name: 'another runner has committed it', answer: refusal(400, 'InvalidBlockList') },
  ])('replaces nothing if $name', async ({ answer }) => {
    expect(await commit(answer, ETAG)).toBe(false);
  });

  it('fails if the blob is leased', async () => {
    await expect(commit(LEASED, ETAG)).rejects.toMatchObject({ facts: { id: 'ACRT5018' } });
  });
});

const BYTES = Buffer.from('a block');
const MD5 = createHash('md5').update(BYTES).digest('base64');

describe('a range', () => {
  const read = async (answer: SentAnswer, size = BYTES.length): Promise<string | null> =>
    container(answer).read('a.tar', { offset: 5, etag: ETAG }, Buffer.alloc(size), SIGNAL);

  it('is read of the version that was seen, with its MD5', async () => {
    const headers = { 'content-md5': MD5, etag: ETAG };
    expect(await read({ status: 206, headers, body: BYTES.toString() })).toBe(MD5);
    expect(asked()).toEqual([{ what: 'GET /transfer/a.tar?SAS', ifMatch: ETAG, ifNoneMatch: undefined }]);
    expect(https.requests[0]?.headers).toMatchObject({
      'x-ms-range': 'bytes=5-11',
      'x-ms-range-get-content-md5': 'true',
    });
  });

  it('is refused of a blob that has changed', async () => {
    await expect(read(CHANGED)).rejects.toMatchObject({ facts: { id: 'ACRT5003' }, temporary: null });
  });

  it.each([
    { name: 'shorter', size: BYTES.length + 1 },
    { name: 'longer', size: BYTES.length - 1 },
  ])('is read again if the one that arrived is $name', async ({ size }) => {
    const answer = { status: 206, headers: { etag: ETAG }, body: BYTES.toString() };
    await expect(read(answer, size)).rejects.toMatchObject({
      facts: { id: 'ACRT2005', message: expect.stringContaining(`7 bytes came instead of ${size}`) },
      temporary: { throttled: false },
    });
  });
});

describe('a block', () => {
  const block = { id: 'YQ==', offset: 0, bytes: BYTES, md5: MD5 };

  it('is sent with its MD5, so that storage checks it', async () => {
    await container({ status: 201 }).stage('a.tar', block, SIGNAL);
    expect(https.requests.map(({ headers, body }) => [headers['content-md5'], body])).toEqual([[MD5, 'a block']]);
  });

  it('is sent again if storage received another one', async () => {
    const refused = container(refusal(400, 'Md5Mismatch')).stage('a.tar', block, SIGNAL);
    await expect(refused).rejects.toMatchObject({ temporary: { throttled: false } });
  });

  const loan = { url: 'https://source.blob.core.windows.net/c/a.tar?sig=x', authorization: null };
  const pull = (answer: SentAnswer, md5: string | null): Promise<void> => {
    const { direct } = container(answer);
    if (direct === null) throw new Error('storage copies nothing');
    return direct.pull('a.tar', { id: 'YQ==', offset: 5, size: 7, etag: ETAG, md5 }, loan, SIGNAL);
  };

  it.each([
    { name: 'with an MD5', md5: MD5, sent: MD5 },
    { name: 'without an MD5', md5: null, sent: undefined },
  ])('is fetched by storage of the version that was seen, $name', async ({ md5, sent }) => {
    await pull({ status: 201 }, md5);
    const headers = https.requests[0]?.headers ?? {};
    expect({ source: headers['x-ms-copy-source'], range: headers['x-ms-source-range'] }).toEqual({
      source: loan.url,
      range: 'bytes=5-11',
    });
    expect([headers['x-ms-source-if-match'], headers['x-ms-source-content-md5']]).toEqual([ETAG, sent]);
  });

  it.each([
    { name: 'has changed', answer: refusal(412, 'SourceConditionNotMet'), id: 'ACRT5003' },
    { name: 'is damaged on its way', answer: refusal(400, 'Md5Mismatch'), id: 'ACRT5011' },
  ])('is not fetched if the source $name', async ({ answer, id }) => {
    await expect(pull(answer, MD5)).rejects.toMatchObject({ facts: { id } });
  });
});
