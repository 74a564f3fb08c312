import { BlockBlobClient } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultSettings } from '../settings.ts';
import { byKey, delegatedUrl, refusal, serviceAs, tokenOf } from './clients.fixture.ts';
import { startStorageClouds, trusting } from './clouds.fixture.ts';
import type { StorageCloud, StorageClouds } from './clouds.fixture.ts';

const CONTRIBUTOR = 'Storage Blob Data Contributor';
const READER = 'Storage Blob Data Reader';
const DELEGATOR = 'Storage Blob Delegator';
const PAST = new Date(Date.now() - 3_600_000);
const content = Buffer.from('the transferred bytes');

let clouds: StorageClouds;
let cloud: StorageCloud;

const open = (url: string): BlockBlobClient => new BlockBlobClient(url, undefined, trusting(cloud.ca));
const keyFor = (objectId: string): Promise<unknown> =>
  refusal(serviceAs(cloud, objectId).getUserDelegationKey(PAST, new Date(Date.now() + 3_600_000)));
const mismatch = { statusCode: 403, code: 'AuthorizationPermissionMismatch' };

beforeAll(async () => {
  clouds = await startStorageClouds();
  cloud = clouds.source;
  await byKey(cloud).create();
  for (const name of ['one', 'other']) await byKey(cloud).getBlockBlobClient(name).upload(content, content.length);
});
afterAll(() => clouds.close());
beforeEach(() => {
  cloud.roles = [{ principalId: 'someone', role: CONTRIBUTOR }];
  cloud.settings = defaultSettings.storage;
});

describe('a user delegation key', () => {
  it.each([CONTRIBUTOR, READER, DELEGATOR] as const)(
    'is available to principals with the role %s on the account',
    async (role) => {
      cloud.roles = [{ principalId: 'someone', role }];
      expect(await keyFor('someone')).toBe('nothing refused');
    },
  );

  it('is not available to other principals', async () => {
    cloud.roles = [{ principalId: 'local', role: CONTRIBUTOR, container: 'transfer' }];
    for (const principal of ['local', 'stranger']) expect(await keyFor(principal)).toMatchObject(mismatch);
  });

  it('is refused without the delegation role, and a token still works', async () => {
    cloud.settings = { ...defaultSettings.storage, delegation: 'refused' };
    expect(await keyFor('someone')).toMatchObject(mismatch);
    const container = serviceAs(cloud, 'someone').getContainerClient('transfer');
    expect(await container.getBlobClient('one').downloadToBuffer()).toEqual(content);
  });
});

describe('a user delegation SAS', () => {
  it('only reads its blob', async () => {
    const url = await delegatedUrl(cloud, 'someone', { blob: 'one' });
    expect(await open(url).downloadToBuffer()).toEqual(content);
    expect(await refusal(open(url).upload(content, content.length))).toMatchObject(mismatch);
    const elsewhere = url.replace('/one?', '/other?');
    expect(await refusal(open(elsewhere).download())).toMatchObject({ code: 'AuthenticationFailed' });
  });

  it('has only the permissions of its creator', async () => {
    const url = await delegatedUrl(cloud, 'someone', { blob: 'one', permissions: 'rw' });
    await open(url).upload(content, content.length);
    cloud.roles = [
      { principalId: 'someone', role: DELEGATOR },
      { principalId: 'someone', role: READER, container: 'transfer' },
    ];
    expect(await open(url).downloadToBuffer()).toEqual(content);
    expect(await refusal(open(url).upload(content, content.length))).toMatchObject(mismatch);
    cloud.roles = [{ principalId: 'someone', role: DELEGATOR }];
    expect(await refusal(open(url).download())).toMatchObject(mismatch);
  });

  it.each([
    ['it has ended itself', { expiresOn: PAST }, 'Signature not valid in the specified time frame: Start ['],
    ['its key has ended', { keyExpiresOn: PAST }, 'Signature not valid in the specified key time frame: Start ['],
  ])('is refused when %s', async (_when, wish, detail) => {
    const url = await delegatedUrl(cloud, 'someone', { blob: 'one', ...wish });
    expect(await refusal(open(url).download())).toMatchObject({
      statusCode: 403,
      code: 'AuthenticationFailed',
      details: { authenticationErrorDetail: expect.stringContaining(detail) as unknown },
    });
  });

  it.each([
    ['another right', 'sp', 'rw'],
    ['a later end', 'se', '2099-01-01T00:00:00Z'],
    ['a later end of its key', 'ske', '2099-01-01T00:00:00Z'],
    ['another maker', 'skoid', 'someone-else'],
    ['another protocol', 'spr', 'https,http'],
  ])('is refused when it is changed to have %s', async (_what, parameter, value) => {
    cloud.roles = [...cloud.roles, { principalId: 'someone-else', role: CONTRIBUTOR }];
    const url = new URL(await delegatedUrl(cloud, 'someone', { blob: 'one' }));
    url.searchParams.set(parameter, value);
    expect(await refusal(open(url.href).download())).toMatchObject({ code: 'AuthenticationFailed' });
  });

  it("can't be combined with another credential", async () => {
    const url = await delegatedUrl(cloud, 'someone', { blob: 'one' });
    const stranger = {
      getToken: async () => ({ token: await tokenOf(cloud, 'stranger'), expiresOnTimestamp: Infinity }),
    };
    const client = new BlockBlobClient(url, stranger, trusting(cloud.ca));
    expect(await refusal(client.download())).toMatchObject(mismatch);
  });
});
