import { expect } from '@jest/globals';
import { image } from '../../content/index.ts';
import { startRegistryCloud } from '../../registry/cloud.fixture.ts';
import type { RegistryCloud } from '../../registry/cloud.fixture.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import { jsonOf, membersOf, normalise, sameMembers, someMembers } from '../answers.ts';
import type { Answer } from '../answers.ts';
import { each } from '../compared.ts';
import type { Compare, Comparisons } from '../compared.ts';
import { pushFacts } from './registry-push.ts';
import { ask, asks2021, challengeOf, REPOSITORY, sameAnswer, sameHeaders, SCOPE } from './registry.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const TOKEN_USER = '00000000-0000-0000-0000-000000000000';

/** A repository with two images, one of them tagged `latest` and `test1`. */
async function open(): Promise<RegistryCloud> {
  const cloud = await startRegistryCloud();
  const [first, second] = [await image({ seed: 'first' }), await image({ seed: 'second' })];
  await cloud.pusher.push(REPOSITORY, first, 'latest');
  await cloud.pusher.push(REPOSITORY, first, 'test1');
  await cloud.pusher.push(REPOSITORY, second, 'v2');
  return cloud;
}

/** A request of an anonymous client, or with an invalid token. */
const refused =
  (headers: Record<string, string> = {}): Compare<RegistryCloud> =>
  async (fact, cloud) => {
    sameAnswer(await ask(cloud, fact.method, fact.path, { headers }), fact);
  };

interface Tokens {
  readonly access_token?: string;
  readonly refresh_token?: string;
}

const claimNames = (token: string): string[] =>
  Object.keys(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object);

const claims = (token: string): { iat: number; nbf: number; exp: number } =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    iat: number;
    nbf: number;
    exp: number;
  };

/** The members of the response, and the claims of the token: those of the sandbox, and the time of issue. */
function sameTokens(answer: Answer, fact: Fact, member: keyof Tokens = 'access_token'): void {
  sameMembers(answer, fact);
  sameHeaders(answer, fact);
  expect(Number(answer.headers['x-ms-ratelimit-remaining-calls-per-second'])).toBeGreaterThan(0);
  if (fact.token === null) return;
  const token = (jsonOf(answer) as Tokens)[member] ?? '';
  expect(fact.token.claims).toEqual(expect.arrayContaining(claimNames(token)));
  const { iat, nbf } = claims(token);
  const ago = Math.floor(Date.parse(String(answer.headers['date'])) / 1000) - iat;
  expect([nbf - iat, Math.abs(ago - fact.token.backdatedSeconds) <= 2]).toEqual([0, true]);
}

const service = ({ signIn }: RegistryCloud): string => signIn.registry.loginServer;

async function exchange(cloud: RegistryCloud, audience: string): Promise<Answer> {
  const token = await cloud.entra.mintFor(cloud.signIn.client.objectId, audience);
  const form = new URLSearchParams({ grant_type: 'access_token', service: service(cloud), access_token: token });
  return ask(cloud, 'POST', '/oauth2/exchange', { headers: FORM, body: form.toString() });
}

const refreshToken = async (cloud: RegistryCloud): Promise<string> =>
  (jsonOf(await exchange(cloud, 'https://containerregistry.azure.net')) as Tokens).refresh_token ?? '';

const postToken = (cloud: RegistryCloud, form: Record<string, string>): Promise<Answer> =>
  ask(cloud, 'POST', '/oauth2/token', {
    headers: FORM,
    body: new URLSearchParams({ service: service(cloud), scope: SCOPE, ...form }).toString(),
  });

