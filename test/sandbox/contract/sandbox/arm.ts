import { startArmCloud, VERSION } from '../../arm/arm.fixture.ts';
import type { ArmCloud } from '../../arm/arm.fixture.ts';
import { PLACES } from '../../../fixtures/contract/facts.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import type { Answer } from '../answers.ts';

/** Sends the request of a fact to the ARM of a cloud. A path of the fixtures becomes the cloud's own. */
export function asks(cloud: ArmCloud, path: string): string {
  const group = cloud.registryId.replace(/\/providers\/.*/, '');
  const subscription = group.replace(/\/resourceGroups\/.*/, '');
  const own = path
    .replace(PLACES.registry, cloud.registryId)
    .replace(PLACES.group, group)
    .replace(PLACES.subscription, subscription);
  return `${cloud.origin}${own}${own.includes('?') ? '' : `?api-version=${VERSION}`}`;
}

/** Sends the request of a fact. */
export const repeat = (cloud: ArmCloud, { method, path, sends }: Fact): Promise<Answer> =>
  cloud.ask(method, asks(cloud, path), sends);

/** Sends another request, with a path of the fixtures. */
export const ask = (cloud: ArmCloud, method: string, path: string, body?: unknown): Promise<Answer> =>
  cloud.ask(method, asks(cloud, path), body);

/** The cloud for comparisons of ARM. Its client has all permissions of a setup. */
export const armScene = {
  open: async (): Promise<ArmCloud> => {
    const cloud = await startArmCloud();
    for (const role of ROLES) cloud.state.roles.add({ principalId: cloud.client, role });
    return cloud;
  },
  close: (cloud: ArmCloud): Promise<void> => cloud.close(),
};

const ROLES = [
  'Reader',
  'Role Based Access Control Administrator',
  'Storage Account Key Operator Service Role',
  'Key Vault Contributor',
] as const;
