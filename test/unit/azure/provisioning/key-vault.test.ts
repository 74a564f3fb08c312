import { afterEach, describe, expect, it } from '@jest/globals';
import { resolveCloud } from '../../../../src/azure/cloud/cloud.ts';
import type { SecretReaderContext } from '../../../../src/azure/key-vault/secrets.ts';
import { readSecretState, removeSecret, storeSas } from '../../../../src/azure/provisioning/key-vault.ts';
import { interceptHttps, type InterceptedHttps, type SentResponse, type SentRequest } from '../http/https.fixture.ts';

const VAULT = 'https://contoso.vault.azure.net';
const LOCATION = { vault: VAULT, name: 'sas', version: null };
const ID = `${VAULT}/secrets/sas/0123456789abcdef0123456789abcdef`;
const ISSUED = { sas: 'sp=rl&sig=c2ln', startsAt: Date.UTC(2026, 0, 1), expiresAt: Date.UTC(2026, 0, 8) };
const PIPELINE = '/subscriptions/S/resourceGroups/G/exportPipelines/One';

let https: InterceptedHttps;

afterEach(() => {
  https.restore();
});

const errorResponse = (status: number, code: string, inner?: string): SentResponse => ({
  status,
  body: { error: { code, message: 'No.', ...(inner !== undefined && { innererror: { code: inner } }) } },
});

const bundle = (more: object = {}): SentResponse => ({
  body: { id: ID, value: 'sp=rl&sig=c2ln', attributes: { enabled: true }, ...more },
});

/** A vault that challenges each client once, and then responds by method and path: `DELETE /secrets/sas`. */
async function vaultWith(
  responses: Readonly<Record<string, SentResponse | readonly SentResponse[]>>,
): Promise<SecretReaderContext> {
  const remaining = new Map(Object.entries(responses).map(([name, response]) => [name, [response].flat()]));
  const respond = ({ method, path, headers }: SentRequest): SentResponse => {
    if (headers.authorization === undefined) {
      const challenge = 'Bearer authorization="https://login.example/tenant", resource="https://vault.azure.net"';
      return { status: 401, headers: { 'www-authenticate': challenge } };
    }
    const name = `${method} ${path.replace(/\/?\?.*$/, '')}`;
    const response = remaining.get(name)?.shift();
    if (response === undefined) throw new Error(`no response for ${name}`);
    return response;
  };
  https = interceptHttps(respond);
  const getToken = () => Promise.resolve({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 });
  return {
    cloud: await resolveCloud('azurecloud'),
    credential: { getToken },
    requireHost: () => undefined,
    mask: () => undefined,
  };
}

/** Requests after the challenges. */
const sent = (): readonly string[] =>
  https.requests
    .filter(({ headers }) => headers.authorization !== undefined)
    .map(({ method, path }) => `${method} ${path.replace(/\/?\?.*$/, '')}`);

describe('removeSecret', () => {
  it('deletes the secret', async () => {
    const access = await vaultWith({ 'DELETE /secrets/sas': bundle() });
    expect(await removeSecret(LOCATION, access)).toBe('done');
    expect(sent()).toEqual(['DELETE /secrets/sas']);
  });

  it('does not purge a soft-deleted secret, which stays recoverable', async () => {
    const deleted = bundle({ recoveryId: `${VAULT}/deletedsecrets/sas`, scheduledPurgeDate: 1, deletedDate: 1 });
    const access = await vaultWith({ 'DELETE /secrets/sas': deleted, 'GET /deletedsecrets/sas': deleted });
    expect(await removeSecret(LOCATION, access)).toBe('done');
    expect(sent()).toEqual(['DELETE /secrets/sas', 'GET /deletedsecrets/sas']);
  });

  it('accepts a missing secret', async () => {
    const access = await vaultWith({ 'DELETE /secrets/sas': errorResponse(404, 'SecretNotFound') });
    expect(await removeSecret(LOCATION, access)).toBe('unchanged');
  });

  it.each([
    { status: 403, code: 'Forbidden' },
    { status: 409, code: 'Conflict' },
  ])('throws for HTTP $status', async ({ status, code }) => {
    const access = await vaultWith({ 'DELETE /secrets/sas': errorResponse(status, code) });
    await expect(removeSecret(LOCATION, access)).rejects.toMatchObject({
      facts: { id: 'ACRT3048', message: expect.stringContaining(code) },
    });
  });
});

describe('storeSas', () => {
  const bodies = (): readonly unknown[] =>
    https.requests.filter(({ body }) => body !== '').map(({ body }) => JSON.parse(body) as unknown);

  it('tags the secret with its pipeline', async () => {
    const access = await vaultWith({ 'PUT /secrets/sas': bundle() });
    await storeSas(LOCATION, PIPELINE, ISSUED, access);
    expect(bodies()).toEqual([
      {
        value: ISSUED.sas,
        contentType: 'application/x-acr-transfer-sas',
        tags: { 'acr-transfer-pipeline': PIPELINE.toLowerCase() },
        attributes: { nbf: ISSUED.startsAt / 1000, exp: ISSUED.expiresAt / 1000 },
      },
    ]);
  });

  it('recovers a soft-deleted secret before it stores the SAS', async () => {
    const access = await vaultWith({
      'PUT /secrets/sas': [errorResponse(409, 'Conflict', 'ObjectIsDeletedButRecoverable'), bundle()],
      'POST /deletedsecrets/sas/recover': bundle(),
      'GET /secrets/sas': [errorResponse(404, 'SecretNotFound'), bundle()],
    });
    await storeSas(LOCATION, PIPELINE, ISSUED, access);
    expect(sent().filter((what) => !what.startsWith('GET'))).toEqual([
      'PUT /secrets/sas',
      'POST /deletedsecrets/sas/recover',
      'PUT /secrets/sas',
    ]);
  });

  it('D2: reports the page of a proxy as such, and not as a missing permission', async () => {
    const page = { status: 403, headers: { 'content-type': 'text/html' }, body: '<html><title>Blocked</title></html>' };
    const access = await vaultWith({ 'PUT /secrets/sas': page });
    await expect(storeSas(LOCATION, PIPELINE, ISSUED, access)).rejects.toMatchObject({
      facts: { id: 'ACRT2018', message: expect.stringContaining('Blocked') },
    });
  });

  it('does not recover after another conflict', async () => {
    const access = await vaultWith({ 'PUT /secrets/sas': errorResponse(409, 'Conflict', 'ObjectIsBeingDeleted') });
    await expect(storeSas(LOCATION, PIPELINE, ISSUED, access)).rejects.toMatchObject({ facts: { id: 'ACRT3048' } });
    expect(sent()).toEqual(['PUT /secrets/sas']);
  });
});

describe('readSecretState', () => {
  it.each([
    { name: 'the pipeline of the secret', tags: { 'acr-transfer-pipeline': 'one' }, createdFor: 'one' },
    { name: 'no pipeline for a secret of another tool', tags: { owner: 'team' }, createdFor: null },
    { name: 'no pipeline without tags', tags: undefined, createdFor: null },
  ])('returns $name', async ({ tags, createdFor }) => {
    const access = await vaultWith({ 'GET /secrets/sas': bundle({ tags }) });
    expect(await readSecretState(LOCATION, access)).toMatchObject({ ok: true, value: { kind: 'found', createdFor } });
  });

  it('returns a missing secret', async () => {
    const access = await vaultWith({ 'GET /secrets/sas': errorResponse(404, 'SecretNotFound') });
    expect(await readSecretState(LOCATION, access)).toEqual({
      ok: true,
      value: { kind: 'missing', createdFor: null },
    });
  });
});
