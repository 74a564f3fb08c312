/** Requests of a side in each cloud: their hosts, and the audiences of their tokens. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sideServices } from '../../../../src/azure/connect.ts';
import type { ConnectOptions } from '../../../../src/azure/identity/credential.ts';
import { openConnection, type Connection } from '../../../../src/azure/connection.ts';
import { connectProvisioning } from '../../../../src/azure/provisioning/client.ts';
import type { ProvisioningClient } from '../../../../src/provisioning/ports.ts';
import type { IdentityRequest } from '../../../../src/transfer/model/request.ts';
import { systemClock } from '../../../../src/transfer/ports/clock.ts';
import type { SideServices } from '../../../../src/transfer/ports/side-services.ts';
import { pipelineOf } from '../../transfer/ports/context.fixture.ts';
import { interceptHttps, type InterceptedHttps, type SentResponse, type SentRequest } from '../http/https.fixture.ts';

/**
 * Hosts of each cloud. Suffixes: `acr_login_server_endpoint`, `storage_endpoint` and `keyvault_dns` of the Azure CLI
 * (Azure/azure-cli, src/azure-cli-core/azure/cli/core/cloud.py). Authorities and audiences: see cloud.test.ts.
 */
const CLOUDS = [
  {
    cloud: 'AzureCloud',
    authority: 'login.microsoftonline.com',
    arm: 'management.azure.com',
    registry: 'contoso.azurecr.io',
    account: 'account.blob.core.windows.net',
    vaults: 'vault.azure.net',
    idTokenAudience: 'api://AzureADTokenExchange',
  },
  {
    cloud: 'AzureUSGovernment',
    authority: 'login.microsoftonline.us',
    arm: 'management.usgovcloudapi.net',
    registry: 'contoso.azurecr.us',
    account: 'account.blob.core.usgovcloudapi.net',
    vaults: 'vault.usgovcloudapi.net',
    idTokenAudience: 'api://AzureADTokenExchangeUSGov',
  },
  {
    cloud: 'AzureChinaCloud',
    authority: 'login.partner.microsoftonline.cn',
    arm: 'management.chinacloudapi.cn',
    registry: 'contoso.azurecr.cn',
    account: 'account.blob.core.chinacloudapi.cn',
    vaults: 'vault.azure.cn',
    idTokenAudience: 'api://AzureADTokenExchangeChina',
  },
] as const;

const TENANT = '00000000-0000-4000-8000-00000000000a';
const PIPELINE = pipelineOf('export');
const TOKEN_PATH = `/${TENANT}/oauth2/v2.0/token`;
const SECRET: IdentityRequest = { kind: 'secret', tenantId: TENANT, clientId: TENANT, clientSecret: 'secret' };

/** Response of the metadata endpoint of a custom cloud. */
const METADATA = {
  name: 'LocalCloud',
  authentication: { loginEndpoint: 'https://login.local.example/', audiences: ['https://audience.local.example'] },
};

/** Audience in the challenges of vaults; null: the audience of the vault's host. */
let challengeAudience: string | null = null;
let https: InterceptedHttps;
let logged: string[] = [];

const notFound = (code: string, headers = {}): SentResponse => ({
  status: 404,
  headers,
  body: { error: { code, message: 'It does not exist.' } },
});

/** OpenID configuration of an authority that the identity library doesn't know. */
const openIdConfiguration = (host: string): object => ({
  issuer: `https://${host}/${TENANT}/v2.0`,
  authorization_endpoint: `https://${host}/${TENANT}/oauth2/v2.0/authorize`,
  token_endpoint: `https://${host}${TOKEN_PATH}`,
  jwks_uri: `https://${host}/keys`,
});

function vaultResponse({ host, headers }: SentRequest): SentResponse {
  if (headers.authorization !== undefined) return notFound('SecretNotFound');
  const resource = challengeAudience ?? `https://${host.slice(host.indexOf('.') + 1)}`;
  const challenge = `Bearer authorization="https://login.example/${TENANT}", resource="${resource}"`;
  return { status: 401, headers: { 'www-authenticate': challenge } };
}

const scopeOf = (body: string): string => new URLSearchParams(body).get('scope') ?? '';

