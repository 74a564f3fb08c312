import type { TokenCredential } from '@azure/core-auth';
import { describe, expect, it } from '@jest/globals';
import { registryTokens, repositoryScope, type Tokens } from '../../../../src/azure/registry/tokens.ts';
import type { RegistryRequest, RegistryResponse } from '../../../../src/azure/registry/transport.ts';
import { fakeClock } from '../../transfer/ports/clock.fixture.ts';
import { responseOf, registryWith } from './transport.fixture.ts';

const SECRET = 'the-secret-of-the-registry';
const scopes: string[] = [];

const credential: TokenCredential = {
  getToken: (scope) => {
    scopes.push(String(scope));
    return Promise.resolve({ token: 'entra', expiresOnTimestamp: 0 });
  },
};

const masked: string[] = [];
const accepted: string[] = [];
const [OWN, OTHER] = ['https://own.example', 'https://management.example'];

function tokensWith(
  respond: (request: RegistryRequest) => RegistryResponse,
  from = credential,
  audiences = [OTHER],
): { tokens: Tokens; requests: RegistryRequest[] } {
  const { send, requests } = registryWith(respond);
  const mask = (secret: string): void => {
    masked.push(secret);
  };
  const onAudience = (audience: string): void => {
    accepted.push(audience);
  };
  const source = { origin: 'https://registry.example:444', credential: from, audiences, mask, onAudience };
  return { requests, tokens: registryTokens(source, send, fakeClock()) };
}

const grantTokens = ({ url }: RegistryRequest): RegistryResponse =>
  url.endsWith('/exchange') ? responseOf(200, { refresh_token: 'refresh' }) : responseOf(200, { access_token: SECRET });

const use = (tokens: Tokens, scope: string): Promise<string> => tokens(scope).use((token) => Promise.resolve(token));

