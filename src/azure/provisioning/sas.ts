/** SAS of a container (Microsoft: "Create a user delegation SAS", "Create a service SAS"). */
import type { TokenCredential } from '@azure/core-auth';
import {
  BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
  type ContainerSASPermissions as Permissions,
  type SASQueryParameters,
} from '@azure/storage-blob';
import * as z from 'zod';
import type { ContainerResource, IssuedSas, SasLifetime } from '../../provisioning/index.ts';
import { transferError } from '../../transfer/errors/index.ts';
import { parseResponse, splitContainerUri, type Arm } from '../arm/index.ts';
import { knownError, readServiceError } from '../http/index.ts';
import { createClients } from '../storage/index.ts';

/** Access to a storage account. */
export interface SasAccess {
  readonly arm: Arm;
  readonly credential: TokenCredential;
  /** Audience of storage tokens; null: the account's own URL. */
  readonly audience: string | null;
  readonly mask: (secret: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Parameters of a SAS. */
interface SasParameters {
  readonly containerName: string;
  readonly permissions: Permissions;
  readonly protocol: SASProtocol;
  readonly startsOn: Date;
  readonly expiresOn: Date;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Tolerated clock skew (Microsoft: "Best practices when using SAS"). */
const SKEW_MINUTES = 15;

const KEY_NAMES = { 'user-delegation': 'user delegation key', 'account-key': 'account key' } as const;

const LIST_KEYS = { apiVersion: '2023-05-01', filter: null };
const keysSchema = z.object({ keys: z.array(z.object({ value: z.string() })).min(1) });

/** Reads the first key of the account, and masks it. */
async function accountKey({ arm, mask }: SasAccess, { accountId, account }: ContainerResource): Promise<string> {
  const response = await arm.post(`${accountId}/listKeys`, undefined, LIST_KEYS);
  if (response.error !== null) {
    const values = { account, key: KEY_NAMES['account-key'], reason: response.error.reason };
    throw transferError('ACRT3046', values, { correlationId: response.correlationId });
  }
  const { keys } = parseResponse(arm, response, keysSchema, 'list the keys of the account');
  const [{ value } = { value: '' }] = keys;
  mask(value);
  return value;
}

async function signByDelegation(
  uri: string,
  { account }: ContainerResource,
  parameters: SasParameters,
  { credential, audience, mask }: SasAccess,
): Promise<SASQueryParameters> {
  const { endpoint } = splitContainerUri(uri);
  const { retryingPipeline } = createClients(uri, { kind: 'token', credential, audience });
  try {
    const key = await new BlobServiceClient(endpoint, retryingPipeline()).getUserDelegationKey(
      parameters.startsOn,
      parameters.expiresOn,
    );
    mask(key.value);
    return generateBlobSASQueryParameters(parameters, key, account);
  } catch (error) {
    const { reason, correlationId } = readServiceError(error);
    const values = { account, key: KEY_NAMES['user-delegation'], reason };
    throw knownError(error, uri) ?? transferError('ACRT3046', values, { cause: error, correlationId });
  }
}

async function signByKey(
  container: ContainerResource,
  parameters: SasParameters,
  access: SasAccess,
): Promise<SASQueryParameters> {
  const key = new StorageSharedKeyCredential(container.account, await accountKey(access, container));
  return generateBlobSASQueryParameters(parameters, key);
}

/** A user delegation key is valid for at most seven days from its start, not from now. The times of a SAS are whole seconds. */
function sasParametersOf(
  uri: string,
  permissions: string,
  { days, key }: SasLifetime,
  currentTime: number,
): SasParameters {
  const now = Math.floor(currentTime / 1000) * 1000;
  const startsAt = now - SKEW_MINUTES * MINUTE;
  const latestExpiry = key === 'user-delegation' ? startsAt + 7 * DAY : Infinity;
  return {
    containerName: splitContainerUri(uri).container,
    permissions: ContainerSASPermissions.parse(permissions),
    protocol: SASProtocol.Https,
    startsOn: new Date(startsAt),
    expiresOn: new Date(Math.min(now + days * DAY, latestExpiry)),
  };
}

/**
 * Creates a SAS for a container, HTTPS only. It is masked before it is returned.
 * @throws ACRT3046 if there is no key to sign it with
 */
export async function createSas(
  uri: string,
  container: ContainerResource,
  permissions: string,
  lifetime: SasLifetime,
  access: SasAccess,
): Promise<IssuedSas> {
  const parameters = sasParametersOf(uri, permissions, lifetime, access.now());
  const signed =
    lifetime.key === 'user-delegation'
      ? await signByDelegation(uri, container, parameters, access)
      : await signByKey(container, parameters, access);
  const sas = signed.toString();
  access.mask(sas);
  return { sas, startsAt: parameters.startsOn.getTime(), expiresAt: parameters.expiresOn.getTime() };
}

/** Code of storage if the signer lacks a permission that the SAS grants (Microsoft: "Blob service error codes"). */
const NOT_PERMITTED = 'AuthorizationPermissionMismatch';

/**
 * Lists blobs with a SAS, as the pipeline does.
 * @throws ACRT3047 if storage rejects the SAS
 */
export async function testSas(uri: string, { sas }: IssuedSas): Promise<void> {
  try {
    const { retrying } = createClients(uri, { kind: 'sas', sas });
    await retrying.listBlobsFlat().byPage({ maxPageSize: 1 }).next();
  } catch (error) {
    const { code, reason, correlationId } = readServiceError(error);
    // A new role of the signer that hasn't replicated yet causes the same error as a missing one.
    const temporary = code === NOT_PERMITTED ? { retryAfterSeconds: null, throttled: false } : null;
    const context = { cause: error, correlationId, temporary };
    throw knownError(error, uri) ?? transferError('ACRT3047', { container: uri, reason }, context);
  }
}
