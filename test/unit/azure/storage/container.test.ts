/** The conditions under which blobs are removed, described, replaced and committed. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { connectContainer } from '../../../../src/azure/storage/container.ts';
import type { BlobContainer } from '../../../../src/transfer/storage.ts';
import { interceptHttps, type InterceptedHttps, type SentAnswer } from '../https.fixture.ts';

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
