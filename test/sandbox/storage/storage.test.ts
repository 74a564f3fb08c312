import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BlobServiceClient,
  ContainerClient,
  ContainerSASPermissions,
  SASProtocol,
  StorageSharedKeyCredential,
  generateBlobSASQueryParameters,
} from '@azure/storage-blob';
import type { BlobSASSignatureValues } from '@azure/storage-blob';
import { startStorageClouds, trusting } from './clouds.fixture.ts';
import type { StorageCloud, StorageClouds } from './clouds.fixture.ts';

const READER = 'Storage Blob Data Reader';
const CONTRIBUTOR = 'Storage Blob Data Contributor';
const HOUR = 3_600_000;
const content = Buffer.from('the transferred bytes');
const md5 = (bytes: Buffer): Buffer => createHash('md5').update(bytes).digest();

let clouds: StorageClouds;

const keyOf = ({ storage }: StorageCloud): StorageSharedKeyCredential =>
  new StorageSharedKeyCredential(storage.account, storage.key);

const withKey = (cloud: StorageCloud): BlobServiceClient =>
  new BlobServiceClient(cloud.storage.endpoint, keyOf(cloud), trusting(cloud.ca));

const withToken = (cloud: StorageCloud, token: string): BlobServiceClient =>
  new BlobServiceClient(
    cloud.storage.endpoint,
    { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + HOUR }) },
    trusting(cloud.ca),
  );

const tokenFor = (cloud: StorageCloud, objectId = 'someone'): Promise<string> =>
  cloud.tokens.mintFor(objectId, 'https://storage.azure.com');

const sasOf = (cloud: StorageCloud, permissions: string, more: Partial<BlobSASSignatureValues> = {}): string =>
  generateBlobSASQueryParameters(
    {
      containerName: 'transfer',
      permissions: ContainerSASPermissions.parse(permissions),
      expiresOn: new Date(Date.now() + HOUR),
      protocol: SASProtocol.Https,
      ...more,
    },
    keyOf(cloud),
  ).toString();

const withSas = (cloud: StorageCloud, sas: string): ContainerClient =>
  new ContainerClient(`${cloud.storage.endpoint}/transfer?${sas}`, undefined, trusting(cloud.ca));

const refusal = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing refused',
    (error: unknown) => error,
  );

const contentOf = async (container: ContainerClient, name: string): Promise<Buffer> =>
  buffer((await container.getBlobClient(name).download()).readableStreamBody!);

beforeAll(async () => {
  clouds = await startStorageClouds();
  for (const cloud of [clouds.source, clouds.target]) await withKey(cloud).createContainer('transfer');
});

afterAll(() => clouds.close());

beforeEach(() => {
  for (const cloud of [clouds.source, clouds.target]) {
    cloud.roles = [];
    cloud.intercept = () => Promise.resolve(false);
  }
});

describe('the storage account', () => {
  it('accepts the shared key, and supports ranges, properties and lists', async () => {
    const container = withKey(clouds.source).getContainerClient('transfer');
    const blob = container.getBlockBlobClient('with/key ü.tar');
    await blob.upload(content, content.length, { metadata: { category: 'acr-transfer-blob' } });
    expect(await blob.downloadToBuffer(16, 5)).toEqual(Buffer.from('bytes'));
    const properties = await blob.getProperties();
    expect(properties.metadata).toEqual({ category: 'acr-transfer-blob' });
    expect(Buffer.from(properties.contentMD5!)).toEqual(md5(content));
    const { value } = (await container.listBlobsFlat({ prefix: 'with/' }).next()) as { value: unknown };
    expect(value).toMatchObject({ name: 'with/key ü.tar' });
    const stale = await refusal(blob.download(0, undefined, { conditions: { ifMatch: '"0x0"' } }));
    expect(stale).toMatchObject({ statusCode: 412, code: 'ConditionNotMet' });
  });

  it('refuses a wrong shared key as the service does', async () => {
    const wrong = new StorageSharedKeyCredential(clouds.source.storage.account, clouds.target.storage.key);
    const client = new BlobServiceClient(clouds.source.storage.endpoint, wrong, trusting(clouds.source.ca));
    expect(await refusal(client.getProperties())).toMatchObject({ statusCode: 403, code: 'AuthenticationFailed' });
  });

  it('challenges a request without credentials', async () => {
    const client = new ContainerClient(
      `${clouds.source.storage.endpoint}/transfer`,
      undefined,
      trusting(clouds.source.ca),
    );
    const error = await refusal(client.getProperties());
    expect(error).toMatchObject({ statusCode: 401, code: 'NoAuthenticationInformation' });
  });

  it('accepts a container SAS within its permissions and lifetime', async () => {
    const writer = withSas(clouds.source, sasOf(clouds.source, 'rcwl'));
    await writer.getBlockBlobClient('with-sas').upload(content, content.length);
    expect(await contentOf(writer, 'with-sas')).toEqual(content);
    const reader = withSas(clouds.source, sasOf(clouds.source, 'r'));
    expect(await refusal(reader.deleteBlob('with-sas'))).toMatchObject({ code: 'AuthorizationPermissionMismatch' });
    const late = withSas(clouds.source, sasOf(clouds.source, 'r', { expiresOn: new Date(Date.now() - HOUR) }));
    expect(await refusal(late.getBlobClient('with-sas').download())).toMatchObject({
      statusCode: 403,
      code: 'AuthenticationFailed',
      details: { authenticationErrorDetail: expect.stringContaining('must be after signed start time') as unknown },
    });
  });

  it('refuses the SAS of the other cloud', async () => {
    const stranger = withSas(clouds.target, sasOf(clouds.source, 'racwdl'));
    expect(await refusal(stranger.getBlobClient('any').download())).toMatchObject({ code: 'AuthenticationFailed' });
  });

  it('is not trusted by a client of the other cloud', async () => {
    const client = new ContainerClient(
      `${clouds.source.storage.endpoint}/transfer`,
      undefined,
      trusting(clouds.target.ca),
    );
    expect(await refusal(client.getProperties())).toMatchObject({
      code: expect.stringContaining('SIGNATURE') as unknown,
    });
  });
});

