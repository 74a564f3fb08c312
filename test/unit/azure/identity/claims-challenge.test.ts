/** Claims challenges of the services: a service no longer accepts the token, and names the claims that the next one needs. */
import type { TokenCredential } from '@azure/core-auth';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectArm } from '../../../../src/azure/arm/client.ts';
import { resolveCloud } from '../../../../src/azure/cloud/cloud.ts';
import { cachedTokens } from '../../../../src/azure/identity/credential.ts';
import { readSecret } from '../../../../src/azure/key-vault/secrets.ts';
import { connectContainer } from '../../../../src/azure/storage/container.ts';
import { interceptHttps, type InterceptedHttps, type SentRequest, type SentResponse } from '../http/https.fixture.ts';

const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1768000000"}}}';

/** Microsoft Learn, "Claims challenges, claims requests and client capabilities". */
const CHALLENGE = [
  'Bearer realm=""',
  'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
  'error="insufficient_claims"',
  `claims="${Buffer.from(CLAIMS).toString('base64')}"`,
].join(', ');

/** A vault names the audience of its tokens before it looks at a token. */
const VAULT_CHALLENGE = 'Bearer authorization="https://login.example/t", resource="https://vault.azure.net"';

function respond({ host, headers: { authorization } }: SentRequest): SentResponse {
  if (authorization === 'Bearer accepted') return { status: 404, headers: { 'x-ms-error-code': 'BlobNotFound' } };
  const challenge = host.includes('vault') && authorization === undefined ? VAULT_CHALLENGE : CHALLENGE;
  return { status: 401, headers: { 'www-authenticate': challenge } };
}

/** Its tokens are accepted only if they have the claims. */
const credential: TokenCredential = {
  getToken: (_, options) =>
    Promise.resolve({
      token: options?.claims === CLAIMS ? 'accepted' : 'revoked',
      expiresOnTimestamp: Date.now() + 3_600_000,
    }),
};

let https: InterceptedHttps;

beforeEach(() => {
  https = interceptHttps(respond);
});

afterEach(() => {
  https.restore();
});

const mask = (): undefined => undefined;

const SERVICES = {
  'Resource Manager': async (tokens: TokenCredential) =>
    connectArm('source', await resolveCloud('azurecloud'), tokens, 's').get('/subscriptions/s'),
  storage: (tokens: TokenCredential) =>
    connectContainer(
      'https://account.blob.core.windows.net/transfer',
      'source',
      { kind: 'token', credential: tokens, audience: null },
      { clock: { now: () => 0 }, mask },
    ).find('a.tar'),
  'a key vault': async (tokens: TokenCredential) =>
    readSecret(
      { vault: 'https://contoso.vault.azure.net', name: 'sas', version: null },
      { cloud: await resolveCloud('azurecloud'), credential: tokens, mask, requireHost: () => undefined },
    ).catch(() => null),
};

describe('C3: a claims challenge', () => {
  it.each(Object.keys(SERVICES) as (keyof typeof SERVICES)[])(
    'of %s is answered with a token that has the claims',
    async (service) => {
      await SERVICES[service](cachedTokens(credential));
      const sent = https.requests.map(({ headers: { authorization } }) => authorization);
      expect(sent.filter((authorization) => authorization !== undefined)).toEqual([
        'Bearer revoked',
        'Bearer accepted',
      ]);
    },
  );
});