/** Responds for all clouds. A token contains its scope and the host that issued it. */
function respond(request: SentRequest): SentResponse {
  const { host, path, body } = request;
  if (path.includes('/oauth2/v2.0/token')) {
    return { body: { token_type: 'Bearer', expires_in: 3600, access_token: `${host} for ${scopeOf(body)}` } };
  }
  if (path.startsWith('/oauth2/')) return { body: { refresh_token: 'refresh', access_token: 'access' } };
  if (path.startsWith('/v2/_catalog')) return { body: { repositories: [] } };
  if (path.startsWith('/secrets/')) return vaultResponse(request);
  if (path.includes('/.well-known/openid-configuration')) return { body: openIdConfiguration(host) };
  if (path.startsWith('/metadata/endpoints')) return { body: METADATA };
  if (path.includes('comp=userdelegationkey')) return { status: 403, headers: { 'x-ms-error-code': 'Refused' } };
  return notFound('ResourceNotFound', { 'x-ms-error-code': 'BlobNotFound' });
}

const isSignIn = ({ path }: SentRequest): boolean => path.startsWith(TOKEN_PATH);

/** Hosts and scopes of all sign-ins. */
const signIns = (): readonly string[] =>
  https.requests.filter(isSignIn).map(({ host, body }) => `${host} for ${scopeOf(body)}`);

/** Host and token of every other request. */
const requests = (): readonly (readonly [string, string | undefined])[] =>
  https.requests
    .filter((request) => !isSignIn(request))
    .map(({ host, headers: { authorization } }) => [host, authorization?.replace(/^Bearer /, '')]);

const options = (idToken: ConnectOptions['idToken'] = () => Promise.resolve(null)): ConnectOptions => ({
  idToken,
  mask: () => undefined,
  clock: systemClock,
  log: (line) => logged.push(line),
});

const open = (cloud: string, identity: IdentityRequest = SECRET, idToken?: ConnectOptions['idToken']): Connection =>
  openConnection('source', { cloud, identity, allowedHosts: [], sas: null }, options(idToken));

const connect = (...side: Parameters<typeof open>): SideServices => sideServices(open(...side));

const provision = (cloud: string): Promise<ProvisioningClient> => connectProvisioning(open(cloud), PIPELINE);

beforeEach(() => {
  challengeAudience = null;
  logged = [];
  https = interceptHttps(respond);
});

afterEach(() => {
  https.restore();
});

