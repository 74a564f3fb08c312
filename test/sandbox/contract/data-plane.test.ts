import { mkdtemp, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contextOf, createCloudState } from '../cloud-state.ts';
import type { RegistryService } from '../contracts.ts';
import { startEntra } from '../entra/index.ts';
import type { EntraService } from '../entra/index.ts';
import { startRegistry } from '../registry/index.ts';
import { send } from '../request.ts';
import type { Answer } from '../request.ts';
import { createAuthority } from '../tls.ts';
import { normalise, recording, recordingsExist, recordingsLike } from './recorded.ts';
import type { Recording } from './recorded.ts';

const REPOSITORY = 'csscpolicies/patchpolicy';
const AUDIENCE = 'https://containerregistry.azure.net';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
/** They belong to the connection, the moment or the length of names; rate limits are compared by name. */
const VARYING = /^(?:date|connection|transfer-encoding|content-length|x-ms-ratelimit-.*)$/;

let entra: EntraService;
let registry: RegistryService;
let folder: string;
let ca: string;

if (!recordingsExist) {
  it('was not compared: the recorded answers are not at hand', () => {
    expect(recordingsLike(/./)).toEqual([]);
  });
}

const ask = (method: string, url: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> =>
  send(new URL(url, registry.origin), { ca, method, headers, ...(body !== undefined && { body }) });

async function refreshToken(): Promise<string> {
  const token = await entra.mintFor('client', AUDIENCE);
  const form = { grant_type: 'access_token', service: new URL(registry.origin).host, access_token: token };
  const { body } = await ask('POST', '/oauth2/exchange', FORM, new URLSearchParams(form).toString());
  return (JSON.parse(body) as { refresh_token: string }).refresh_token;
}

async function tokenAnswer(scope: string): Promise<Answer> {
  const password = await refreshToken();
  const service = new URL(registry.origin).host;
  const username = '00000000-0000-0000-0000-000000000000';
  const form = new URLSearchParams({ service, grant_type: 'password', username, password, scope });
  return ask('POST', '/oauth2/token', FORM, form.toString());
}

async function bearer(
  scope = `repository:${REPOSITORY}:pull,push,delete,metadata_read`,
): Promise<Record<string, string>> {
  const { access_token: token } = JSON.parse((await tokenAnswer(scope)).body) as { access_token: string };
  return { authorization: `Bearer ${token}` };
}

const headersOf = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !VARYING.test(name))
      .map(([name, value]): [string, string] => [
        name,
        normalise(String(value).replace(/\?_nouploadcache=.*/, '?STATE')),
      ])
      .sort(),
  );

function compare(answer: Answer, { response }: Recording): void {
  expect(answer.status).toBe(response.status);
  expect(headersOf(answer.headers)).toMatchObject(headersOf(response.headers));
  expect(normalise(answer.body.trim())).toBe(normalise(response.body));
}

(recordingsExist ? describe : describe.skip)('like the recorded answers of the registry', () => {
  beforeAll(async () => {
    const authority = await createAuthority('contract test');
    ca = authority.certificate;
    folder = await mkdtemp(path.join(tmpdir(), 'contract-'));
    const state = createCloudState();
    for (const role of ['AcrPull', 'AcrPush', 'AcrDelete'] as const) state.roles.add({ principalId: 'client', role });
    const context = contextOf({ side: 'source', authority, tenantId: randomUUID(), folder }, state);
    const directory = { applications: [], managedIdentities: [], identityHeader: '', resources: () => [AUDIENCE] };
    entra = await startEntra(context, directory);
    registry = await startRegistry(context, entra);
  });
  afterAll(async () => {
    await Promise.all([registry.close(), entra.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['GET', '/v2/', 'dataplane-GET-v2-401', {}],
    [
      'GET',
      `/v2/${REPOSITORY}/manifests/v1`,
      'dataplane-GET-v2_csscpolicies_patchpolicy_manifests_v1-401',
      { authorization: 'Basic AAAA' },
    ],
    [
      'POST',
      `/v2/${REPOSITORY}/blobs/uploads/`,
      'dataplane-POST-v2_csscpolicies_patchpolicy_blobs_uploads-401',
      { authorization: 'Basic AAAA' },
    ],
  ])('challenges: %s %s', async (method, url, name, headers) => {
    const recorded = recording(name);
    const answer = await ask(method, url, headers);
    compare(answer, recorded);
  });

  it('gives tokens', async () => {
    const recorded = recording('dataplane-POST-oauth2_token-200');
    const answer = await tokenAnswer(`repository:${REPOSITORY}:metadata_read`);
    expect(answer.status).toBe(200);
    expect(headersOf(answer.headers)).toMatchObject(headersOf(recorded.response.headers));
    expect(Object.keys(JSON.parse(answer.body) as object)).toEqual(Object.keys(recorded.response.body as object));
    expect(Number(answer.headers['x-ms-ratelimit-remaining-calls-per-second'])).toBeGreaterThan(0);
  });

  it('takes a push, gives it back and forgets it', async () => {
    const headers = await bearer();
    const content = 'x'.repeat(233);
    const hash = async (text: string): Promise<string> =>
      `sha256:${Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('hex')}`;
    const upload = async (text: string): Promise<Answer> => {
      const started = await ask('POST', `/v2/${REPOSITORY}/blobs/uploads/`, headers);
      compare(started, recording('dataplane-POST-v2_csscpolicies_patchpolicy_blobs_uploads-202'));
      const digest = encodeURIComponent(await hash(text));
      return ask('PUT', `${String(started.headers.location)}&digest=${digest}`, headers, text);
    };
    const blob = recording('dataplane-PUT-v2_csscpolicies_patchpolicy_blobs_uploads_cf38fbb1-201');
    for (const text of [content, '{}']) compare(await upload(text), blob);

    const put = recording('dataplane-PUT-v2_csscpolicies_patchpolicy_manifests_v1-201');
    const recordedLayer = 'sha256:0b061a62bdaf0be5c085634ee969a2e378b7d09cd8c794674ebcd26d48a20287';
    const manifest = JSON.stringify(put.request.body).replace(recordedLayer, await hash(content));
    const type = 'application/vnd.oci.image.manifest.v1+json';
    const url = `/v2/${REPOSITORY}/manifests/v1`;
    compare(await ask('PUT', url, { ...headers, 'content-type': type }, manifest), put);
    const got = await ask('GET', url, { ...headers, accept: type });
    compare(got, recording('dataplane-GET-v2_csscpolicies_patchpolicy_manifests_v1-200'));

    const found = await ask('GET', `/v2/${REPOSITORY}/blobs/${await hash(content)}`, headers);
    const redirect = recording('dataplane-GET-blob-307').response;
    const { location: to, ...rest } = headersOf(redirect.headers);
    expect([found.status, typeof found.headers.location, typeof to]).toEqual([redirect.status, 'string', 'string']);
    expect(headersOf(found.headers)).toMatchObject(rest);

    compare(
      await ask('GET', `/acr/v1/${REPOSITORY}`, headers),
      recording('dataplane-GET-acr_v1_csscpolicies_patchpolicy-200'),
    );
    const gone = await ask('DELETE', `/acr/v1/${REPOSITORY}`, headers);
    compare(gone, recording('dataplane-DELETE-acr_v1_csscpolicies_patchpolicy-202'));
  });
});
