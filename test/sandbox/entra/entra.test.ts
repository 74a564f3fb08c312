import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import * as tls from 'node:tls';
import { getIDToken } from '@actions/core';
import { ClientAssertionCredential, ClientSecretCredential, ManagedIdentityCredential } from '@azure/identity';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, SignJWT } from 'jose';
import { contextOf, createCloudState } from '../cloud-state.ts';
import { startIdTokenService } from '../id-token.ts';
import type { IdTokenService } from '../id-token.ts';
import { requestUrlOf, type TokenJob } from '../id-token-claims.ts';
import { send } from '../request.ts';
import { createAuthority } from '../tls.ts';
import type { CertificateAuthority } from '../tls.ts';
import type { Directory } from './directory.ts';
import { startEntra } from './index.ts';
import type { EntraService } from './index.ts';

const AUDIENCE = 'api://AzureADTokenExchange';
const RESOURCE = 'https://vault.azure.net';
const tenantId = randomUUID();
const state = createCloudState();
const savedEnvironment = { ...process.env };
const savedCertificates = tls.getCACertificates('default');

let authority: CertificateAuthority;
let runner: IdTokenService;
let entra: EntraService;
let directory: Directory;

const options = (): { authorityHost: string; disableInstanceDiscovery: boolean } => ({
  authorityHost: entra.origin,
  disableInstanceDiscovery: true,
});
const application = (): Directory['applications'][number] => directory.applications[0]!;

async function token(form: Record<string, string>, tenant = tenantId): Promise<{ status: number; body: string }> {
  return send(`${entra.origin}/${tenant}/oauth2/v2.0/token`, {
    ca: authority.certificate,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: `${RESOURCE}/.default`, ...form }).toString(),
  });
}

beforeAll(async () => {
  authority = await createAuthority('entra test');
  tls.setDefaultCACertificates([...savedCertificates, authority.certificate]);
  runner = await startIdTokenService(authority);
  directory = {
    applications: [
      {
        clientId: randomUUID(),
        objectId: randomUUID(),
        secret: 's~ecret',
        federatedCredentials: [
          { issuer: runner.issuer, issuerCa: authority.certificate, subject: runner.subject, audience: AUDIENCE },
        ],
      },
    ],
    managedIdentities: [{ clientId: randomUUID(), objectId: randomUUID() }],
    identityHeader: 'header',
    resources: () => [RESOURCE],
  };
  entra = await startEntra(contextOf({ side: 'source', authority, tenantId, folder: tmpdir() }, state), directory);
  process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] = runner.requestUrl;
  process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] = runner.requestToken;
  process.env['IDENTITY_ENDPOINT'] = entra.managedIdentityEndpoint;
  process.env['IDENTITY_HEADER'] = directory.identityHeader;
});

afterAll(async () => {
  process.env = savedEnvironment;
  tls.setDefaultCACertificates(savedCertificates);
  await Promise.all([entra.close(), runner.close()]);
});

describe('the Azure identity library', () => {
  it('gets a token with a client secret', async () => {
    const { clientId, objectId, secret } = application();
    const credential = new ClientSecretCredential(tenantId, clientId, secret, options());
    const answer = await credential.getToken(`${RESOURCE}/.default`);
    expect(decodeJwt(answer.token)).toMatchObject({
      aud: RESOURCE,
      appid: clientId,
      oid: objectId,
      tid: tenantId,
      iss: `https://sts.windows.net/${tenantId}/`,
    });
    expect(await entra.verifyToken(answer.token, [`${RESOURCE}/`])).toMatchObject({ objectId, clientId });
  });

  it('gets a token with the id-token of the runner', async () => {
    const { clientId, objectId } = application();
    const credential = new ClientAssertionCredential(tenantId, clientId, () => getIDToken(AUDIENCE), options());
    const answer = await credential.getToken(`${RESOURCE}/.default`);
    expect(decodeJwt(answer.token)['oid']).toBe(objectId);
  });

  it('gets a token of a managed identity', async () => {
    const { clientId, objectId } = directory.managedIdentities[0]!;
    const answer = await new ManagedIdentityCredential({ clientId }).getToken(`${RESOURCE}/.default`);
    expect(decodeJwt(answer.token)['oid']).toBe(objectId);
  });

  it('reports the code of a wrong secret', async () => {
    const credential = new ClientSecretCredential(tenantId, application().clientId, 'wrong', options());
    await expect(credential.getToken(`${RESOURCE}/.default`)).rejects.toThrow(/AADSTS7000215/);
  });
});

