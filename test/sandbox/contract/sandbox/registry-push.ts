import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import type { RegistryCloud } from '../../registry/cloud.fixture.ts';
import { factOf } from '../../../fixtures/contract/facts.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import type { Answer } from '../answers.ts';
import type { Compare } from '../compared.ts';
import { ask, REPOSITORY, sameAnswer, sameHeaders, SCOPE } from './registry.ts';

const TYPE = 'application/vnd.oci.image.manifest.v1+json';
const LAYER = 'x'.repeat(233);
const CONFIG = '{}';

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const startUpload = (cloud: RegistryCloud, repository: string): Promise<Answer> =>
  ask(cloud, 'POST', `/v2/${repository}/blobs/uploads/`, {}, scopeOf(repository));

const scopeOf = (repository: string): string => SCOPE.replace(REPOSITORY, repository);

async function upload(cloud: RegistryCloud, repository: string, text: string): Promise<Answer> {
  const { headers } = await startUpload(cloud, repository);
  const at = `${String(headers['location'])}&digest=${encodeURIComponent(digestOf(text))}`;
  return ask(cloud, 'PUT', at, { body: text }, scopeOf(repository));
}

const MANIFEST = 'dataplane-PUT-v2_csscpolicies_patchpolicy_manifests_v1-201';

/** The recorded manifest, with an existing config and layer. */
const manifest = (): string =>
  JSON.stringify(factOf('registry-data', MANIFEST).sends)
    .replace(`sha256:${'2'.repeat(64)}`, digestOf(CONFIG))
    .replace(`sha256:${'3'.repeat(64)}`, digestOf(LAYER));

/** Pushes the recorded content to a repository. */
async function push(cloud: RegistryCloud, repository: string): Promise<Answer> {
  for (const text of [LAYER, CONFIG]) await upload(cloud, repository, text);
  const pushed = { headers: { 'content-type': TYPE }, body: manifest() };
  return ask(cloud, 'PUT', `/v2/${repository}/manifests/v1`, pushed, scopeOf(repository));
}

/** A fact about its own repository. */
const about = ({ text, headers, ...fact }: Fact, repository: string): Fact => {
  const rename = (value: string): string => value.replaceAll(REPOSITORY, repository);
  return {
    ...fact,
    text: rename(text),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, rename(value)])),
  };
};

let repositories = 0;

/** Pushes to its own repository, and then sends the request. */
const afterPush =
  (
    asking: (repository: string) => readonly [string, string],
    headers: Record<string, string> = {},
  ): Compare<RegistryCloud> =>
  async (fact, cloud) => {
    const repository = `team/pushed${(repositories += 1)}`;
    await push(cloud, repository);
    const [method, path] = asking(repository);
    sameAnswer(await ask(cloud, method, path, { headers }, scopeOf(repository)), about(fact, repository));
  };

/** Requests that were recorded while a small artifact was pushed, read and deleted. */
export const pushFacts: Readonly<Record<string, Compare<RegistryCloud>>> = {
  'dataplane-POST-v2_csscpolicies_patchpolicy_blobs_uploads-202': async (fact, cloud) => {
    sameAnswer(await startUpload(cloud, REPOSITORY), fact);
  },
  'dataplane-PUT-v2_csscpolicies_patchpolicy_blobs_uploads_cf38fbb1-201': async (fact, cloud) => {
    for (const text of [LAYER, CONFIG]) sameAnswer(await upload(cloud, REPOSITORY, text), fact);
  },
  [MANIFEST]: async (fact, cloud) => {
    const repository = 'team/pushed';
    sameAnswer(await push(cloud, repository), about(fact, repository));
  },
  'dataplane-GET-v2_csscpolicies_patchpolicy_manifests_v1-200': afterPush(
    (repository) => ['GET', `/v2/${repository}/manifests/v1`],
    { accept: TYPE },
  ),
  'dataplane-GET-blob-307': async (fact, cloud) => {
    await upload(cloud, REPOSITORY, LAYER);
    const answer = await ask(cloud, 'GET', `/v2/${REPOSITORY}/blobs/${digestOf(LAYER)}`, {}, SCOPE);
    const { location, ...rest } = fact.headers;
    expect([answer.status, typeof answer.headers['location'], typeof location]).toEqual([
      fact.status,
      'string',
      'string',
    ]);
    sameHeaders(answer, { ...fact, headers: rest });
  },
  'dataplane-GET-acr_v1_csscpolicies_patchpolicy-200': afterPush((repository) => ['GET', `/acr/v1/${repository}`]),
  'dataplane-DELETE-acr_v1_csscpolicies_patchpolicy-202': afterPush((repository) => [
    'DELETE',
    `/acr/v1/${repository}`,
  ]),
};
