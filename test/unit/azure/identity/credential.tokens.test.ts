import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { resolveCloud } from '../../../../src/azure/cloud/cloud.ts';
import { sideCredential } from '../../../../src/azure/identity/credential.ts';
import type { IdentityRequest } from '../../../../src/transfer/model/request.ts';
import { interceptHttps, type InterceptedHttps, type SentResponse } from '../http/https.fixture.ts';

const GUID = '00000000-0000-4000-8000-00000000000a';
const OIDC: IdentityRequest = { kind: 'oidc', tenantId: GUID, clientId: GUID, audience: null };
const SECRET: IdentityRequest = { kind: 'secret', tenantId: GUID, clientId: GUID, clientSecret: 'secret' };
const CORRELATION = '11111111-2222-3333-4444-555555555555';

let https: InterceptedHttps;
let tokenResponse: SentResponse;
let idTokens: number;
let masked: string[];

beforeEach(() => {
  idTokens = 0;
  masked = [];
  tokenResponse = { body: { token_type: 'Bearer', expires_in: 3600, access_token: 'access' } };
  https = interceptHttps(({ path }) =>
    path.includes('/oauth2/v2.0/token')
      ? tokenResponse
      : {
          body: {
            issuer: `https://login.microsoftonline.com/${GUID}/v2.0`,
            authorization_endpoint: `https://login.microsoftonline.com/${GUID}/oauth2/v2.0/authorize`,
            token_endpoint: `https://login.microsoftonline.com/${GUID}/oauth2/v2.0/token`,
            jwks_uri: 'https://login.microsoftonline.com/keys',
          },
        },
  );
});

afterEach(() => {
  jest.restoreAllMocks();
  https.restore();
});

async function credentialOf(request: IdentityRequest) {
  const cloud = await resolveCloud('AzureCloud');
  const idToken = (): Promise<string> => Promise.resolve(`id-token-${(idTokens += 1)}`);
  const mask = (secret: string): void => {
    masked.push(secret);
  };
  return sideCredential(request, { side: 'source', cloud, idToken, mask });
}

const assertions = (): readonly (string | null)[] =>
  https.requests
    .filter(({ path }) => path.includes('/oauth2/v2.0/token'))
    .map(({ body }) => new URLSearchParams(body).get('client_assertion'));

describe('an id-token', () => {
  it('is requested once per token, and both are masked', async () => {
    const credential = await credentialOf(OIDC);
    expect(await credential.getToken('https://a.example/.default')).toMatchObject({ token: 'access' });
    expect([idTokens, assertions()]).toEqual([1, ['id-token-1']]);
    expect(masked).toEqual(['id-token-1', 'access']);
  });

  it('is reused for two minutes', async () => {
    const credential = await credentialOf(OIDC);
    await credential.getToken('https://a.example/.default');
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 119_000);
    await credential.getToken('https://b.example/.default');
    expect(idTokens).toBe(1);
    jest.spyOn(Date, 'now').mockReturnValue(now + 121_000);
    await credential.getToken('https://c.example/.default');
    expect(idTokens).toBe(2);
    expect(assertions().at(-1)).toBe('id-token-2');
  });
});

describe('a sign-in that Entra denies', () => {
  it('throws an error with the reason and the correlation ID', async () => {
    const description = `AADSTS7000215: Invalid client secret provided. Trace ID: ${GUID} Correlation ID: ${CORRELATION} Timestamp: x`;
    tokenResponse = {
      status: 401,
      body: {
        error: 'invalid_client',
        error_description: description,
        error_codes: [7000215],
        correlation_id: CORRELATION,
      },
    };
    const credential = await credentialOf(SECRET);
    await expect(credential.getToken('https://a.example/.default')).rejects.toMatchObject({
      facts: {
        id: expect.stringMatching(/^ACRT20(?!03)/),
        correlationId: CORRELATION,
        message: expect.stringContaining('AADSTS7000215'),
      },
    });
  });
});