describe('refused requests for tokens', () => {
  const assertion = (jwt: string): Record<string, string> => ({
    client_id: application().clientId,
    client_assertion: jwt,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  });
  const forged = (claims: { iss?: string; sub?: string; aud?: string }, expires = '1 minute'): Promise<string> =>
    new SignJWT({ iss: runner.issuer, sub: runner.subject, aud: AUDIENCE, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(expires)
      .sign(Buffer.alloc(32));

  it.each([
    ['unknown client', 400, 700016, () => ({ client_id: randomUUID(), client_secret: 's~ecret' })],
    ['no credential', 401, 7000216, () => ({ client_id: application().clientId })],
    [
      'unknown resource',
      400,
      500011,
      () => ({ client_id: application().clientId, client_secret: 's~ecret', scope: 'https://other.example/.default' }),
    ],
    [
      'scope without .default',
      400,
      1002012,
      () => ({ client_id: application().clientId, client_secret: 's~ecret', scope: RESOURCE }),
    ],
    ['assertion that is none', 400, 50027, () => assertion('none')],
    ['issuer', 401, 700211, async () => assertion(await forged({ iss: 'https://other.example' }))],
    ['subject', 401, 700213, async () => assertion(await forged({ sub: 'repo:other/repo:ref:refs/heads/main' }))],
    ['case of the subject', 401, 7002138, async () => assertion(await forged({ sub: runner.subject.toUpperCase() }))],
    ['audience', 401, 700212, async () => assertion(await getIDToken('other'))],
    ['forged signature', 401, 700027, async () => assertion(await forged({}))],
  ])('%s: %d AADSTS%d', async (_, status, code, form) => {
    const answer = await token(await form());
    expect({ status: answer.status, ...(JSON.parse(answer.body) as object) }).toMatchObject({
      status,
      error_codes: [code],
      error_description: expect.stringMatching(`^AADSTS${code}: `),
    });
  });

  it('another tenant', async () => {
    const answer = await token({ client_id: application().clientId, client_secret: 's~ecret' }, randomUUID());
    expect(JSON.parse(answer.body)).toMatchObject({ error_codes: [90002] });
  });
});

describe('the id-token of a job', () => {
  const job = { repository: 'contoso/shop', ref: 'refs/tags/v1', event: 'push', environment: undefined };
  const claims = async (of: Partial<TokenJob>) => {
    const { body } = await send(`${requestUrlOf(runner.requestUrl, { ...job, ...of })}&audience=any`, {
      ca: authority.certificate,
      headers: { authorization: `Bearer ${runner.requestToken}` },
    });
    return decodeJwt((JSON.parse(body) as { value: string }).value);
  };

  it.each([
    ['an environment, for any event', { environment: 'azure' }, 'repo:contoso/shop:environment:azure'],
    ['the tag of a push', {}, 'repo:contoso/shop:ref:refs/tags/v1'],
    [
      'the branch of a schedule',
      { event: 'schedule', ref: 'refs/heads/main' },
      'repo:contoso/shop:ref:refs/heads/main',
    ],
    [
      'pull requests, any of them',
      { event: 'pull_request', ref: 'refs/pull/1/merge' },
      'repo:contoso/shop:pull_request',
    ],
  ])('names %s as its subject', async (_, of, sub) => {
    expect(await claims(of)).toMatchObject({
      sub,
      aud: 'any',
      repository: 'contoso/shop',
      repository_owner: 'contoso',
    });
  });

  it('is for the default job if no job is set', async () => {
    expect(decodeJwt(await getIDToken('any')).sub).toBe(runner.subject);
  });
});

describe('verification', () => {
  it('refuses expired tokens, other audiences and tokens of another directory', async () => {
    state.patch({ tokenLifetimeSeconds: 1 });
    const short = await entra.mintFor('someone', RESOURCE);
    state.patch({ tokenLifetimeSeconds: 3600 });
    const good = await entra.mintFor('someone', RESOURCE);
    const other = await startEntra(
      contextOf({ side: 'target', authority, tenantId, folder: tmpdir() }, state),
      directory,
    );
    const foreign = await other.mintFor('someone', RESOURCE);
    await other.close();
    expect(await entra.verifyToken(good, [RESOURCE])).toEqual({ objectId: 'someone', clientId: 'someone' });
    expect(await entra.verifyToken(good, ['https://storage.azure.com'])).toBeNull();
    expect(await entra.verifyToken(foreign, [RESOURCE])).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await entra.verifyToken(short, [RESOURCE])).toBeNull();
  });
});
