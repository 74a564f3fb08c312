import { describe, expect, it } from '@jest/globals';
import { resolveCloud, type Cloud, type HostKind } from '../../../../src/azure/cloud/cloud.ts';
import { hostGuard } from '../../../../src/azure/cloud/hosts.ts';

type Row = readonly [cloud: string, kind: HostKind, url: string];

const guard = async (cloud: string, allowed: readonly string[] = []) =>
  hostGuard('source', await resolveCloud(cloud), allowed);

describe('A10: a host of a known cloud', () => {
  it.each<Row>([
    ['azurecloud', 'storage', 'https://account.blob.core.windows.net/c'],
    ['azurecloud', 'storage', 'https://ACCOUNT-secondary.blob.core.windows.net/c'],
    ['azurecloud', 'storage', 'https://account.z07.blob.storage.azure.net/c'],
    ['azurecloud', 'registry', 'https://contoso-a1b2c3.azurecr.io'],
    ['azurecloud', 'vault', 'https://v.vault.azure.net'],
    ['azureusgovernment', 'storage', 'https://account.blob.core.usgovcloudapi.net/c'],
    ['azureusgovernment', 'registry', 'https://contoso.azurecr.us'],
    ['azureusgovernment', 'vault', 'https://v.vault.usgovcloudapi.net'],
    ['azurechinacloud', 'storage', 'https://account.blob.core.chinacloudapi.cn/c'],
    ['azurechinacloud', 'registry', 'https://contoso.azurecr.cn'],
    ['azurechinacloud', 'vault', 'https://v.vault.azure.cn'],
  ])('is accepted: %s, %s, %s', async (cloud, kind, url) => {
    const requireHost = await guard(cloud);
    expect(() => {
      requireHost(kind, url);
    }).not.toThrow();
  });

  it.each<Row>([
    ['azurecloud', 'storage', 'https://blob.core.windows.net.evil.example/c'],
    ['azurecloud', 'storage', 'https://evilblob.core.windows.net/c'],
    ['azurecloud', 'storage', 'https://account.blob.core.windows.net:8443/c'],
    ['azurecloud', 'storage', 'https://account.blob.core.windows.net@evil.example/c'],
    ['azurecloud', 'storage', 'https://account.z7.blob.storage.azure.net/c'],
    ['azurecloud', 'storage', 'https://a.b.z07.blob.storage.azure.net/c'],
    ['azurecloud', 'storage', 'https://contoso.azurecr.io/c'],
    ['azurecloud', 'storage', 'no URL'],
    ['azurecloud', 'registry', 'https://contoso.azurecr.us'],
    ['azurecloud', 'vault', 'https://127.0.0.1'],
    ['azureusgovernment', 'storage', 'https://account.z07.blob.storage.azure.net/c'],
    ['azurechinacloud', 'storage', 'https://account.blob.core.windows.net/c'],
  ])('is refused without a suffix of the cloud: %s, %s, %s', async (cloud, kind, url) => {
    const requireHost = await guard(cloud);
    expect(() => {
      requireHost(kind, url);
    }).toThrow(expect.objectContaining({ facts: expect.objectContaining({ id: 'ACRT2017' }) as unknown }));
  });

  it('is refused in a DNS zone of Azure if a custom cloud only has the same suffix', async () => {
    const cloud: Cloud = { ...(await resolveCloud('azurecloud')), custom: true };
    expect(() => {
      hostGuard('source', cloud, [])('storage', 'https://account.z07.blob.storage.azure.net/c');
    }).toThrow(expect.objectContaining({ facts: expect.objectContaining({ id: 'ACRT2017' }) as unknown }));
  });

  it('is accepted if the inputs allow it, with its port and below a domain', async () => {
    const requireHost = await guard('azurecloud', ['Blobs.contoso.com', '*.corp.example', 'local:8443']);
    for (const url of ['https://blobs.contoso.com/c', 'https://a.corp.example/c', 'https://local:8443/c']) {
      expect(() => {
        requireHost('storage', url);
      }).not.toThrow();
    }
    for (const url of [
      'https://contoso.com/c',
      'https://corp.example/c',
      'https://local/c',
      'https://x.blobs.contoso.com/c',
    ]) {
      expect(() => {
        requireHost('storage', url);
      }).toThrow(/ACRT2017/);
    }
  });
});

describe('A10: a host of a custom cloud', () => {
  const cloud = { name: 'Local', custom: true } as Cloud;

  it('has a suffix of its metadata, and is any host if the metadata lists none', () => {
    const suffixes = { storage: ['local.example'], registry: [], vault: [] };
    const requireHost = hostGuard('target', { ...cloud, suffixes }, []);
    requireHost('storage', 'https://a.blob.local.example/c');
    requireHost('storage', 'https://local.example/a/c');
    requireHost('registry', 'https://anything.example');
    expect(() => {
      requireHost('storage', 'https://a.z07.blob.storage.azure.net/c');
    }).toThrow(/target side doesn't belong to the cloud Local/);
  });
});
