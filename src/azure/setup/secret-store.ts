/** The secret that a pipeline reads its SAS from. */
import type { SecretClient } from '@azure/keyvault-secrets';
import { failure } from '../../transfer/failure.ts';
import type { Look } from '../../transfer/inspection.ts';
import type { Done, MadeSas, SecretState } from '../../transfer/setup/estate.ts';
import { looking, seen } from '../inspect/look.ts';
import { openVault, readSecret, type SecretAccess } from '../inspect/secret.ts';
import type { SecretPlace } from '../inspect/vaults.ts';
import { refusalOf, serviceReason } from '../service-error.ts';

/** Tells which pipeline a secret was made for, so that a tear-down knows it. */
const MADE_FOR = 'acr-transfer-pipeline';
const CONTENT_TYPE = 'application/x-acr-transfer-sas';

/** The secret as it is; its value is masked and forgotten. */
export const lookAtState = (place: SecretPlace, access: SecretAccess): Promise<Look<SecretState>> =>
  looking<SecretState>(async () => {
    const secret = await readSecret(place, access);
    if (secret === null) return seen({ kind: 'missing', madeFor: null });
    return seen({ ...secret.facts, madeFor: secret.tags[MADE_FOR] ?? null });
  });

const set = (client: SecretClient, { name }: SecretPlace, pipelineId: string, made: MadeSas) =>
  client.setSecret(name, made.sas, {
    contentType: CONTENT_TYPE,
    notBefore: new Date(made.startsAt),
    expiresOn: new Date(made.expiresAt),
    tags: { [MADE_FOR]: pipelineId.toLowerCase() },
  });

/** A name that was deleted softly is not free until it is purged; it can be taken back (Microsoft Learn, "Key Vault soft-delete"). */
async function setOrTakeBack(
  client: SecretClient,
  place: SecretPlace,
  pipelineId: string,
  made: MadeSas,
): Promise<void> {
  try {
    await set(client, place, pipelineId, made);
  } catch (error) {
    if (refusalOf(error).status !== 409) throw error;
    const recovery = await client.beginRecoverDeletedSecret(place.name);
    await recovery.pollUntilDone();
    await set(client, place, pipelineId, made);
  }
}

const uriOf = ({ vault, name }: SecretPlace): string => `${vault}/secrets/${name}`;

/**
 * Stores a SAS as a new version of the secret, which ends with it.
 * @throws ACRT3048
 */
export async function storeSas(
  place: SecretPlace,
  pipelineId: string,
  made: MadeSas,
  access: SecretAccess,
): Promise<void> {
  try {
    await setOrTakeBack(openVault(place, access), place, pipelineId, made);
  } catch (error) {
    const { correlationId } = refusalOf(error);
    throw failure('ACRT3048', { secret: uriOf(place), reason: serviceReason(error) }, { cause: error, correlationId });
  }
}

/**
 * Deletes the secret, softly where the vault does so.
 * @throws ACRT3048
 */
export async function removeSecret(place: SecretPlace, access: SecretAccess): Promise<Done> {
  try {
    const deletion = await openVault(place, access).beginDeleteSecret(place.name);
    await deletion.pollUntilDone();
    return 'done';
  } catch (error) {
    const { status, correlationId } = refusalOf(error);
    if (status === 404) return 'was-so';
    throw failure('ACRT3048', { secret: uriOf(place), reason: serviceReason(error) }, { cause: error, correlationId });
  }
}
