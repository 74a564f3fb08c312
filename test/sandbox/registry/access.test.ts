import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { image } from '../content/index.ts';
import type { Answer } from '../content/connection.ts';
import { jsonOf, startRegistryCloud } from './cloud.fixture.ts';
import type { RegistryCloud } from './cloud.fixture.ts';

const USER = '00000000-0000-0000-0000-000000000000';
const MESSAGE = 'authentication required, visit https://aka.ms/acr/authorization for more information.';
let cloud: RegistryCloud;
let other: RegistryCloud;
let host: string;

beforeAll(async () => {
  [cloud, other] = await Promise.all([startRegistryCloud('source'), startRegistryCloud('target')]);
  host = cloud.signIn.registry.loginServer;
  await cloud.pusher.push('team/app', await image({ seed: 'access' }), 'v1');
});

afterAll(async () => {
  await Promise.all([cloud.close(), other.close()]);
});

beforeEach(() => {
  cloud.setRoles('AcrPush', 'AcrDelete');
});

const post = (path: string, form: Record<string, string>): Promise<Answer> =>
  cloud.ask({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams({ service: host, ...form }).toString()),
  });
const entraToken = (from: RegistryCloud, audience = 'https://management.azure.com'): Promise<string> =>
  from.entra.mintFor(from.signIn.client.objectId, audience);
const exchange = async (token: string): Promise<Answer> =>
  post('/oauth2/exchange', { grant_type: 'access_token', access_token: token });
const member = (answer: Answer, name: string): string => (jsonOf(answer) as Record<string, string>)[name] ?? '';
const getWith = (path: string, authorization: string): Promise<Answer> =>
  cloud.ask({ method: 'GET', path, headers: { authorization } });