/** Locks an artifact with the recorded PATCH, and unlocks a locked one. */
const locked =
  (
    path: (cloud: RegistryCloud) => Promise<string>,
    most: number,
    more: readonly string[] = [],
  ): Compare<RegistryCloud> =>
  async (fact, cloud) => {
    const at = await path(cloud);
    const patch = (value: boolean): Promise<Answer> => {
      const flags = { deleteEnabled: value, writeEnabled: value, listEnabled: value, readEnabled: value };
      return ask(cloud, 'PATCH', at, { body: JSON.stringify(flags) }, SCOPE);
    };
    const answer = await patch(false);
    asks2021(answer, fact);
    someMembers(answer, fact, most, more);
    expect(answer.body).toContain('"deleteEnabled":false,"writeEnabled":false,"readEnabled":false,"listEnabled":false');
    expect((await patch(true)).body).toContain('"deleteEnabled":true,"writeEnabled":true');
  };

const pathOf = (list: '_tags' | '_manifests', name: string): string => `/acr/v1/${REPOSITORY}/${list}/${name}`;

async function digestOf(cloud: RegistryCloud, tag: string): Promise<string> {
  const answer = await ask(cloud, 'GET', pathOf('_tags', tag), {}, SCOPE);
  return (jsonOf(answer) as { tag: { digest: string } }).tag.digest;
}

/** One page of a list with a link to the next one. Lists of a scanned registry contain `quarantineState`. */
const page =
  (list: '_tags' | '_manifests', more: readonly string[] = []): Compare<RegistryCloud> =>
  async (fact, cloud) => {
    const answer = await ask(cloud, 'GET', `/acr/v1/team%2Fapp/${list}?n=1`, {}, SCOPE);
    asks2021(answer, fact);
    someMembers(answer, fact, 1, more);
    const linkOf = ({ headers }: Pick<Answer, 'headers'>): string =>
      normalise(headers['link']).replace(/last=[^&]*/, 'last=LAST');
    expect(linkOf(answer)).toBe(linkOf(fact));
  };

