/** Conditional requests of a container: remove, describe, replace, commit, read and copy. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connectContainer } from '../../../../src/azure/storage/container.ts';
import type { BlobContainer } from '../../../../src/transfer/ports/blob-container.ts';
import { interceptHttps, type InterceptedHttps, type SentResponse } from '../http/https.fixture.ts';

const URI = 'https://account.blob.core.windows.net/transfer';
const ETAG = '"0x8DC0000000000001"';
const NEW_ETAG = '"0x8DC0000000000002"';
const SIGNAL = new AbortController().signal;
const PROPERTIES = { md5: null, contentType: 'application/x-tar', metadata: { a: 'b' }, tier: null };

let https: InterceptedHttps;

afterEach(() => {
  https.restore();
});

/** A container with a SAS that gets the same response to every request. */
function container(response: SentResponse): BlobContainer {
  https = interceptHttps(() => response);
  const context = { clock: { now: () => 0 }, mask: () => undefined };
  return connectContainer(URI, 'source', { kind: 'sas', sas: 'sp=rwdl&sig=c2ln' }, context);
}

const errorResponse = (status: number, code: string): SentResponse => ({
  status,
  headers: { 'x-ms-error-code': code },
});

const CHANGED = errorResponse(412, 'ConditionNotMet');
const LEASED = errorResponse(412, 'LeaseIdMissing');
const FORBIDDEN = errorResponse(403, 'AuthorizationPermissionMismatch');
const NO_CONTAINER = errorResponse(404, 'ContainerNotFound');

/** Requests with their conditions. */
const sent = (): readonly object[] =>
  https.requests.map(({ method, path, headers }) => ({
    what: `${method} ${path.replace('sp=rwdl&sig=c2ln', 'SAS')}`,
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
  }));

const remove = (response: SentResponse): Promise<boolean> => {
  const removeBlob = container(response).remove;
  if (removeBlob === null) throw new Error('nothing can be removed');
  return removeBlob('a/b.tar', ETAG);
};

describe('remove', () => {
  it('removes the known version of a blob with its snapshots', async () => {
    expect(await remove({ status: 202 })).toBe(true);
    expect(sent()).toEqual([{ what: 'DELETE /transfer/a/b.tar?SAS', ifMatch: ETAG, ifNoneMatch: undefined }]);
    expect(https.requests[0]?.headers['x-ms-delete-snapshots']).toBe('include');
  });

  it.each([
    { name: 'has changed', response: CHANGED },
    { name: 'does not exist', response: errorResponse(404, 'BlobNotFound') },
    { name: 'does not exist, in a response without a code', response: { status: 404 } },
  ])('returns false if the blob $name', async ({ response }) => {
    expect(await remove(response)).toBe(false);
    expect(https.requests).toHaveLength(1);
  });

  it.each([
    { name: 'the blob is leased', response: LEASED, id: 'ACRT5018' },
    { name: 'the blob is immutable', response: errorResponse(409, 'BlobImmutableDueToPolicy'), id: 'ACRT5018' },
    { name: 'the container does not exist', response: NO_CONTAINER, id: 'ACRT3006' },
    { name: 'the permission is missing', response: FORBIDDEN, id: 'ACRT5004' },
  ])('throws if $name', async ({ response, id }) => {
    await expect(remove(response)).rejects.toMatchObject({ facts: { id } });
  });
});

describe('metadata', () => {
  const describeBlob = (response: SentResponse): Promise<string | null> =>
    container(response).describe('a', { k: 'v' }, ETAG);

  it('is set on the known version', async () => {
    expect(await describeBlob({ headers: { etag: NEW_ETAG } })).toBe(NEW_ETAG);
    expect(sent()).toEqual([{ what: 'PUT /transfer/a?SAS&comp=metadata', ifMatch: ETAG, ifNoneMatch: undefined }]);
  });

  it('is not set on a blob that has changed', async () => {
    expect(await describeBlob(CHANGED)).toBeNull();
  });

  it('cannot be set without permission', async () => {
    await expect(describeBlob(FORBIDDEN)).rejects.toMatchObject({ facts: { id: 'ACRT5004' } });
  });
});

describe('a text', () => {
  it.each([
    { name: 'the version that was read', etag: ETAG, ifMatch: ETAG, ifNoneMatch: undefined },
    { name: 'nothing', etag: null, ifMatch: undefined, ifNoneMatch: '*' },
  ])('replaces $name', async ({ etag, ifMatch, ifNoneMatch }) => {
    expect(await container({ status: 201 }).replaceText('a.json', '{}', etag)).toBe(true);
    expect(sent()).toEqual([{ what: 'PUT /transfer/a.json?SAS', ifMatch, ifNoneMatch }]);
  });

  it.each([
    { name: 'has changed', response: CHANGED },
    { name: 'already exists', response: errorResponse(409, 'BlobAlreadyExists') },
    { name: 'no longer exists', response: errorResponse(404, 'BlobNotFound') },
  ])('does not replace a blob that $name', async ({ response }) => {
    expect(await container(response).replaceText('a.json', '{}', ETAG)).toBe(false);
  });

  it('throws if the container does not exist', async () => {
    await expect(container(NO_CONTAINER).replaceText('a.json', '{}', ETAG)).rejects.toMatchObject({
      facts: { id: 'ACRT3006' },
    });
  });
});

