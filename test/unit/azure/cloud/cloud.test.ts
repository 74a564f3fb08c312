import { AzureAuthorityHosts } from '@azure/identity';
import { KnownContainerRegistryAudience } from '@azure/container-registry';
import { StorageBlobAudience } from '@azure/storage-blob';
import { afterEach, describe, expect, it } from '@jest/globals';
import { resolveCloud, type Cloud } from '../../../../src/azure/cloud/cloud.ts';
import { interceptHttps, type InterceptedHttps } from '../http/https.fixture.ts';

/**
 * The known clouds as Microsoft documents them:
 * - `arm`: `resource_manager` of the Azure CLI (Azure/azure-cli, src/azure-cli-core/azure/cli/core/cloud.py).
 * - `authority`, `portal`: Microsoft Learn, "National clouds" (entra/identity-platform/authentication-national-cloud). The
 *   Azure CLI still names the older alias login.chinacloudapi.cn for China.
 * - `registryAudiences`: the registry's own, then `KnownContainerRegistryAudience` of @azure/container-registry.
 * - `storageAudience`: Microsoft Learn, "Authorize with Microsoft Entra ID" (rest/api/storageservices): one resource ID for
 *   all clouds, and `STORAGE_RESOURCE_ENDPOINT` of the Azure CLI.
 * - `idTokenAudience`: Microsoft Learn, "Configure an application to trust a managed identity"
 *   (entra/workload-id/workload-identity-federation-config-app-trust-managed-identity).
 */
const DOCUMENTED: readonly Cloud[] = [
  {
    name: 'azurecloud',
    arm: 'https://management.azure.com',
    armScope: 'https://management.azure.com/.default',
    authority: 'https://login.microsoftonline.com',
    registryAudiences: ['https://containerregistry.azure.net', 'https://management.azure.com'],
    storageAudience: 'https://storage.azure.com',
    idTokenAudience: 'api://AzureADTokenExchange',
    custom: false,
    portal: 'https://portal.azure.com',
    suffixes: { storage: ['blob.core.windows.net'], registry: ['azurecr.io'], vault: ['vault.azure.net'] },
  },
  {
    name: 'azureusgovernment',
    arm: 'https://management.usgovcloudapi.net',
    armScope: 'https://management.usgovcloudapi.net/.default',
    authority: 'https://login.microsoftonline.us',
    registryAudiences: ['https://containerregistry.azure.net', 'https://management.usgovcloudapi.net'],
    storageAudience: 'https://storage.azure.com',
    idTokenAudience: 'api://AzureADTokenExchangeUSGov',
    custom: false,
    portal: 'https://portal.azure.us',
    suffixes: {
      storage: ['blob.core.usgovcloudapi.net'],
      registry: ['azurecr.us'],
      vault: ['vault.usgovcloudapi.net'],
    },
  },
  {
    name: 'azurechinacloud',
    arm: 'https://management.chinacloudapi.cn',
    armScope: 'https://management.chinacloudapi.cn/.default',
    authority: 'https://login.partner.microsoftonline.cn',
    registryAudiences: ['https://containerregistry.azure.net', 'https://management.chinacloudapi.cn'],
    storageAudience: 'https://storage.azure.com',
    idTokenAudience: 'api://AzureADTokenExchangeChina',
    custom: false,
    portal: 'https://portal.azure.cn',
    suffixes: { storage: ['blob.core.chinacloudapi.cn'], registry: ['azurecr.cn'], vault: ['vault.azure.cn'] },
  },
];

/** Spellings of the Azure CLI. */
const SPELLINGS = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'];

let https: InterceptedHttps | null = null;

afterEach(() => {
  https?.restore();
  https = null;
});

