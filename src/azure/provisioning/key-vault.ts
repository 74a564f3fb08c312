/** Secrets and access policies. */
import type { SecretClient } from '@azure/keyvault-secrets';
import * as z from 'zod';
import type { ChangeOutcome, IssuedSas, SecretState, VaultResource } from '../../provisioning/index.ts';
import { transferError, type TransferError } from '../../transfer/errors/index.ts';
import type { Observation } from '../../transfer/ports/access-inspector.ts';
import { observe, observed } from '../access/index.ts';
import { assertOk, isRefused, parseBody, type Arm, type ArmAnswer } from '../arm/index.ts';
import { isAbort, knownError, readServiceError } from '../http/index.ts';
import {
  createVaultClient,
  innerCode,
  readSecret,
  secretIdOf,
  type ListedVault,
  type SecretLocation,
  type SecretReaderContext,
} from '../key-vault/index.ts';

/** Tells which pipeline a secret was made for, so that a tear-down knows it. */
const MADE_FOR = 'acr-transfer-pipeline';
const CONTENT_TYPE = 'application/x-acr-transfer-sas';

/** The secret as it is; its value is masked and forgotten. */
export const readSecretState = (
  place: SecretLocation,
  access: SecretReaderContext,
): Promise<Observation<SecretState>> =>
  observe<SecretState>(async () => {
    const secret = await readSecret(place, access);
    if (secret === null) return observed({ kind: 'missing', madeFor: null });
    return observed({ ...secret.facts, madeFor: secret.tags[MADE_FOR] ?? null });
  });

const set = (client: SecretClient, { name }: SecretLocation, pipelineId: string, made: IssuedSas) =>
  client.setSecret(name, made.sas, {
    contentType: CONTENT_TYPE,
    notBefore: new Date(made.startsAt),
    expiresOn: new Date(made.expiresAt),
    tags: { [MADE_FOR]: pipelineId.toLowerCase() },
  });

/** What a vault begins ends in seconds. */
const PATIENCE_SECONDS = 120;

interface Begun {
  readonly pollUntilDone: (options: { readonly abortSignal: AbortSignal }) => Promise<unknown>;
}

async function ended(begun: Begun, what: string): Promise<void> {
  try {
    await begun.pollUntilDone({ abortSignal: AbortSignal.timeout(PATIENCE_SECONDS * 1000) });
  } catch (error) {
    if (isAbort(error)) throw new Error(`${what} did not end within ${PATIENCE_SECONDS} s`, { cause: error });
    throw error;
  }
}

/** A name that was deleted softly is not free until it is purged; it can be taken back (Microsoft Learn, "Key Vault soft-delete"). */
async function setOrTakeBack(
  client: SecretClient,
  place: SecretLocation,
  pipelineId: string,
  made: IssuedSas,
): Promise<void> {
  try {
    await set(client, place, pipelineId, made);
  } catch (error) {
    if (innerCode(error) !== 'ObjectIsDeletedButRecoverable') throw error;
    await ended(await client.beginRecoverDeletedSecret(place.name), 'taking it back');
    await set(client, place, pipelineId, made);
  }
}

function refused(error: unknown, { vault, name }: SecretLocation): TransferError {
  const { reason, correlationId } = readServiceError(error);
  const values = { secret: `${vault}/secrets/${name}`, reason };
  return knownError(error, vault) ?? transferError('ACRT3048', values, { cause: error, correlationId });
}

/**
 * Stores a SAS as a new version of the secret, which ends with it.
 * @throws ACRT3048
 */
export async function storeSas(
  place: SecretLocation,
  pipelineId: string,
  made: IssuedSas,
  access: SecretReaderContext,
): Promise<void> {
  try {
    await setOrTakeBack(createVaultClient(place, access), place, pipelineId, made);
  } catch (error) {
    throw refused(error, place);
  }
}

/**
 * Deletes the secret, softly where the vault does so.
 * @throws ACRT3048
 */
export async function removeSecret(place: SecretLocation, access: SecretReaderContext): Promise<ChangeOutcome> {
  try {
    await ended(await createVaultClient(place, access).beginDeleteSecret(place.name), 'deleting it');
    return 'done';
  } catch (error) {
    if (readServiceError(error).status === 404) return 'was-so';
    throw refused(error, place);
  }
}

const QUERY = { apiVersion: '2023-07-01', filter: null };

const tenantSchema = z.object({ properties: z.object({ tenantId: z.string() }) });

/** A vault as the domain knows it. */
export const vaultResource = (vault: ListedVault, secret: SecretLocation): VaultResource => ({
  name: vault.id.slice(vault.id.lastIndexOf('/') + 1),
  vaultId: vault.id,
  secretId: secretIdOf(vault, secret),
  authorization: vault.properties.enableRbacAuthorization === true ? 'roles' : 'policies',
});

async function change(
  arm: Arm,
  { vaultId }: VaultResource,
  how: 'add' | 'remove',
  principalId: string,
): Promise<ArmAnswer> {
  const vault = await arm.get(vaultId, QUERY);
  const { tenantId } = parseBody(arm, vault, tenantSchema, 'read the key vault').properties;
  const policy = { tenantId, objectId: principalId, permissions: { secrets: ['get'] } };
  return arm.put(`${vaultId}/accessPolicies/${how}`, { properties: { accessPolicies: [policy] } }, QUERY);
}

/**
 * Adds `get` of secrets to what a principal may; what it has stays.
 * @throws ACRT3043 when this principal may not change access policies
 */
export async function allowSecrets(arm: Arm, vault: VaultResource, principalId: string): Promise<ChangeOutcome> {
  const answer = await change(arm, vault, 'add', principalId);
  if (isRefused(answer)) {
    const { name, vaultId } = vault;
    const values = { principal: principalId, vault: name, vaultId, reason: answer.error?.reason ?? '' };
    throw transferError('ACRT3043', values, { correlationId: answer.correlationId });
  }
  assertOk(arm, answer, `change the access policies of ${vault.name}`);
  return 'done';
}

/** Takes `get` of secrets from what a principal may. */
export async function disallowSecrets(arm: Arm, vault: VaultResource, principalId: string): Promise<ChangeOutcome> {
  assertOk(arm, await change(arm, vault, 'remove', principalId), `change the access policies of ${vault.name}`);
  return 'done';
}
