import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { BlobSASPermissions } from '@azure/storage-blob';
import { byKey, tokenOf } from '../../storage/clients.fixture.ts';
import { startStorageClouds } from '../../storage/clouds.fixture.ts';
import type { StorageCloud, StorageClouds } from '../../storage/clouds.fixture.ts';
import { send } from '../../request.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import type { Answer } from '../answers.ts';
import type { Compare, Comparisons } from '../compared.ts';

const HOUR = 3_600_000;
const VERSION = '2021-12-02';
const CONTENT = Buffer.alloc(4096, 'a');
const FUTURE = new Date(Date.now() + 24 * HOUR).toUTCString();

const codeOf = ({ headers }: Pick<Answer, 'headers'>): unknown => headers['x-ms-error-code'];

const messageOf = (body: string): string | undefined => /<Message>([^\n<]*)/.exec(body)?.[1];

/** Two accounts with a blob in the source and an empty container in the target, to which `writer` can write. */
async function open(): Promise<StorageClouds> {
  const clouds = await startStorageClouds();
  clouds.target.roles = [{ principalId: 'writer', role: 'Storage Blob Data Contributor' }];
  await Promise.all([byKey(clouds.source).create(), byKey(clouds.target).create()]);
  await byKey(clouds.source).getBlockBlobClient('source').upload(CONTENT, CONTENT.length);
  return clouds;
}

/** A request to the target; `path` is below the account. */
async function ask(
  cloud: StorageCloud,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const own = { 'x-ms-version': VERSION, 'x-ms-date': new Date().toUTCString(), ...headers };
  return send(`${cloud.storage.endpoint}${path}`, { ca: cloud.ca, method, headers: own });
}

