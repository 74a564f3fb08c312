import * as tls from 'node:tls';
import { ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connectContainer } from '../../../src/azure/storage.ts';
import type { BlobContainer } from '../../../src/transfer/services.ts';
import { STARTING, startStorageClouds, trusting } from './clouds.fixture.ts';
import type { StorageCloud, StorageClouds } from './clouds.fixture.ts';

const savedCertificates = tls.getCACertificates('default');
let clouds: StorageClouds;
let cloud: StorageCloud;
let container: BlobContainer;

const credential = {
  getToken: async () => ({
    token: await cloud.tokens.mintFor('someone', 'https://storage.azure.com'),
    expiresOnTimestamp: Date.now() + 3_600_000,
  }),
};

beforeAll(async () => {
  clouds = await startStorageClouds();
  cloud = clouds.source;
  tls.setDefaultCACertificates([...savedCertificates, cloud.ca]);
  cloud.roles = [{ principalId: 'someone', role: 'Storage Blob Data Contributor' }];
  const uri = `${cloud.storage.endpoint}/transfer`;
  await new ContainerClient(uri, credential, trusting(cloud.ca)).create();
  container = connectContainer(uri, 'source', { kind: 'token', credential, audience: 'https://storage.azure.com' });
}, STARTING);

afterAll(async () => {
  tls.setDefaultCACertificates(savedCertificates);
  await clouds.close();
});

beforeEach(() => {
  cloud.roles = [{ principalId: 'someone', role: 'Storage Blob Data Contributor' }];
});

describe('texts in a container', () => {
  it('are written once when they must not be there yet', async () => {
    expect(await container.replaceText('a/history.json', '{"a":"ü"}', null)).toBe(true);
    expect(await container.replaceText('a/history.json', '{}', null)).toBe(false);
    expect(await container.readText('a/history.json')).toBe('{"a":"ü"}');
    expect(await container.find('a/history.json')).toMatchObject({
      contentType: 'application/json',
      modifiedAt: expect.any(Number),
    });
  });

  it('are replaced by the first of two who have read the same version', async () => {
    await container.writeText('b.json', '1');
    const [one, other] = [await container.readVersion('b.json'), await container.readVersion('b.json')];
    expect(one).toEqual({ text: '1', etag: expect.stringMatching(/./) });
    const written = await Promise.all([
      container.replaceText('b.json', '2', one!.etag),
      container.replaceText('b.json', '3', other!.etag),
    ]);
    expect(written.toSorted()).toEqual([false, true]);
    expect(await container.readText('b.json')).toBe(written[0] ? '2' : '3');
  });

  it('are not replaced when they are gone', async () => {
    expect(await container.replaceText('gone.json', '{}', '"0x8D0000000000000"')).toBe(false);
    expect(await container.find('gone.json')).toBeNull();
  });

  it('are null when they are not there, and may be empty', async () => {
    expect([await container.readVersion('none.json'), await container.readText('none.json')]).toEqual([null, null]);
    await container.writeText('empty.json', '');
    expect(await container.readText('empty.json')).toBe('');
  });

  it('are listed by the end of their names, in order', async () => {
    for (const name of ['z.receipt.json', 'l/b.receipt.json', 'l/a.receipt.json', 'l/a.receipt.json.tar']) {
      await container.writeText(name, '{}');
    }
    expect(await container.list('.receipt.json')).toEqual(['l/a.receipt.json', 'l/b.receipt.json', 'z.receipt.json']);
    expect(await container.list('.nothing')).toEqual([]);
  });

  it('are refused without a role', async () => {
    cloud.roles = [];
    const works = [
      () => container.readVersion('b.json'),
      () => container.replaceText('b.json', '{}', null),
      () => container.list('.json'),
    ];
    for (const work of works) await expect(work()).rejects.toMatchObject({ facts: { id: 'ACRT5004' } });
  });
});