/** The data plane of a registry. */
export const registryData: Comparisons<RegistryCloud> = {
  open,
  close: (cloud) => cloud.close(),
  facts: {
    ...pushFacts,
    ...each(['dataplane-GET-v2-401', 'dataplane-PATCH-acr_v1_tags_tag-401'], refused()),
    ...each(
      [
        'dataplane-GET-v2_csscpolicies_patchpolicy_manifests_v1-401',
        'dataplane-POST-v2_csscpolicies_patchpolicy_blobs_uploads-401',
      ],
      refused({ authorization: 'Basic AAAA' }),
    ),
    'dataplane-GET-v2_catalog-401-doc': async (fact, cloud) => {
      const answer = await ask(cloud, 'GET', '/v2/_catalog', {});
      expect([answer.status, challengeOf(answer)]).toEqual([fact.status, challengeOf(fact)]);
      // The current text is longer.
      expect(membersOf(jsonOf(answer))).toEqual(membersOf(fact.body));
    },
    'dataplane-PATCH-acr_v1_repo-anonymous-denied-401': async (fact, cloud) => {
      const read = SCOPE.replace(/:[^:]*$/, ':metadata_read');
      const answer = await ask(cloud, 'PATCH', pathOf('_tags', 'test1'), { body: '{}' }, read);
      expect([answer.status, challengeOf(answer)]).toEqual([fact.status, challengeOf(fact)]);
      // Other clients also got DENIED (argoproj-labs/argocd-image-updater#473).
      const errors = (body: unknown): readonly unknown[] => (body as { errors: unknown[] }).errors;
      expect(errors(jsonOf(answer)).at(-1)).toEqual(errors(fact.body).at(-1));
    },
    'dataplane-POST-oauth2_exchange-200': async (fact, cloud) => {
      sameTokens(await exchange(cloud, 'https://containerregistry.azure.net'), fact, 'refresh_token');
    },
    'dataplane-POST-oauth2_exchange-401-wrongAudience': async (fact, cloud) => {
      const answer = await exchange(cloud, 'https://management.usgovcloudapi.net');
      expect([answer.status, answer.body]).toEqual([fact.status, fact.text]);
      expect(answer.headers).toMatchObject({ 'content-type': fact.headers['content-type'] });
      expect(answer.headers['www-authenticate']).toBeUndefined();
    },
    'dataplane-POST-oauth2_token-refresh-metadata_read-200': async (fact, cloud) => {
      const form = { grant_type: 'refresh_token', refresh_token: await refreshToken(cloud) };
      sameTokens(await postToken(cloud, form), fact);
    },
    'dataplane-POST-oauth2_token-200': async (fact, cloud) => {
      const password = await refreshToken(cloud);
      sameTokens(await postToken(cloud, { grant_type: 'password', username: TOKEN_USER, password }), fact);
    },
    'dataplane-GET-oauth2_token-200': async (fact, cloud) => {
      const basic = Buffer.from(`${TOKEN_USER}:${await refreshToken(cloud)}`).toString('base64');
      const query = new URLSearchParams({ service: service(cloud), scope: SCOPE });
      const headers = { authorization: `Basic ${basic}` };
      sameTokens(await ask(cloud, 'GET', `/oauth2/token?${query.toString()}`, { headers }), fact);
    },
    'dataplane-GET-acr_v1_manifests-page1-200': page('_manifests', ['manifests.0.configMediaType', 'manifests.0.tags']),
    'dataplane-GET-acr_v1_tags-page1-200': page('_tags'),
    'dataplane-GET-acr_v1_tags_tag-404-TAG_UNKNOWN': async (fact, cloud) => {
      const answer = await ask(cloud, 'GET', pathOf('_tags', 'nothing'), {}, SCOPE);
      asks2021(answer, fact);
      expect([answer.status, answer.body]).toEqual([fact.status, fact.text]);
    },
    'dataplane-PATCH-acr_v1_tags_tag-lock-200': locked(() => Promise.resolve(pathOf('_tags', 'test1')), 0),
    // The REST reference has two more members. A scanner adds two others.
    'dataplane-PATCH-acr_v1_manifests_digest-lock-200': locked(
      async (cloud) => pathOf('_manifests', await digestOf(cloud, 'v2')),
      2,
      ['manifest.configMediaType', 'manifest.tags'],
    ),
    'dataplane-DELETE-acr_v1_tags_tag-405-locked-issue': async (fact, cloud) => {
      const [tag, manifest] = [pathOf('_tags', 'test1'), `/v2/${REPOSITORY}/manifests/${await digestOf(cloud, 'v2')}`];
      const at = pathOf('_manifests', await digestOf(cloud, 'v2'));
      // Only write is disabled.
      for (const path of [tag, at]) await ask(cloud, 'PATCH', path, { body: '{"writeEnabled":false}' }, SCOPE);
      const answers = [await ask(cloud, 'DELETE', tag, {}, SCOPE), await ask(cloud, 'DELETE', manifest, {}, SCOPE)];
      for (const path of [tag, at]) await ask(cloud, 'PATCH', path, { body: '{"writeEnabled":true}' }, SCOPE);
      for (const { status, body } of answers) expect([status, JSON.parse(body)]).toEqual([fact.status, fact.body]);
    },
    'dataplane-DELETE-v2_manifests-404-MANIFEST_UNKNOWN': async (fact, cloud) => {
      const digest = `sha256:${'1'.repeat(64)}`;
      const answer = await ask(cloud, 'DELETE', `/v2/${REPOSITORY}/manifests/${digest}`, {}, SCOPE);
      expect([answer.status, answer.body]).toEqual([fact.status, fact.text]);
      expect(answer.headers['content-type']).toBe(fact.headers['content-type']);
    },
    'dataplane-DELETE-acr_v1_tags_tag-202': async (fact, cloud) => {
      await cloud.pusher.push(REPOSITORY, await image({ seed: 'second' }), 'test-delete');
      const answer = await ask(cloud, 'DELETE', pathOf('_tags', 'test-delete'), {}, SCOPE);
      expect([answer.status, answer.body]).toEqual([fact.status, '']);
      const names = ['content-length', 'x-ms-ratelimit-remaining-calls-per-second'] as const;
      for (const name of names) expect([name, answer.headers[name]]).toEqual([name, fact.headers[name]]);
    },
  },
};