describe('registryTokens', () => {
  it('requests one token per scope after one exchange', async () => {
    scopes.length = 0;
    masked.length = 0;
    const { tokens, requests } = tokensWith(grantTokens);
    const wanted = ['team/api', 'team/web', 'team/api'].map(repositoryScope);
    expect(await Promise.all(wanted.map((scope) => use(tokens, scope)))).toEqual([SECRET, SECRET, SECRET]);
    expect(scopes).toEqual(['https://management.example/.default']);
    expect(masked).toEqual(['refresh', SECRET, SECRET]);
    expect(
      requests.map(({ url, body }) => [new URL(url).pathname, Object.fromEntries(new URLSearchParams(body))]),
    ).toEqual([
      ['/oauth2/exchange', { grant_type: 'access_token', service: 'registry.example:444', access_token: 'entra' }],
      ...['team/api', 'team/web'].map((name) => [
        '/oauth2/token',
        {
          grant_type: 'refresh_token',
          service: 'registry.example:444',
          scope: `repository:${name}:pull,metadata_read`,
          refresh_token: 'refresh',
        },
      ]),
    ]);
  });

  it('repeats the exchange when the registry rejects the refresh token', async () => {
    let exchanges = 0;
    const { tokens } = tokensWith(({ url, body = '' }) => {
      if (url.endsWith('/exchange')) return responseOf(200, { refresh_token: `refresh-${(exchanges += 1)}` });
      return exchanges === 1 && body.includes('web') ? responseOf(401) : responseOf(200, { access_token: SECRET });
    });
    await use(tokens, repositoryScope('team/api'));
    expect(await use(tokens, repositoryScope('team/web'))).toBe(SECRET);
    expect(exchanges).toBe(2);
  });

  it.each([
    {
      name: 'a denial',
      response: responseOf(401, { errors: [{ code: 'UNAUTHORIZED', message: 'no role' }] }),
      error: { statusCode: 401 },
    },
    {
      name: 'no such path',
      response: responseOf(404),
      error: { message: expect.stringContaining('not an Azure container registry') },
    },
    {
      name: 'an invalid body',
      response: responseOf(200, `{"access_token":7,"${SECRET}":`),
      error: { message: '/oauth2/exchange returned no refresh_token' },
    },
  ])('fails if the token service fails: $name', async ({ response, error }) => {
    const { tokens } = tokensWith(() => response);
    await expect(use(tokens, repositoryScope('team/api'))).rejects.toMatchObject(error);
  });

  describe('C1: with several audiences', () => {
    /** Tokens whose value is their scope. The directory doesn't know the scopes of `unknown`. */
    const directory = (unknown: string | null): TokenCredential => ({
      getToken: (scope) =>
        unknown !== null && String(scope).startsWith(unknown)
          ? Promise.reject(new Error(`AADSTS500011: The resource principal named ${String(scope)} was not found`))
          : Promise.resolve({ token: String(scope), expiresOnTimestamp: 0 }),
    });
    /** A registry that accepts only tokens for one audience. */
    const registry =
      (audience: string | null) =>
      (request: RegistryRequest): RegistryResponse =>
        request.url.endsWith('/exchange') &&
        !(audience !== null && request.body?.includes(encodeURIComponent(audience)))
          ? responseOf(401, { errors: [{ code: 'UNAUTHORIZED', message: 'token validation failed' }] })
          : grantTokens(request);

    it.each([
      { name: 'the first', unknown: null, accepts: OWN, expected: OWN, exchanges: 1 },
      {
        name: 'the second, if the directory does not know the first',
        unknown: OWN,
        accepts: OTHER,
        expected: OTHER,
        exchanges: 1,
      },
      {
        name: 'the second, if the registry refuses the first',
        unknown: null,
        accepts: OTHER,
        expected: OTHER,
        exchanges: 2,
      },
    ])('uses $name', async ({ unknown, accepts, expected, exchanges }) => {
      accepted.length = 0;
      const { tokens, requests } = tokensWith(registry(accepts), directory(unknown), [OWN, OTHER]);
      expect(await use(tokens, repositoryScope('team/api'))).toBe(SECRET);
      expect(requests.filter(({ url }) => url.endsWith('/exchange'))).toHaveLength(exchanges);
      expect(accepted).toEqual([expected]);
    });

    it.each([
      { name: 'the registry, if it refuses both', unknown: null },
      { name: 'the registry, if the directory does not know the other', unknown: OTHER },
    ])('throws the refusal of $name', async ({ unknown }) => {
      const { tokens } = tokensWith(registry(null), directory(unknown), [OWN, OTHER]);
      await expect(use(tokens, repositoryScope('team/api'))).rejects.toMatchObject({ statusCode: 401 });
    });

    it('tries each audience once when the accepted one is refused later', async () => {
      let accepts: string | null = OTHER;
      const respond = (request: RegistryRequest): RegistryResponse =>
        request.url.endsWith('/token') && accepts === null ? responseOf(401) : registry(accepts)(request);
      const { tokens, requests } = tokensWith(respond, directory(null), [OWN, OTHER]);
      await use(tokens, repositoryScope('team/api'));
      accepts = null;
      requests.length = 0;
      await expect(use(tokens, repositoryScope('team/web'))).rejects.toMatchObject({ statusCode: 401 });
      const exchanges = requests.filter(({ url }) => url.endsWith('/exchange'));
      expect(exchanges.map(({ body }) => new URLSearchParams(body).get('access_token'))).toEqual(
        [OTHER, OWN].map((audience) => `${audience}/.default`),
      );
    });

    it('throws the refusal of the directory if it knows neither', async () => {
      const { tokens } = tokensWith(registry(OWN), directory('https://'), [OWN, OTHER]);
      await expect(use(tokens, repositoryScope('team/api'))).rejects.toThrow(`named ${OTHER}`);
    });

    it('does not try the second after any other error', async () => {
      const { tokens, requests } = tokensWith(() => responseOf(403), directory(null), [OWN, OTHER]);
      await expect(use(tokens, repositoryScope('team/api'))).rejects.toMatchObject({ statusCode: 403 });
      expect(requests).toHaveLength(1);
    });
  });

  it('fails if the credential returns no token', async () => {
    const { tokens } = tokensWith(grantTokens, { getToken: () => Promise.resolve(null) });
    await expect(use(tokens, repositoryScope('team/api'))).rejects.toThrow('the credential returned no token');
  });
});
