import { expect } from '@jest/globals';
import type { ArmCloud } from '../../arm/arm.fixture.ts';
import { PLACES } from '../../../fixtures/contract/facts.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import { jsonOf, membersOf, normalise, sameArmAnswer, sameArmHeaders } from '../answers.ts';
import type { Answer } from '../answers.ts';
import type { Compare, Comparisons } from '../compared.ts';
import { armScene, ask, repeat } from './arm.ts';

const RUN = `${PLACES.registry}/pipelineRuns/exampleRun`;

/**
 * The status URL of an operation without its variable values. The sandbox has one for runs, the recordings have one for
 * registries.
 */
const operationUrl = ({ headers }: Pick<Answer, 'headers'>): string =>
  normalise(String(headers['azure-asyncoperation']))
    .replace(/^https:\/\/[^/]+/, 'https://ARM')
    .replace('/pipelineRuns/exampleRun', '')
    .replace(/(?:pipelineruns|registries)-GUID/, 'OPERATION')
    .replace(/api-version=[^&]+&t=\d+&c=[^&]+.*/, 'api-version=V&t=TICKS&c=CERTIFICATE');

/** Starts a run with a duration. */
async function startRun(cloud: ArmCloud, seconds: number): Promise<Answer> {
  cloud.state.patch({ runs: { seconds: [seconds] } });
  const target = { uri: 'https://account.blob.core.windows.net/transfer', storageAccessMode: 'ManagedIdentity' };
  await ask(cloud, 'PUT', `${PLACES.registry}/exportPipelines/pipeline`, { properties: { target } });
  return ask(cloud, 'PUT', RUN, {
    properties: {
      request: {
        pipelineResourceId: `${cloud.registryId}/exportPipelines/pipeline`,
        target: { type: 'AzureStorageBlob', name: 'blob.tar' },
        artifacts: ['team/app:v1'],
      },
      forceUpdateTag: String(Math.random()),
    },
  });
}

async function runEnds(cloud: ArmCloud): Promise<void> {
  for (;;) if (!(await ask(cloud, 'GET', RUN)).body.includes('"Creating"')) return;
}

/** The status of an operation in progress, or after its end. */
const status =
  (seconds: number): Compare<ArmCloud> =>
  async (fact, cloud) => {
    const put = await startRun(cloud, seconds);
    if (seconds === 0) await runEnds(cloud);
    const answer = await cloud.ask('GET', String(put.headers['azure-asyncoperation']));
    expect([answer.status, jsonOf(answer)]).toEqual([fact.status, fact.body]);
    sameArmHeaders(answer, fact);
    expect(operationUrl(answer)).toBe(operationUrl(fact));
    await runEnds(cloud);
  };

/** The policies of a registry in the response to a PATCH. In the sandbox, a setting changes a registry. */
const policies =
  (changes: Parameters<ArmCloud['state']['patch']>[0]): Compare<ArmCloud> =>
  async (fact, cloud) => {
    cloud.state.patch(changes);
    const given = jsonOf(await ask(cloud, 'GET', PLACES.registry));
    cloud.state.patch({ registry: { exportPolicy: 'enabled' } });
    const older = membersOf(fact.body).filter((name) => !name.startsWith('tags.'));
    expect(membersOf(given).filter((name) => older.includes(name))).toEqual(older);
    const of = (body: unknown) =>
      (body as { properties: { policies: object; publicNetworkAccess: string } }).properties;
    expect(Object.keys(of(given).policies)).toEqual(Object.keys(of(fact.body).policies));
    expect(of(given)).toMatchObject({
      publicNetworkAccess: of(fact.body).publicNetworkAccess,
      policies: { exportPolicy: (of(fact.body).policies as { exportPolicy: object }).exportPolicy },
    });
  };

const named = (text: string): string => normalise(text).replace(/"name":"(?:registry|sandbox)[^"]*"/, '"name":"R"');

interface ProviderTypes {
  readonly resourceTypes: readonly { readonly resourceType: string; readonly apiVersions: string }[];
}

/** The first version of registries, which this project doesn't use. */
const FIRST = '2017-03-01';

const versionsIn = (fact: Fact, type: string): readonly string[] =>
  ((fact.body as ProviderTypes).resourceTypes.find(({ resourceType }) => resourceType === type)?.apiVersions ?? '')
    .split(' ')
    .filter((version) => version !== FIRST);

/** Registries, and the responses of their provider. */
export const registries: Comparisons<ArmCloud> = {
  ...armScene,
  facts: {
    'registry-lro-1-PUT-201': async (fact, cloud) => {
      const put = await startRun(cloud, 0);
      expect([put.status, operationUrl(put)]).toEqual([fact.status, operationUrl(fact)]);
      await runEnds(cloud);
    },
    'registry-lro-2-GET-200': status(1),
    'registry-lro-3-GET-200': status(0),
    'registry-lro-4-GET-200': async (fact, cloud) => {
      const answer = await repeat(cloud, fact);
      expect(answer.status).toBe(fact.status);
      sameArmHeaders(answer, fact);
      expect(named(answer.body)).toBe(named(fact.text));
    },
    'acr-PATCH-registry-200-exportPolicy-disabled': policies({ registry: { exportPolicy: 'disabled' } }),
    'acr-PATCH-registry-200-policies': policies({}),
    'acr-GET-provider-200-2022-09-01': async (fact, cloud) => {
      for (const type of ['exportPipelines', 'importPipelines', 'pipelineRuns']) {
        const versions = versionsIn(fact, `registries/${type}`);
        expect(versions.length).toBeGreaterThan(5);
        for (const version of versions) {
          const answer = await ask(cloud, 'GET', `${PLACES.registry}/${type}?api-version=${version}`);
          expect([type, version, answer.status]).toEqual([type, version, 200]);
        }
      }
      for (const version of versionsIn(fact, 'registries'))
        expect((await ask(cloud, 'GET', `${PLACES.registry}?api-version=${version}`)).status).toBe(200);
    },
    // A missing pipeline or run, by its provider. The other form is among the facts of Resource Manager.
    'acr-GET-scopeMap-404-ResourceNotFound-provider': async (fact, cloud) => {
      for (const type of ['exportPipelines', 'importPipelines', 'pipelineRuns']) {
        sameArmAnswer(await ask(cloud, 'GET', `${PLACES.registry}/${type}/map`), fact);
      }
    },
    'PUT-registry-409-AlreadyInUse': async (fact, cloud) => {
      const answer = await ask(cloud, 'PUT', `${PLACES.registry}/exportPipelines/a-b`, {});
      expect(membersOf(jsonOf(answer))).toEqual(membersOf(fact.body));
    },
  },
};
