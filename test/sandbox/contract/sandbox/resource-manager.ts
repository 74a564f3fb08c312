import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { startArmCloud } from '../../arm/arm.fixture.ts';
import type { ArmCloud } from '../../arm/arm.fixture.ts';
import { send } from '../../request.ts';
import { PLACES } from '../../../fixtures/contract/facts.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import { jsonOf, normalise, sameArmAnswer, sameArmHeaders } from '../answers.ts';
import type { Answer } from '../answers.ts';
import type { Compare, Comparisons } from '../compared.ts';
import { armScene, ask, asks } from './arm.ts';

interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}

/** The text of a message without names, so that messages about two resources can be compared. */
const words = ({ error }: ErrorBody): string => normalise(error.message.replaceAll(/'[^']*'/g, "'…'"));

const firstSentence = (text: string): string => text.replace(/(?<=[.!?]) .*/, '');

const errorIn = (answer: Answer): ErrorBody => jsonOf(answer) as ErrorBody;

/** Status, headers, code and words equal those of the fact. Names and lists differ. */
function sameRefusal(answer: Answer, fact: Fact, shape: (text: string) => string = (text) => text): void {
  const [given, recorded] = [errorIn(answer), fact.body as ErrorBody];
  expect([answer.status, given.error.code]).toEqual([fact.status, recorded.error.code]);
  expect(shape(words(given))).toBe(shape(words(recorded)));
  expect(Object.keys(given)).toEqual(Object.keys(recorded));
  sameArmHeaders(answer, fact);
}

const challengeOf = ({ headers }: Pick<Answer, 'headers'>): string =>
  String(headers['www-authenticate']).replace(/authorization_uri="[^"]*"/, 'authorization_uri="AUTHORITY"');

/** An invalid token at a path of the registry. */
const refusedToken =
  (token: (cloud: ArmCloud) => Promise<string>, shape?: (text: string) => string): Compare<ArmCloud> =>
  async (fact, cloud) => {
    const url = asks(cloud, `${PLACES.registry}/exportPipelines`);
    const answer = await cloud.ask('GET', url, undefined, await token(cloud));
    const { headers, ...rest } = fact;
    sameRefusal(answer, { ...rest, headers: { ...headers, 'x-ms-failure-cause': 'gateway' } }, shape);
    if (headers['www-authenticate'] !== undefined) expect(challengeOf(answer)).toBe(challengeOf(fact));
  };

async function tokenOfAnotherCloud(): Promise<string> {
  const other = await startArmCloud();
  const token = await other.token();
  await other.close();
  return token;
}

async function expiredToken(cloud: ArmCloud): Promise<string> {
  cloud.state.patch({ tokenLifetimeSeconds: 1 });
  const token = await cloud.token();
  cloud.state.patch({ tokenLifetimeSeconds: 3600 });
  // Its times are whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  return token;
}

/** The name of the resource in the message doesn't matter. */
const missing =
  (path: string): Compare<ArmCloud> =>
  async (fact, cloud) => {
    sameRefusal(await ask(cloud, path.includes('listKeys') ? 'POST' : 'GET', path), fact);
  };

/** Refusals of Resource Manager itself. */
export const resourceManager: Comparisons<ArmCloud> = {
  ...armScene,
  facts: {
    'GET-childResource-404-gateway': async (fact, cloud) => {
      cloud.state.patch({ pipelines: { missingAnsweredBy: 'gateway' } });
      for (const type of ['exportPipelines', 'pipelineRuns']) {
        const answer = await ask(cloud, 'GET', `${PLACES.registry}/${type}/nothing`);
        sameArmAnswer({ ...answer, body: answer.body.replace(`${type}/nothing`, 'tasks/task') }, fact);
      }
      cloud.state.patch({ pipelines: { missingAnsweredBy: 'provider' } });
    },
    'arm-GET-404-ResourceNotFound-gateway-storage': missing(
      `${PLACES.group}/providers/Microsoft.Storage/storageAccounts/other/listKeys?api-version=2023-05-01`,
    ),
    'arm-GET-404-ResourceGroupNotFound': missing(
      PLACES.registry.replace('/resourceGroups/group', '/resourceGroups/other'),
    ),
    'arm-GET-subscription-404-SubscriptionNotFound': async (fact, cloud) => {
      const answer = await cloud.ask(
        'GET',
        `${cloud.origin}/subscriptions/${randomUUID()}${fact.path.replace(/.*(?=\?)/, '/resourceGroups/group/providers/Microsoft.ContainerRegistry/registries/registry').replace('2021-01-01', '2025-11-01')}`,
      );
      sameRefusal(answer, fact);
    },
    'arm-GET-404-InvalidResourceType': async (fact, cloud) => {
      for (const type of ['exportPipelines', 'pipelineRuns/run']) {
        sameRefusal(await ask(cloud, 'GET', `${PLACES.registry}/${type}?api-version=2025-11-01`), fact);
      }
      const listed = /api-versions are '([^']*)'/.exec(fact.text)?.[1] ?? '';
      const answer = await ask(cloud, 'GET', `${PLACES.registry}/exportPipelines?api-version=2025-11-01`);
      const ours = /api-versions are '([^']*)'/.exec(answer.body)?.[1] ?? '';
      // Without blanks, as in the fact.
      expect([listed.includes(', '), ours.includes(', '), ours.includes(',2021')]).toEqual([false, false, true]);
    },
    'arm-PUT-400-NoRegisteredProviderFound-issue': async (fact, cloud) => {
      const answer = await ask(cloud, 'GET', `${PLACES.registry}?api-version=2016-01-01`);
      sameRefusal(answer, fact);
      expect(answer.body).toContain("'2017-10-01, 2019-05-01, ");
    },
    'arm-GET-403-AuthorizationFailed': async (fact, cloud) => {
      const url = asks(cloud, `${PLACES.registry}/exportPipelines`);
      sameRefusal(await cloud.ask('GET', url, undefined, await cloud.token(cloud.audience, 'stranger')), fact);
    },
    'arm-GET-401-AuthenticationFailed-noHeader': async (fact, cloud) => {
      const url = asks(cloud, `${PLACES.registry}/exportPipelines`);
      const answer = await send(url, { ca: cloud.ca });
      sameRefusal(answer, fact);
      expect(challengeOf(answer)).toBe(challengeOf(fact));
    },
    'arm-GET-401-ExpiredAuthenticationToken': refusedToken(expiredToken),
    'arm-PUT-401-InvalidAuthenticationToken': refusedToken(() => Promise.resolve('nonsense')),
    'arm-GET-401-InvalidAuthenticationTokenAudience-issue': refusedToken(
      (cloud) => cloud.token('https://vault.azure.net'),
      firstSentence,
    ),
    'arm-GET-401-InvalidAuthenticationTokenTenant-issue': refusedToken(tokenOfAnotherCloud, firstSentence),
  },
};
