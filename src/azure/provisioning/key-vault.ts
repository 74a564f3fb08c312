/** Secrets and access policies of a key vault. */
import type { SecretClient } from '@azure/keyvault-secrets';
import * as z from 'zod';
import type { ChangeOutcome, IssuedSas, SecretState, VaultResource } from '../../provisioning/index.ts';
import { ok, transferError, type TransferError } from '../../transfer/errors/index.ts';
import type { Observation } from '../../transfer/ports/access-inspector.ts';
import { observe } from '../access/index.ts';
import { assertOk, isDenied, parseBody, type Arm, type ArmResponse } from '../arm/index.ts';
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

/** Tag with the pipeline that a secret was created for. Teardown deletes only such secrets. */
const PIPELINE_TAG = 'acr-transfer-pipeline';
const CONTENT_TYPE = 'application/x-acr-transfer-sas';

/** Reads the state of a secret. Its value is masked and dropped. */
export const readSecretState = (
  location: SecretLocation,
  access: SecretReaderContext,
): Promise<Observation<SecretState>> =>
  observe<SecretState>(async () => {
    const secret = await readSecret(location, access);
    if (secret === null) return ok({ kind: 'missing', createdFor: null });
    return ok({ ...secret.facts, createdFor: secret.tags[PIPELINE_TAG] ?? null });
  });

const setSecret = (client: SecretClient, { name }: SecretLocation, pipelineId: string, issued: IssuedSas) =>
  client.setSecret(name, issued.sas, {
    contentType: CONTENT_TYPE,
    notBefore: new Date(issued.startsAt),
    expiresOn: new Date(issued.expiresAt),
    tags: { [PIPELINE_TAG]: pipelineId.toLowerCase() },
  });

/** Time limit of an operation of a vault, which normally takes seconds. */
const OPERATION_TIMEOUT_SECONDS = 120;

interface Operation {
  readonly pollUntilDone: (options: { readonly abortSignal: AbortSignal }) => Promise<unknown>;
}

async function waitFor(operation: Operation, what: string): Promise<void> {
  try {
    await operation.pollUntilDone({ abortSignal: AbortSignal.timeout(OPERATION_TIMEOUT_SECONDS * 1000) });
  } catch (error) {
    if (isAbort(error)) throw new Error(`${what} did not end within ${OPERATION_TIMEOUT_SECONDS} s`, { cause: error });
    throw error;
  }
}

/**
 * Stores a secret. A soft-deleted secret keeps its name until it is purged, so it is recovered first (Microsoft Learn, "Key
 * Vault soft-delete").
 */
async function setOrRecover(
  client: SecretClient,
  location: SecretLocation,
  pipelineId: string,
  issued: IssuedSas,
): Promise<void> {
  try {
    await setSecret(client, location, pipelineId, issued);
  } catch (error) {
    if (innerCode(error) !== 'ObjectIsDeletedButRecoverable') throw error;
    await waitFor(await client.beginRecoverDeletedSecret(location.name), 'the recovery of the secret');
    await setSecret(client, location, pipelineId, issued);
  }
}

function secretError(error: unknown, { vault, name }: SecretLocation): TransferError {
  const { reason, correlationId } = readServiceError(error);
  const values = { secret: `${vault}/secrets/${name}`, reason };
  return knownError(error, vault) ?? transferError('ACRT3048', values, { cause: error, correlationId });
}

/**
 * Stores a SAS as a new version of the secret, which expires with it.
 * @throws ACRT3048
 */
export async function storeSas(
  location: SecretLocation,
  pipelineId: string,
  issued: IssuedSas,
  access: SecretReaderContext,
): Promise<void> {
  try {
    await setOrRecover(createVaultClient(location, access), location, pipelineId, issued);
  } catch (error) {
    throw secretError(error, location);
  }
}

/**
 * Deletes the secret. A vault with soft delete keeps it recoverable.
 * @throws ACRT3048
 */
export async function removeSecret(location: SecretLocation, access: SecretReaderContext): Promise<ChangeOutcome> {
  try {
    await waitFor(
      await createVaultClient(location, access).beginDeleteSecret(location.name),
      'the deletion of the secret',
    );
    return 'done';
  } catch (error) {
    if (readServiceError(error).status === 404) return 'unchanged';
    throw secretError(error, location);
  }
}

const QUERY = { apiVersion: '2023-07-01', filter: null };

const tenantSchema = z.object({ properties: z.object({ tenantId: z.string() }) });

/** Converts a vault of ARM's list. */
export const vaultResource = (vault: ListedVault, secret: SecretLocation): VaultResource => ({
  name: vault.id.slice(vault.id.lastIndexOf('/') + 1),
  vaultId: vault.id,
  secretId: secretIdOf(vault, secret),
  authorization: vault.properties.enableRbacAuthorization === true ? 'roles' : 'policies',
});

async function changePolicy(
  arm: Arm,
  { vaultId }: VaultResource,
  operation: 'add' | 'remove',
  principalId: string,
): Promise<ArmResponse> {
  const vault = await arm.get(vaultId, QUERY);
  const { tenantId } = parseBody(arm, vault, tenantSchema, 'read the key vault').properties;
  const policy = { tenantId, objectId: principalId, permissions: { secrets: ['get'] } };
  return arm.put(`${vaultId}/accessPolicies/${operation}`, { properties: { accessPolicies: [policy] } }, QUERY);
}

/**
 * Allows a principal to get secrets. Its other permissions stay.
 * @throws ACRT3043 if this step can't change access policies
 */
export async function allowSecrets(arm: Arm, vault: VaultResource, principalId: string): Promise<ChangeOutcome> {
  const response = await changePolicy(arm, vault, 'add', principalId);
  if (isDenied(response)) {
    const { name, vaultId } = vault;
    const values = { principal: principalId, vault: name, vaultId, reason: response.error?.reason ?? '' };
    throw transferError('ACRT3043', values, { correlationId: response.correlationId });
  }
  assertOk(arm, response, `change the access policies of ${vault.name}`);
  return 'done';
}

/** Removes the permission to get secrets from a principal. */
export async function disallowSecrets(arm: Arm, vault: VaultResource, principalId: string): Promise<ChangeOutcome> {
  assertOk(arm, await changePolicy(arm, vault, 'remove', principalId), `change the access policies of ${vault.name}`);
  return 'done';
}