const asWriter = async ({ target }: StorageClouds): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await tokenOf(target, 'writer')}`,
});

/** URL of the source with a SAS that can read it, or can't. */
const sourceUrl = ({ source }: StorageClouds, permissions = 'r', from = 'source'): Promise<string> =>
  byKey(source)
    .getBlockBlobClient(from)
    .generateSasUrl({
      permissions: BlobSASPermissions.parse(permissions),
      expiresOn: new Date(Date.now() + HOUR),
    });

/** The request of a fact about a copy, for an existing blob and source. */
async function copy(
  fact: Fact,
  clouds: StorageClouds,
  changes: Readonly<Record<string, string>> = {},
  blob: string = randomUUID(),
): Promise<Answer> {
  const query = fact.path.replace(/^[^?]*/, '').replace('blockid=MQ==', 'blockid=MQ%3D%3D');
  const headers = { ...fact.with, 'x-ms-copy-source': await sourceUrl(clouds), 'content-length': '0', ...changes };
  return ask(clouds.target, fact.method, `/transfer/${blob}${query}`, { ...(await asWriter(clouds)), ...headers });
}

/** A refusal in the words of the fact. */
function sameRefusal(answer: Answer, fact: Fact): void {
  expect([answer.status, codeOf(answer)]).toEqual([fact.status, codeOf(fact)]);
  expect(messageOf(answer.body)).toBe(messageOf(fact.text));
  if (fact.text !== '') expect(answer.headers['content-type']).toBe(fact.headers['content-type']);
}

/** A copy that ends at once. Only Copy Blob has headers about it. */
const copied: Compare<StorageClouds> = async (fact, clouds) => {
  // The recorded condition is met by an older source.
  const answer = await copy(fact, clouds, { 'x-ms-source-if-unmodified-since': FUTURE });
  const names = (headers: object): string[] =>
    Object.keys(headers).filter((name) => /^x-ms-copy-|^x-ms-request-server-encrypted$|^etag$/.test(name));
  expect([answer.status, names(answer.headers).sort()]).toEqual([fact.status, names(fact.headers).sort()]);
  expect(answer.headers['x-ms-copy-status']).toBe(fact.headers['x-ms-copy-status']);
};

/** Blob storage. */
export const storage: Comparisons<StorageClouds> = {
  open,
  close: (clouds) => clouds.close(),
  facts: {
    'blob-PUT-block-fromUrl-201': async (fact, clouds) => {
      const answer = await copy(fact, clouds);
      expect([answer.status, answer.headers['x-ms-request-server-encrypted']]).toEqual([fact.status, 'true']);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-ms-copy-'))).toEqual([]);
    },
    'blob-PUT-fromUrl-201': copied,
    'blob-PUT-copy-202-success': copied,
    'blob-PUT-fromUrl-304-CannotVerifyCopySource': async (fact, clouds) => {
      const since = { 'x-ms-source-if-modified-since': FUTURE };
      const answer = await copy(fact, clouds, since);
      sameRefusal(answer, fact);
      expect([answer.body, answer.headers['content-length']]).toEqual(['', '0']);
      // For another version, the source returns 412.
      const { with: headers } = fact;
      const other = { ...fact, with: { 'x-ms-blob-type': headers['x-ms-blob-type'] ?? '' } };
      const refused = await copy(other, clouds, { 'x-ms-source-if-match': '"0x0"' });
      expect([refused.status, codeOf(refused)]).toEqual([412, codeOf(fact)]);
    },
    'blob-PUT-fromUrl-403-CannotVerifyCopySource-issue': async (fact, clouds) => {
      const source = { 'x-ms-copy-source': await sourceUrl(clouds, 'd'), 'x-ms-blob-type': 'BlockBlob' };
      const answer = await copy(fact, clouds, source);
      // The text is that of the source.
      const own = 'This request is not authorized to perform this operation using this permission.';
      expect([answer.status, codeOf(answer), messageOf(answer.body)]).toEqual([fact.status, codeOf(fact), own]);
    },
    'blob-PUT-fromUrl-412-ConditionNotMet': async (fact, clouds) => {
      const blob = randomUUID();
      await byKey(clouds.target).getBlockBlobClient(blob).upload(CONTENT, CONTENT.length);
      sameRefusal(await copy(fact, clouds, { 'if-modified-since': FUTURE }, blob), fact);
    },
    'blob-PUT-fromUrl-412-LeaseIdMissing': async (fact, clouds) => {
      const blob = byKey(clouds.target).getBlockBlobClient(randomUUID());
      await blob.upload(CONTENT, CONTENT.length);
      await blob.getBlobLeaseClient().acquireLease(15);
      const conditions = { 'if-none-match': '"other"' };
      sameRefusal(await copy(fact, clouds, conditions, blob.name), fact);
    },
    'blob-GET-403-AuthorizationPermissionMismatch-sas': async (fact, clouds) => {
      const url = await sourceUrl(clouds, 'd');
      sameRefusal(await send(url, { ca: clouds.source.ca, headers: { 'x-ms-version': VERSION } }), fact);
    },
    'blob-GET-service-400-InvalidAuthenticationInfo-badBearer': async (fact, clouds) => {
      sameRefusal(await ask(clouds.target, fact.method, fact.path, { authorization: 'Bearer nonsense' }), fact);
    },
    'blob-HEAD-403-badkey': async (fact, clouds) => {
      const authorization = `SharedKey ${clouds.target.storage.account}:${Buffer.alloc(32).toString('base64')}`;
      sameRefusal(await ask(clouds.target, fact.method, '/transfer/blob', { authorization }), fact);
    },
    'blob-HEAD-404-container': async (fact, clouds) => {
      sameRefusal(await ask(clouds.target, fact.method, '/nothing/blob', await asWriter(clouds)), fact);
    },
    'blob-PUT-container-400-InvalidResourceName': async (fact, clouds) => {
      const headers = { ...(await asWriter(clouds)), 'content-length': '0' };
      const answer = await ask(clouds.target, fact.method, fact.path, headers);
      expect([answer.status, codeOf(answer)]).toEqual([fact.status, codeOf(fact)]);
    },
  },
};
