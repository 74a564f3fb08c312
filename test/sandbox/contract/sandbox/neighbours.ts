import { expect } from '@jest/globals';
import { startArmCloud } from '../../arm/arm.fixture.ts';
import type { ArmCloud } from '../../arm/arm.fixture.ts';
import { PLACES } from '../../../fixtures/contract/facts.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import { jsonOf, someMembers } from '../answers.ts';
import type { Answer } from '../answers.ts';
import type { Comparisons } from '../compared.ts';
import { armScene, ask } from './arm.ts';

const IDENTITY = { clientId: '33333333-1111-4111-8111-111111111111', objectId: 'principal' };

async function open(): Promise<ArmCloud> {
  const cloud = await startArmCloud(() => IDENTITY);
  for (const role of ['Reader', 'Storage Account Key Operator Service Role'] as const)
    cloud.state.roles.add({ principalId: cloud.client, role });
  return cloud;
}

/** The only resource of a list, as a response. */
function onlyOne(answer: Answer): Answer {
  const { value } = jsonOf(answer) as { value: readonly unknown[] };
  expect(value).toHaveLength(1);
  return { ...answer, body: JSON.stringify(value[0]) };
}

/** The sandbox has the recorded values that clients read, unless a setting changes them. */
const propertiesOf = (body: unknown): Readonly<Record<string, unknown>> =>
  (body as { properties: Readonly<Record<string, unknown>> }).properties;

const listPath = (type: string, version: string): string =>
  `${PLACES.subscription}/providers/${type}?api-version=${version}`;

const withoutOwn = (fact: Fact, ...names: string[]): Fact => {
  const body = JSON.parse(fact.text) as { properties: Record<string, unknown> };
  const kept = Object.entries(body.properties).filter(([name]) => !names.includes(name));
  return { ...fact, body: { ...body, properties: Object.fromEntries(kept) } };
};

/** Storage account, vault and identity. */
export const neighbours: Comparisons<ArmCloud> = {
  open,
  close: armScene.close,
  facts: {
    'storage-GET-account-200-2024-01-01': async (fact, cloud) => {
      const type = 'Microsoft.Storage/storageAccounts';
      const answer = onlyOne(await ask(cloud, 'GET', listPath(type, '2024-01-01')));
      // Members of later versions, and members that are absent until they are set.
      const body = jsonOf(answer) as { properties: object };
      const { publicNetworkAccess: _, allowSharedKeyAccess: __, ...properties } = propertiesOf(body);
      someMembers({ ...answer, body: JSON.stringify({ ...body, properties }) }, fact, 7);
      expect(properties).toMatchObject({ networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow' } });
      expect(properties['primaryEndpoints']).toMatchObject({ blob: expect.stringMatching(/^https:.*\/$/) });
    },
    'storage-POST-listKeys-200': async (fact, cloud) => {
      const path = `${PLACES.group}/providers/Microsoft.Storage/storageAccounts/sandboxsource/listKeys?api-version=2023-05-01`;
      someMembers(await ask(cloud, 'POST', path), fact, 0);
    },
    'kv-arm-GET-vault-200': async (fact, cloud) => {
      cloud.state.patch({ vault: { authorization: 'policies' } });
      cloud.state.policies.add({ objectId: 'reader', secrets: ['get'], since: 0 });
      const path = `${PLACES.group}/providers/Microsoft.KeyVault/vaults/transfer?api-version=2023-07-01`;
      const answer = await ask(cloud, 'GET', path);
      const body = jsonOf(answer) as { properties: object };
      const { enableRbacAuthorization: _, ...properties } = propertiesOf(body);
      someMembers({ ...answer, body: JSON.stringify({ ...body, properties }) }, withoutOwn(fact), 15);
      expect(propertiesOf(body)).toMatchObject({ vaultUri: expect.stringMatching(/^https:.*\/$/) });
    },
    'identity-GET-200': async (fact, cloud) => {
      const type = 'Microsoft.ManagedIdentity/userAssignedIdentities';
      const answer = await ask(cloud, 'GET', `${PLACES.group}/providers/${type}/identity?api-version=2023-01-31`);
      someMembers(answer, fact, 3);
    },
  },
};
