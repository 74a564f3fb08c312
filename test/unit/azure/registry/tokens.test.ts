import type { TokenCredential } from '@azure/core-auth';
import { describe, expect, it } from '@jest/globals';
import { registryTokens, repositoryScope, type Tokens } from '../../../../src/azure/registry/tokens.ts';
import type { RegistryRequest, RegistryResponse } from '../../../../src/azure/registry/transport.ts';
import { fakeClock } from '../../transfer/ports/clock.fixture.ts';
import { answerOf, registryWith } from './transport.fixture.ts';

const SECRET = 'the-secret-of-the-registry';
const scopes: string[] = [];

const credential: TokenCredential = {
  getToken: (scope) => {
    scopes.push(String(scope));
    return Promise.resolve({ token: 'entra', expiresOnTimestamp: 0 });
  },
};

const masked: string[] = [];

function tokensWith(
  answer: (ask: RegistryRequest) => RegistryResponse,
  from = credential,
): { tokens: Tokens; asked: RegistryRequest[] } {
  const { send, asked } = registryWith(answer);
  const mask = (secret: string): void => {
    masked.push(secret);
  };
  const [origin, audience] = ['https://registry.example:444', 'https://management.example'];
  const source = { origin, credential: from, audience, mask };
  return { asked, tokens: registryTokens(source, send, fakeClock()) };
}

const granting = ({ url }: RegistryRequest): RegistryResponse =>
  url.endsWith('/exchange') ? answerOf(200, { refresh_token: 'refresh' }) : answerOf(200, { access_token: SECRET });

const use = (tokens: Tokens, scope: string): Promise<string> => tokens(scope).use((token) => Promise.resolve(token));

describe('the tokens of a registry', () => {
  it('are asked for by scope, after one exchange for all', async () => {
    scopes.length = 0;
    masked.length = 0;
    const { tokens, asked } = tokensWith(granting);
    const wanted = ['team/api', 'team/web', 'team/api'].map(repositoryScope);
    expect(await Promise.all(wanted.map((scope) => use(tokens, scope)))).toEqual([SECRET, SECRET, SECRET]);
    expect(scopes).toEqual(['https://management.example/.default']);
    expect(masked).toEqual(['refresh', SECRET, SECRET]);
    expect(
      asked.map(({ url, body }) => [new URL(url).pathname, Object.fromEntries(new URLSearchParams(body))]),
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

  it('are exchanged anew when the registry does not take its refresh token any more', async () => {
    let exchanges = 0;
    const { tokens } = tokensWith(({ url, body = '' }) => {
      if (url.endsWith('/exchange')) return answerOf(200, { refresh_token: `refresh-${(exchanges += 1)}` });
      return exchanges === 1 && body.includes('web') ? answerOf(401) : answerOf(200, { access_token: SECRET });
    });
    await use(tokens, repositoryScope('team/api'));
    expect(await use(tokens, repositoryScope('team/web'))).toBe(SECRET);
    expect(exchanges).toBe(2);
  });

  it.each([
    {
      name: 'it refuses the principal',
      answer: answerOf(401, { errors: [{ code: 'UNAUTHORIZED', message: 'no role' }] }),
      says: { statusCode: 401 },
    },
    {
      name: 'there is none',
      answer: answerOf(404),
      says: { message: expect.stringContaining('no Azure container registry') },
    },
    {
      name: 'it answers with something else',
      answer: answerOf(200, `{"access_token":7,"${SECRET}":`),
      says: { message: '/oauth2/exchange gave no refresh_token' },
    },
  ])('fail when the token service does: $name', async ({ answer, says }) => {
    const { tokens } = tokensWith(() => answer);
    await expect(use(tokens, repositoryScope('team/api'))).rejects.toMatchObject(says);
  });

  it('fail when the credential has no token', async () => {
    const { tokens } = tokensWith(granting, { getToken: () => Promise.resolve(null) });
    await expect(use(tokens, repositoryScope('team/api'))).rejects.toThrow('the credential gave no token');
  });
});