describe('the challenge', () => {
  it('has only realm and service for the base of the API', async () => {
    const answer = await cloud.ask({ method: 'GET', path: '/v2/' });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(`Bearer realm="https://${host}/oauth2/token",service="${host}"`);
    expect(jsonOf(answer)).toEqual({ errors: [{ code: 'UNAUTHORIZED', message: MESSAGE, detail: null }] });
    expect(answer.headers).toMatchObject({
      server: 'AzureContainerRegistry',
      'docker-distribution-api-version': 'registry/2.0',
      'access-control-expose-headers': 'Docker-Content-Digest',
    });
  });

  it.each([
    ['GET', '/v2/team/app/manifests/v1', 'repository:team/app:pull'],
    ['POST', '/v2/team/app/blobs/uploads/', 'repository:team/app:pull,push'],
    ['GET', '/acr/v1/team%2Fapp/_tags', 'repository:team/app:metadata_read'],
    ['GET', '/v2/_catalog', 'registry:catalog:*'],
  ])('for %s %s requests %s', async (method, path, scope) => {
    const answer = await cloud.ask({ method, path, headers: { authorization: 'Basic x' } });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer realm="https://${host}/oauth2/token",service="${host}",scope="${scope}",error="malformed_token"`,
    );
    const [type, name, actions] = scope.split(':');
    const detail = actions!.split(',').map((Action) => ({ Type: type, Name: name, Action }));
    expect(jsonOf(answer)).toMatchObject({ errors: [{ detail }] });
  });
});

describe('the token service', () => {
  it.each([
    'https://management.azure.com',
    'https://management.azure.com/',
    'https://management.core.windows.net/',
    'https://containerregistry.azure.net',
  ])('accepts an Entra token for %s', async (audience) => {
    expect((await exchange(await entraToken(cloud, audience))).status).toBe(200);
  });

  it.each([
    ['enabled', 200, 200],
    ['disabled', 401, 200],
  ] as const)(
    'C1: accepts tokens for ARM according to azureADAuthenticationAsArmPolicy: %s',
    async (policy, arm, own) => {
      cloud.state.patch({ registry: { azureADAuthenticationAsArmPolicy: policy } });
      try {
        expect((await exchange(await entraToken(cloud))).status).toBe(arm);
        expect((await exchange(await entraToken(cloud, 'https://containerregistry.azure.net'))).status).toBe(own);
      } finally {
        cloud.state.patch({ registry: { azureADAuthenticationAsArmPolicy: 'enabled' } });
      }
    },
  );

  it('refuses an Entra token for another service, and one of the other cloud', async () => {
    expect((await exchange(await entraToken(cloud, 'https://storage.azure.com'))).status).toBe(401);
    expect((await exchange(await entraToken(other))).status).toBe(401);
  });

  it('refuses a principal without a role here', async () => {
    cloud.setRoles('Container Registry Transfer Pipeline Contributor');
    expect((await exchange(await entraToken(cloud))).status).toBe(401);
  });

  it('refuses a refresh token and an access token of the other registry', async () => {
    const refresh = member(
      await other.ask({
        method: 'POST',
        path: '/oauth2/exchange',
        body: Buffer.from(
          new URLSearchParams({
            grant_type: 'access_token',
            service: other.signIn.registry.loginServer,
            access_token: await entraToken(other),
          }).toString(),
        ),
      }),
      'refresh_token',
    );
    expect(refresh).not.toBe('');
    const scope = 'repository:team/app:pull';
    const answer = await post('/oauth2/token', { grant_type: 'refresh_token', refresh_token: refresh, scope });
    expect(answer.status).toBe(401);
    const foreign = `Bearer ${await other.accessTokens(scope)}`;
    expect((await getWith('/v2/team/app/manifests/v1', foreign)).status).toBe(401);
  });

  it('gives an access token for user name and token, by GET and by POST', async () => {
    const password = await entraToken(cloud);
    const scope = 'repository:team/app:pull';
    const basic = `Basic ${Buffer.from(`${USER}:${password}`).toString('base64')}`;
    const query = new URLSearchParams({ service: host, scope }).toString();
    const answers = [
      await getWith(`/oauth2/token?${query}`, basic),
      await post('/oauth2/token', { grant_type: 'password', username: USER, password, scope }),
    ];
    for (const answer of answers) {
      const again = { grant_type: 'password', username: USER, password: member(answer, 'refresh_token'), scope };
      const token = member(await post('/oauth2/token', again), 'access_token');
      expect((await getWith('/v2/team/app/manifests/v1', `Bearer ${token}`)).status).toBe(200);
    }
  });

  it('grants the requested scopes that the roles allow', async () => {
    cloud.setRoles('AcrPull');
    const refresh = member(await exchange(await entraToken(cloud)), 'refresh_token');
    const scope = 'repository:team/app:pull,push,delete,metadata_read registry:catalog:*';
    const answer = await post('/oauth2/token', { grant_type: 'refresh_token', refresh_token: refresh, scope });
    expect(decodeJwt(member(answer, 'access_token'))['access']).toEqual([
      { type: 'repository', name: 'team/app', actions: ['pull', 'metadata_read'] },
      { type: 'registry', name: 'catalog', actions: ['*'] },
    ]);
  });
});

describe('an access token', () => {
  it('is good for its own repository and action only', async () => {
    const scope = 'repository:team/app:pull';
    const denied = await cloud.ask({ method: 'GET', path: '/v2/team/app/tags/list' }, scope);
    expect(denied.status).toBe(401);
    expect(denied.headers['www-authenticate']).toContain('error="insufficient_scope"');
    expect(jsonOf(denied)).toMatchObject({ errors: [{ code: 'DENIED' }, { code: 'UNAUTHORIZED' }] });
    expect((await cloud.ask({ method: 'GET', path: '/v2/team/other/manifests/v1' }, scope)).status).toBe(401);
    expect((await cloud.ask({ method: 'GET', path: '/v2/team/app/manifests/v1' }, scope)).status).toBe(200);
  });

  it('is not a refresh token, nor the other way round', async () => {
    const refresh = member(await exchange(await entraToken(cloud)), 'refresh_token');
    expect((await getWith('/v2/', `Bearer ${refresh}`)).status).toBe(401);
    const token = await cloud.accessTokens('repository:team/app:pull');
    expect((await post('/oauth2/token', { grant_type: 'refresh_token', refresh_token: token })).status).toBe(401);
  });

  it('expires', async () => {
    const lifetime = cloud.state.settings().tokenLifetimeSeconds;
    const [entra, scope] = [await entraToken(cloud), 'repository:team/app:pull'];
    const refresh = member(await exchange(entra), 'refresh_token');
    cloud.state.patch({ tokenLifetimeSeconds: 1 });
    const answer = await post('/oauth2/token', { grant_type: 'refresh_token', refresh_token: refresh, scope });
    cloud.state.patch({ tokenLifetimeSeconds: lifetime });
    const token = member(answer, 'access_token');
    const { exp = 0, iat = 0 } = decodeJwt(token);
    // It was issued 15 minutes ago, as by the service.
    expect(exp - iat).toBe(901);
    // The registry caches verified tokens. A cached token must expire too.
    await getWith('/v2/team/app/manifests/v1', `Bearer ${token}`);
    while (Date.now() < exp * 1000) await new Promise((resolve) => setTimeout(resolve, 20));
    const late = await getWith('/v2/team/app/manifests/v1', `Bearer ${token}`);
    expect(late.status).toBe(401);
    expect(late.headers['www-authenticate']).toContain('error="invalid_token"');
  });
});