describe('roles', () => {
  it('lets a Contributor write and a Reader read only', async () => {
    clouds.source.roles = [
      { principalId: 'writer', role: CONTRIBUTOR, container: 'transfer' },
      { principalId: 'reader', role: READER },
    ];
    const writer = withToken(clouds.source, await tokenFor(clouds.source, 'writer')).getContainerClient('transfer');
    const reader = withToken(clouds.source, await tokenFor(clouds.source, 'reader')).getContainerClient('transfer');
    await writer.getBlockBlobClient('roles').upload(content, content.length);
    expect(await contentOf(reader, 'roles')).toEqual(content);
    expect(await refusal(reader.deleteBlob('roles'))).toMatchObject({
      statusCode: 403,
      code: 'AuthorizationPermissionMismatch',
      message: expect.stringMatching(
        /^This request is not authorized .* using this permission\.\nRequestId:/,
      ) as unknown,
    });
  });

  it('does not reach beyond the container of the assignment, and ends when the role is revoked', async () => {
    clouds.source.roles = [{ principalId: 'someone', role: CONTRIBUTOR, container: 'transfer' }];
    const service = withToken(clouds.source, await tokenFor(clouds.source));
    await service.getContainerClient('transfer').getProperties();
    for (const work of [service.createContainer('other'), service.listContainers().next()])
      expect(await refusal(work)).toMatchObject({ statusCode: 403 });
    clouds.source.roles = [];
    expect(await refusal(service.getContainerClient('transfer').exists())).toMatchObject({
      code: 'AuthorizationPermissionMismatch',
    });
  });

  it('refuses a token of the other cloud and one for another audience', async () => {
    clouds.source.roles = [{ principalId: 'someone', role: CONTRIBUTOR }];
    const foreign = await tokenFor(clouds.target);
    const elsewhere = await clouds.source.tokens.mintFor('someone', 'https://vault.azure.net');
    for (const token of [foreign, elsewhere])
      expect(await refusal(withToken(clouds.source, token).getProperties())).toMatchObject({
        statusCode: 401,
        code: 'InvalidAuthenticationInfo',
      });
  });

  it('limit a user delegation SAS to the permissions of its creator', async () => {
    clouds.source.roles = [{ principalId: 'someone', role: CONTRIBUTOR }];
    const service = withToken(clouds.source, await tokenFor(clouds.source));
    const [startsOn, expiresOn] = [new Date(Date.now() - HOUR), new Date(Date.now() + HOUR)];
    const key = await service.getUserDelegationKey(startsOn, expiresOn);
    const sas = generateBlobSASQueryParameters(
      { containerName: 'transfer', permissions: ContainerSASPermissions.parse('rcw'), startsOn, expiresOn },
      key,
      clouds.source.storage.account,
    ).toString();
    const blob = withSas(clouds.source, sas).getBlockBlobClient('delegated');
    await blob.upload(content, content.length);
    clouds.source.roles = [{ principalId: 'someone', role: READER }];
    expect(await blob.downloadToBuffer()).toEqual(content);
    expect(await refusal(blob.upload(content, content.length))).toMatchObject({ statusCode: 403 });
  });
});

describe('a client that goes away', () => {
  it('in the middle of a download or an upload leaves the account as it was', async () => {
    const container = withKey(clouds.source).getContainerClient('transfer');
    const large = Buffer.alloc(16 * 1024 * 1024, 'bytes');
    const blob = container.getBlockBlobClient('large');
    await blob.upload(large, large.length);
    const { readableStreamBody } = await blob.download();
    await once(readableStreamBody!, 'readable');
    (readableStreamBody as Readable).destroy();

    const abort = new AbortController();
    const half = function* (): Generator<Buffer> {
      yield large.subarray(0, large.length / 2);
      abort.abort();
    };
    const upload = container
      .getBlockBlobClient('half')
      .upload(() => Readable.from(half()), large.length, { abortSignal: abort.signal });
    expect(await refusal(upload)).toMatchObject({ name: 'AbortError' });
    expect(await container.getBlobClient('half').exists()).toBe(false);
    expect(await blob.downloadToBuffer(0, 5)).toEqual(Buffer.from('bytes'));
  });
});

describe('faults', () => {
  it('are applied before anything else', async () => {
    clouds.source.intercept = (_request, response) => {
      response.writeHead(503, { 'x-ms-error-code': 'ServerBusy' }).end();
      return Promise.resolve(true);
    };
    expect(await refusal(withKey(clouds.source).getProperties())).toMatchObject({ statusCode: 503 });
  });
});