describe('a known cloud', () => {
  it.each(DOCUMENTED)('has the documented endpoints and audiences: $name', async (cloud) => {
    expect(await resolveCloud(cloud.name)).toEqual(cloud);
  });

  it.each(SPELLINGS.map((spelling, index) => ({ spelling, cloud: DOCUMENTED[index] })))(
    'is found in the spelling of the Azure CLI, without a request: $spelling',
    async ({ spelling, cloud }) => {
      https = interceptHttps(() => ({ status: 404 }));
      expect(await resolveCloud(spelling)).toEqual(cloud);
      expect(https.requests).toEqual([]);
    },
  );

  it("has the endpoints and audiences of Microsoft's own libraries", async () => {
    const [global, government, china] = await Promise.all(SPELLINGS.map(resolveCloud));
    expect([global, government, china].map((cloud) => cloud?.registryAudiences.at(-1))).toEqual([
      KnownContainerRegistryAudience.AzureResourceManagerPublicCloud,
      KnownContainerRegistryAudience.AzureResourceManagerGovernment,
      KnownContainerRegistryAudience.AzureResourceManagerChina,
    ]);
    expect([global?.authority, government?.authority]).toEqual([
      AzureAuthorityHosts.AzurePublicCloud,
      AzureAuthorityHosts.AzureGovernment,
    ]);
    for (const cloud of [global, government, china]) {
      expect(`${cloud?.storageAudience ?? ''}/.default`).toBe(StorageBlobAudience.StorageOAuthScopes);
    }
  });
});

const ARM = 'https://management.local.example';

const METADATA = {
  name: 'LocalCloud',
  resourceManager: `${ARM}/`,
  portal: 'https://portal.local.example/',
  authentication: { loginEndpoint: 'https://login.local.example/', audiences: ['https://audience.local.example'] },
  suffixes: { storage: 'Local.example', acrLoginServer: '.azurecr.local.example', keyVaultDns: '' },
};

const CUSTOM: Cloud = {
  name: 'LocalCloud',
  arm: ARM,
  armScope: 'https://audience.local.example/.default',
  authority: 'https://login.local.example',
  registryAudiences: ['https://containerregistry.azure.net', 'https://audience.local.example'],
  storageAudience: null,
  idTokenAudience: 'api://AzureADTokenExchange',
  custom: true,
  portal: 'https://portal.local.example',
  suffixes: { storage: ['local.example'], registry: ['azurecr.local.example'], vault: [] },
};

describe('a custom cloud', () => {
  /** Resolves the cloud at `ARM`, whose metadata endpoint returns this body. */
  const resolved = (body: unknown, endpoint = ARM): Promise<Cloud> => {
    https = interceptHttps(() => ({ body }));
    return resolveCloud(endpoint);
  };

  it.each([
    { name: 'alone', body: METADATA },
    { name: 'among others', body: [{ ...METADATA, resourceManager: 'https://other.example' }, METADATA] },
  ])('is described by its endpoint, $name', async ({ body }) => {
    expect(await resolved(body)).toEqual(CUSTOM);
    expect(https?.requests.map(({ host, path }) => host + path)).toEqual([
      'management.local.example/metadata/endpoints?api-version=2022-09-01',
    ]);
  });

  it('is the same with a trailing slash', async () => {
    expect(await resolved(METADATA, `${ARM}/`)).toEqual(CUSTOM);
  });

  it('is named after its host if its metadata has no name', async () => {
    expect((await resolved({ ...METADATA, name: null })).name).toBe('management.local.example');
  });

  it.each(['http://portal.local.example', 'javascript:alert(1)', 'portal', null, 7])(
    'has no portal if its metadata contains %j',
    async (portal) => {
      expect((await resolved({ ...METADATA, portal })).portal).toBeNull();
    },
  );

  it.each([
    { name: 'no sign-in', body: { ...METADATA, authentication: { audiences: ['a'] } } },
    { name: 'no audience', body: { ...METADATA, authentication: { loginEndpoint: 'https://l', audiences: [] } } },
    { name: 'other clouds only', body: [{ ...METADATA, resourceManager: 'https://other.example' }] },
  ])('is rejected if its endpoint describes $name', async ({ body }) => {
    await expect(resolved(body)).rejects.toMatchObject({ facts: { id: 'ACRT2004' } });
  });

  it('is rejected if its endpoint has no metadata', async () => {
    https = interceptHttps(() => ({ status: 404 }));
    await expect(resolveCloud(ARM)).rejects.toMatchObject({
      facts: { id: 'ACRT2004', message: expect.stringContaining('HTTP 404') },
    });
  });
});
