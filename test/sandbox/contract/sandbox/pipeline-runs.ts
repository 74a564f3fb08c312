import { expect } from '@jest/globals';
import type { ArmCloud } from '../../arm/arm.fixture.ts';
import { PLACES } from '../../../fixtures/contract/facts.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import { jsonOf, membersOf, sameArmHeaders } from '../answers.ts';
import type { Answer } from '../answers.ts';
import type { Compare, Comparisons } from '../compared.ts';
import { armScene, ask, repeat } from './arm.ts';

const CONTAINER = {
  uri: 'https://account.blob.core.windows.net/transfer',
  keyVaultUri: 'https://vault.vault.azure.net/secrets/sas',
  storageAccessMode: 'SasToken',
};

const RUN = `${PLACES.registry}/pipelineRuns/exampleRun`;

/** A run of the cloud's own pipeline, which its request names. */
const sentTo = (cloud: ArmCloud, sends: unknown): unknown =>
  JSON.parse(JSON.stringify(sends).replaceAll(PLACES.registry, cloud.registryId));

async function open(): Promise<ArmCloud> {
  const cloud = await armScene.open();
  await ask(cloud, 'PUT', `${PLACES.registry}/exportPipelines/pipeline`, { properties: { target: CONTAINER } });
  await ask(cloud, 'PUT', `${PLACES.registry}/importPipelines/pipeline`, { properties: { source: CONTAINER } });
  return cloud;
}

const start = (cloud: ArmCloud, sends: unknown): Promise<Answer> =>
  ask(cloud, 'PUT', RUN, { ...(sentTo(cloud, sends) as object), forceUpdateTag: String(Date.now()) });

async function ended(cloud: ArmCloud): Promise<unknown> {
  for (;;) {
    const answer = await ask(cloud, 'GET', RUN);
    if (!answer.body.includes('"Creating"')) return jsonOf(answer);
  }
}

/** The members of the examples exist, in their order. No run was ever recorded, and the sandbox has more members. */
function hasMembers(given: unknown, example: unknown): void {
  const [ours, theirs] = [membersOf(given), membersOf(example)];
  expect(ours.filter((name) => theirs.includes(name))).toEqual(theirs);
}

const started: Compare<ArmCloud> = async (fact, cloud) => {
  const answer = await start(cloud, fact.sends);
  expect(fact.statuses).toContain(answer.status);
  hasMembers(await ended(cloud), fact.body);
};

const EXPORT = {
  properties: {
    request: {
      pipelineResourceId: `${PLACES.registry}/exportPipelines/pipeline`,
      target: { type: 'AzureStorageBlob', name: 'blob.tar' },
      artifacts: ['team/app:v1'],
    },
  },
};

async function statusesOf(cloud: ArmCloud, fact: Fact): Promise<number[]> {
  await start(cloud, EXPORT);
  await ended(cloud);
  const path = fact.path.replace('/pipelineRuns/run', '/pipelineRuns/exampleRun');
  const answers = [await ask(cloud, 'DELETE', path), await ask(cloud, 'DELETE', path)];
  return answers.map(({ status }) => status);
}

/** Pipeline runs. */
export const pipelineRunFacts: Comparisons<ArmCloud> = {
  open,
  close: armScene.close,
  facts: {
    'PUT-pipelineRun-export-201-spec': started,
    'PUT-pipelineRun-import-201-spec': started,
    'GET-pipelineRun-200-spec': async (fact, cloud) => {
      await start(cloud, EXPORT);
      hasMembers(await ended(cloud), fact.body);
    },
    'LIST-pipelineRuns-200-spec': async (fact, cloud) => {
      await start(cloud, EXPORT);
      await ended(cloud);
      hasMembers(jsonOf(await repeat(cloud, fact)), fact.body);
    },
    'PUT-pipelineRun-failed-200-issue8706': async (fact, cloud) => {
      const { pipelineRunErrorMessage: text } = (
        fact.body as { properties: { response: { pipelineRunErrorMessage: string } } }
      ).properties.response;
      cloud.state.patch({ runs: { failAtOnce: text } });
      const answer = await start(cloud, fact.sends);
      cloud.state.patch({ runs: { failAtOnce: null } });
      expect(answer.status).toBe(fact.status);
      sameArmHeaders(answer, fact);
      expect(jsonOf(answer)).toMatchObject({ properties: { response: { pipelineRunErrorMessage: text } } });
    },
    'DELETE-pipelineRun-200-202-204-spec': async (fact, cloud) => {
      for (const status of await statusesOf(cloud, fact)) expect(fact.statuses).toContain(status);
    },
  },
};