describe.each(CLOUDS)('a side in $cloud', ({ cloud, authority, arm, registry, account, vaults, idTokenAudience }) => {
  const forArm = `${authority} for https://${arm}/.default`;
  const forRegistries = `${authority} for https://containerregistry.azure.net/.default`;
  const forStorage = `${authority} for https://storage.azure.com/.default`;
  const forVaults = `${authority} for https://${vaults}/.default`;
  const container = `https://${account}/transfer`;
  const secret = `https://contoso.${vaults}/secrets/sas`;

  it('sends requests to Resource Manager', async () => {
    expect(await connect(cloud).pipeline(PIPELINE)).toBeNull();
    expect(signIns()).toEqual([forArm]);
    expect(requests()).toEqual([[arm, forArm]]);
  });

  it("C1: exchanges a token for the registry's own audience", async () => {
    const side = connect(cloud);
    expect(await (await side.registry(registry)).repositories()).toEqual({ ok: true, value: [] });
    await (await side.registry(registry)).repositories();
    const exchange = https.requests.find(({ path }) => path === '/oauth2/exchange');
    expect(exchange?.host).toBe(registry);
    expect(Object.fromEntries(new URLSearchParams(exchange?.body))).toEqual({
      grant_type: 'access_token',
      service: registry,
      access_token: forRegistries,
    });
    expect(signIns()).toEqual([forRegistries]);
    expect(logged).toEqual([`${registry} accepts tokens for https://containerregistry.azure.net.`]);
  });

  it('reads blobs', async () => {
    const { find } = await connect(cloud).container(container);
    expect(await find('a.tar')).toBeNull();
    expect(signIns()).toEqual([forStorage]);
    expect(requests()).toEqual([[account, forStorage]]);
  });

  it('authorizes a blob by its token for storage', async () => {
    const { direct } = await connect(cloud).container(container);
    expect(await direct?.authorizeSource('a.tar')).toEqual({
      url: `${container}/a.tar`,
      authorization: `Bearer ${forStorage}`,
    });
  });

  it('reads a secret', async () => {
    const observation = await connect(cloud).inspector(PIPELINE).secret(secret);
    expect(observation).toEqual({ ok: true, value: { kind: 'missing' } });
    expect(signIns()).toEqual([forVaults]);
    expect(requests()).toEqual([
      [`contoso.${vaults}`, undefined],
      [`contoso.${vaults}`, forVaults],
    ]);
  });

  it('signs in with an id-token for the audience of the cloud', async () => {
    const audiences: string[] = [];
    const idToken = (audience: string): Promise<string> => {
      audiences.push(audience);
      return Promise.resolve('id-token');
    };
    const identity = { kind: 'oidc', tenantId: TENANT, clientId: TENANT, audience: null } as const;
    await connect(cloud, identity, idToken).pipeline(PIPELINE);
    expect(audiences).toEqual([idTokenAudience]);
    expect(signIns()).toEqual([forArm]);
    const sent = new URLSearchParams(https.requests.find(isSignIn)?.body);
    expect(sent.get('client_assertion')).toBe('id-token');
  });

  it('signs in with the environment of the job', async () => {
    const provided = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: TENANT, AZURE_CLIENT_SECRET: 'secret' };
    const before = { ...process.env };
    Object.assign(process.env, provided);
    try {
      await connect(cloud, { kind: 'ambient' }).pipeline(PIPELINE);
    } finally {
      for (const name of Object.keys(provided)) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, before);
    }
    expect(signIns()).toEqual([forArm]);
    expect(requests()).toEqual([[arm, forArm]]);
  });

  it('is provisioned at the same hosts with the same audiences', async () => {
    const client = await provision(cloud);
    expect(await client.pipeline()).toBeNull();
    expect(await client.containerExists(container)).toBe(false);
    expect(await client.secret(secret)).toMatchObject({ value: { kind: 'missing' } });
    expect(signIns()).toEqual([forArm, forStorage, forVaults]);
    expect(requests()).toEqual([
      [arm, forArm],
      [account, forStorage],
      [`contoso.${vaults}`, undefined],
      [`contoso.${vaults}`, forVaults],
    ]);
  });

  it.each([
    { name: 'Resource Manager', resource: `https://${arm}` },
    { name: 'storage', resource: 'https://storage.azure.com' },
    { name: 'vaults of another cloud', resource: 'https://vault.example.net' },
    { name: 'a host with the same beginning', resource: `https://${vaults}.example.net` },
    { name: 'a host with the same ending', resource: `https://my${vaults}` },
  ])('sends a vault no token for $name', async ({ resource }) => {
    challengeAudience = resource;
    const observation = await connect(cloud).inspector(PIPELINE).secret(secret);
    expect(observation).toMatchObject({ ok: false, problem: expect.stringContaining('does not match') });
    expect(signIns()).toEqual([]);
    expect(requests()).toEqual([[`contoso.${vaults}`, undefined]]);
  });

  it('sends a vault outside of the cloud no token for the vaults of the cloud', async () => {
    challengeAudience = `https://${vaults}`;
    const observation = await connect(cloud)
      .inspector(PIPELINE)
      .secret('https://contoso.vault.example.net/secrets/sas');
    expect(observation).toMatchObject({ ok: false, problem: expect.stringContaining("doesn't belong to the cloud") });
    expect(https.requests).toEqual([]);
  });
});

describe('a side in a custom cloud', () => {
  const cloud = 'https://management.local.example';
  const authority = 'login.local.example';
  const forArm = `${authority} for https://audience.local.example/.default`;
  const readSecretOf = (vault: string) => connect(cloud).inspector(PIPELINE).secret(`https://${vault}/secrets/sas`);
  const signInHosts = (): readonly string[] => https.requests.filter(isSignIn).map(({ host }) => host);

  it('sends requests to Resource Manager, and none to the list of public clouds', async () => {
    expect(await connect(cloud).pipeline(PIPELINE)).toBeNull();
    expect(signIns()).toEqual([forArm]);
    expect(new Set(https.requests.map(({ host }) => host))).toEqual(new Set(['management.local.example', authority]));
  });

  it('reads blobs with a token for only the account', async () => {
    const { find } = await connect(cloud).container('https://account.local.example/transfer');
    await find('a.tar');
    expect(signIns()).toEqual([`${authority} for https://account.local.example/.default`]);
  });

  it.each(['https://vault.local.example', 'https://vault.other.example'])(
    'sends any vault a token for vaults: %s',
    async (resource) => {
      challengeAudience = resource;
      expect(await readSecretOf('secrets.local.example')).toEqual({ ok: true, value: { kind: 'missing' } });
      expect(signIns()).toEqual([`${authority} for ${resource}/.default`]);
    },
  );

  it.each([
    'https://audience.local.example',
    'https://storage.azure.com',
    'https://myvault.local.example',
    'http://vault.local.example',
  ])('sends a vault no other token: %s', async (resource) => {
    challengeAudience = resource;
    expect(await readSecretOf('secrets.local.example')).toMatchObject({
      ok: false,
      problem: expect.stringContaining(resource),
    });
    expect(signInHosts()).toEqual([]);
  });
});
