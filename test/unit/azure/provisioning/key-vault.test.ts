import { afterEach, describe, expect, it } from '@jest/globals';
import { resolveCloud } from '../../../../src/azure/cloud/cloud.ts';
import type { SecretReaderContext } from '../../../../src/azure/key-vault/secrets.ts';
import { readSecretState, removeSecret, storeSas } from '../../../../src/azure/provisioning/key-vault.ts';
import { interceptHttps, type InterceptedHttps, type SentAnswer, type SentRequest } from '../http/https.fixture.ts';

const VAULT = 'https://contoso.vault.azure.net';
const PLACE = { vault: VAULT, name: 'sas', version: null };
const ID = `${VAULT}/secrets/sas/0123456789abcdef0123456789abcdef`;
const MADE = { sas: 'sp=rl&sig=c2ln', startsAt: Date.UTC(2026, 0, 1), expiresAt: Date.UTC(2026, 0, 8) };
const PIPELINE = '/subscriptions/S/resourceGroups/G/exportPipelines/One';

let https: InterceptedHttps;

afterEach(() => {
  https.restore();
});

const refusal = (status: number, code: string, inner?: string): SentAnswer => ({
  status,
  body: { error: { code, message: 'No.', ...(inner !== undefined && { innererror: { code: inner } }) } },
});

const bundle = (more: object = {}): SentAnswer => ({
  body: { id: ID, value: 'sp=rl&sig=c2ln', attributes: { enabled: true }, ...more },
});

/** A vault that challenges each client once, then answers by method and path: `DELETE /secrets/sas`. */
async function vaultWith(
  answers: Readonly<Record<string, SentAnswer | readonly SentAnswer[]>>,
): Promise<SecretReaderContext> {
  const left = new Map(Object.entries(answers).map(([name, answer]) => [name, [answer].flat()]));
  const answerOf = ({ method, path, headers }: SentRequest): SentAnswer => {
    if (headers.authorization === undefined) {
      const challenge = 'Bearer authorization="https://login.example/tenant", resource="https://vault.azure.net"';
      return { status: 401, headers: { 'www-authenticate': challenge } };
    }
    const name = `${method} ${path.replace(/\/?\?.*$/, '')}`;
    const answer = left.get(name)?.shift();
    if (answer === undefined) throw new Error(`nothing is known of ${name}`);
    return answer;
  };
  https = interceptHttps(answerOf);
  const getToken = () => Promise.resolve({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 });
  return { cloud: await resolveCloud('azurecloud'), credential: { getToken }, mask: () => undefined };
}

/** What the vault was asked, after its challenges. */
const asked = (): readonly string[] =>
  https.requests
    .filter(({ headers }) => headers.authorization !== undefined)
    .map(({ method, path }) => `${method} ${path.replace(/\/?\?.*$/, '')}`);

describe('removing a secret', () => {
  it('deletes it', async () => {
    const access = await vaultWith({ 'DELETE /secrets/sas': bundle() });
    expect(await removeSecret(PLACE, access)).toBe('done');
    expect(asked()).toEqual(['DELETE /secrets/sas']);
  });

  it('never purges it: a secret that was deleted softly can be recovered', async () => {
    const deleted = bundle({ recoveryId: `${VAULT}/deletedsecrets/sas`, scheduledPurgeDate: 1, deletedDate: 1 });
    const access = await vaultWith({ 'DELETE /secrets/sas': deleted, 'GET /deletedsecrets/sas': deleted });
    expect(await removeSecret(PLACE, access)).toBe('done');
    expect(asked()).toEqual(['DELETE /secrets/sas', 'GET /deletedsecrets/sas']);
  });

  it('finds that it was not there', async () => {
    const access = await vaultWith({ 'DELETE /secrets/sas': refusal(404, 'SecretNotFound') });
    expect(await removeSecret(PLACE, access)).toBe('was-so');
  });

  it.each([
    { status: 403, code: 'Forbidden' },
    { status: 409, code: 'Conflict' },
  ])('fails when the vault refuses: $status', async ({ status, code }) => {
    const access = await vaultWith({ 'DELETE /secrets/sas': refusal(status, code) });
    await expect(removeSecret(PLACE, access)).rejects.toMatchObject({
      facts: { id: 'ACRT3048', message: expect.stringContaining(code) },
    });
  });
});

describe('storing a SAS', () => {
  const bodies = (): readonly unknown[] =>
    https.requests.filter(({ body }) => body !== '').map(({ body }) => JSON.parse(body) as unknown);

  it('marks the secret with the pipeline that it is made for', async () => {
    const access = await vaultWith({ 'PUT /secrets/sas': bundle() });
    await storeSas(PLACE, PIPELINE, MADE, access);
    expect(bodies()).toEqual([
      {
        value: MADE.sas,
        contentType: 'application/x-acr-transfer-sas',
        tags: { 'acr-transfer-pipeline': PIPELINE.toLowerCase() },
        attributes: { nbf: MADE.startsAt / 1000, exp: MADE.expiresAt / 1000 },
      },
    ]);
  });

  it('recovers a secret that was deleted softly, and stores the SAS then', async () => {
    const access = await vaultWith({
      'PUT /secrets/sas': [refusal(409, 'Conflict', 'ObjectIsDeletedButRecoverable'), bundle()],
      'POST /deletedsecrets/sas/recover': bundle(),
      'GET /secrets/sas': [refusal(404, 'SecretNotFound'), bundle()],
    });
    await storeSas(PLACE, PIPELINE, MADE, access);
    expect(asked().filter((what) => !what.startsWith('GET'))).toEqual([
      'PUT /secrets/sas',
      'POST /deletedsecrets/sas/recover',
      'PUT /secrets/sas',
    ]);
  });

  it('recovers nothing for another conflict', async () => {
    const access = await vaultWith({ 'PUT /secrets/sas': refusal(409, 'Conflict', 'ObjectIsBeingDeleted') });
    await expect(storeSas(PLACE, PIPELINE, MADE, access)).rejects.toMatchObject({ facts: { id: 'ACRT3048' } });
    expect(asked()).toEqual(['PUT /secrets/sas']);
  });
});

describe('looking at a secret', () => {
  it.each([
    { name: 'the pipeline that it was made for', tags: { 'acr-transfer-pipeline': 'one' }, madeFor: 'one' },
    { name: 'no pipeline where another tool has made it', tags: { owner: 'team' }, madeFor: null },
    { name: 'no pipeline without tags', tags: undefined, madeFor: null },
  ])('tells $name', async ({ tags, madeFor }) => {
    const access = await vaultWith({ 'GET /secrets/sas': bundle({ tags }) });
    expect(await readSecretState(PLACE, access)).toMatchObject({ kind: 'seen', value: { kind: 'found', madeFor } });
  });

  it('finds that it is missing', async () => {
    const access = await vaultWith({ 'GET /secrets/sas': refusal(404, 'SecretNotFound') });
    expect(await readSecretState(PLACE, access)).toEqual({ kind: 'seen', value: { kind: 'missing', madeFor: null } });
  });
});