describe('a commit', () => {
  const commit = (response: SentResponse, replaces: string | null): Promise<string | null> =>
    container(response).commit('a.tar', ['YQ=='], PROPERTIES, replaces, SIGNAL);

  it.each([
    { name: 'the known version', replaces: ETAG, ifMatch: ETAG, ifNoneMatch: undefined },
    { name: 'nothing', replaces: null, ifMatch: undefined, ifNoneMatch: '*' },
  ])('replaces $name', async ({ replaces, ifMatch, ifNoneMatch }) => {
    expect(await commit({ status: 201, headers: { etag: NEW_ETAG } }, replaces)).toBe(NEW_ETAG);
    expect(sent()).toEqual([{ what: 'PUT /transfer/a.tar?SAS&comp=blocklist', ifMatch, ifNoneMatch }]);
  });

  it.each([
    { name: 'the blob has changed', response: CHANGED },
    { name: 'another runner has committed it', response: errorResponse(400, 'InvalidBlockList') },
  ])('replaces nothing if $name', async ({ response }) => {
    expect(await commit(response, ETAG)).toBeNull();
  });

  it('throws if the blob is leased', async () => {
    await expect(commit(LEASED, ETAG)).rejects.toMatchObject({ facts: { id: 'ACRT5018' } });
  });
});

const BYTES = Buffer.from('a block');
const MD5 = createHash('md5').update(BYTES).digest('base64');

describe('a range', () => {
  const read = async (response: SentResponse, size = BYTES.length): Promise<string | null> =>
    container(response).read('a.tar', { offset: 5, etag: ETAG }, Buffer.alloc(size), SIGNAL);

  it('is read from the known version, with its MD5', async () => {
    const headers = { 'content-md5': MD5, etag: ETAG };
    expect(await read({ status: 206, headers, body: BYTES.toString() })).toBe(MD5);
    expect(sent()).toEqual([{ what: 'GET /transfer/a.tar?SAS', ifMatch: ETAG, ifNoneMatch: undefined }]);
    expect(https.requests[0]?.headers).toMatchObject({
      'x-ms-range': 'bytes=5-11',
      'x-ms-range-get-content-md5': 'true',
    });
  });

  it('is rejected for a blob that has changed', async () => {
    await expect(read(CHANGED)).rejects.toMatchObject({ facts: { id: 'ACRT5003' }, temporary: null });
  });

  it.each([
    { name: 'shorter', size: BYTES.length + 1 },
    { name: 'longer', size: BYTES.length - 1 },
  ])('is a temporary error if the received range is $name', async ({ size }) => {
    const response = { status: 206, headers: { etag: ETAG }, body: BYTES.toString() };
    await expect(read(response, size)).rejects.toMatchObject({
      facts: { id: 'ACRT2005', message: expect.stringContaining(`received 7 bytes instead of ${size}`) },
      temporary: { throttled: false },
    });
  });
});

describe('a block', () => {
  const block = { id: 'YQ==', offset: 0, bytes: BYTES, md5: MD5 };

  it('is sent with its MD5, which storage verifies', async () => {
    await container({ status: 201 }).stage('a.tar', block, SIGNAL);
    expect(https.requests.map(({ headers, body }) => [headers['content-md5'], body])).toEqual([[MD5, 'a block']]);
  });

  it('is a temporary error if storage received other bytes', async () => {
    const staged = container(errorResponse(400, 'Md5Mismatch')).stage('a.tar', block, SIGNAL);
    await expect(staged).rejects.toMatchObject({ temporary: { throttled: false } });
  });

  const source = { url: 'https://source.blob.core.windows.net/c/a.tar?sig=x', authorization: null };
  const pull = (response: SentResponse, md5: string | null): Promise<void> => {
    const { direct } = container(response);
    if (direct === null) throw new Error('storage copies nothing');
    return direct.pull('a.tar', { id: 'YQ==', offset: 5, size: 7, etag: ETAG, md5 }, source, SIGNAL);
  };

  it.each([
    { name: 'with an MD5', md5: MD5, sent: MD5 },
    { name: 'without an MD5', md5: null, sent: undefined },
  ])('is copied by storage from the known version, $name', async ({ md5, sent }) => {
    await pull({ status: 201 }, md5);
    const headers = https.requests[0]?.headers ?? {};
    expect({ source: headers['x-ms-copy-source'], range: headers['x-ms-source-range'] }).toEqual({
      source: source.url,
      range: 'bytes=5-11',
    });
    expect([headers['x-ms-source-if-match'], headers['x-ms-source-content-md5']]).toEqual([ETAG, sent]);
  });

  it.each([
    { name: 'has changed', response: errorResponse(412, 'SourceConditionNotMet'), id: 'ACRT5003' },
    { name: 'is damaged during the copy', response: errorResponse(400, 'Md5Mismatch'), id: 'ACRT5011' },
  ])('is not copied if the source $name', async ({ response, id }) => {
    await expect(pull(response, MD5)).rejects.toMatchObject({ facts: { id } });
  });
});

describe('list', () => {
  const page = (name: string, marker: string): SentResponse => ({
    headers: { 'content-type': 'application/xml' },
    body: `<EnumerationResults ServiceEndpoint="https://account.blob.core.windows.net/" ContainerName="transfer"><Blobs><Blob><Name>${name}</Name><Properties/></Blob></Blobs><NextMarker>${marker}</NextMarker></EnumerationResults>`,
  });

  it('reads all pages', async () => {
    const { list } = container({});
    https.restore();
    https = interceptHttps(({ path }) => (path.includes('marker=m') ? page('a.json', '') : page('b.json', 'm')));
    expect(await list('.json')).toEqual(['a.json', 'b.json']);
  });

  it('C5: ends with an error if a marker repeats', async () => {
    const listing = container(page('a.json', 'again')).list('.json');
    await expect(listing).rejects.toMatchObject({
      facts: { id: 'ACRT5005', message: expect.stringContaining('the list has a loop of pages') },
    });
    expect(https.requests).toHaveLength(2);
  });
});
