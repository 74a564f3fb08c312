/** Who may read secrets of a vault, and how that is changed (Microsoft REST reference, "Vaults - Update Access Policy"). */
import * as z from 'zod';
import { failure } from '../../transfer/failure.ts';
import type { Done, VaultPlace } from '../../transfer/setup/estate.ts';
import { done, doneBody, isRefused, type Arm, type ArmAnswer } from '../arm.ts';
import { secretIdOf, type ListedVault, type SecretPlace } from '../inspect/vaults.ts';

const QUERY = { apiVersion: '2023-07-01', filter: null };

const tenantSchema = z.object({ properties: z.object({ tenantId: z.string() }) });

/** A vault as the domain knows it. */
export const vaultPlace = (vault: ListedVault, secret: SecretPlace): VaultPlace => ({
  name: vault.id.slice(vault.id.lastIndexOf('/') + 1),
  vaultId: vault.id,
  secretId: secretIdOf(vault, secret),
  authorization: vault.properties.enableRbacAuthorization === true ? 'roles' : 'policies',
});

async function change(
  arm: Arm,
  { vaultId }: VaultPlace,
  how: 'add' | 'remove',
  principalId: string,
): Promise<ArmAnswer> {
  const vault = await arm.get(vaultId, QUERY);
  const { tenantId } = doneBody(arm, vault, tenantSchema, 'read the key vault').properties;
  const policy = { tenantId, objectId: principalId, permissions: { secrets: ['get'] } };
  return arm.put(`${vaultId}/accessPolicies/${how}`, { properties: { accessPolicies: [policy] } }, QUERY);
}

/**
 * Adds `get` of secrets to what a principal may; what it has stays.
 * @throws ACRT3043 when this principal may not change access policies
 */
export async function allowSecrets(arm: Arm, vault: VaultPlace, principalId: string): Promise<Done> {
  const answer = await change(arm, vault, 'add', principalId);
  if (isRefused(answer)) {
    const { name, vaultId } = vault;
    const values = { principal: principalId, vault: name, vaultId, reason: answer.error?.reason ?? '' };
    throw failure('ACRT3043', values, { correlationId: answer.correlationId });
  }
  done(arm, answer, `change the access policies of ${vault.name}`);
  return 'done';
}

/** Takes `get` of secrets from what a principal may. */
export async function disallowSecrets(arm: Arm, vault: VaultPlace, principalId: string): Promise<Done> {
  done(arm, await change(arm, vault, 'remove', principalId), `change the access policies of ${vault.name}`);
  return 'done';
}
