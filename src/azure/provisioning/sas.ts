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
import { parseAnswer, splitContainerUri, type Arm } from '../arm/index.ts';
import { knownError, readServiceError } from '../http/index.ts';
import { createClients } from '../storage/index.ts';

/** How the account is reached. */
export interface SasAccess {
  readonly arm: Arm;
  readonly credential: TokenCredential;
  /** Audience of storage tokens; null: the account's own URL. */
  readonly audience: string | null;
  readonly mask: (secret: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What is signed. */
interface SasParameters {
  readonly containerName: string;
  readonly permissions: Permissions;
  readonly protocol: SASProtocol;
  readonly startsOn: Date;
  readonly expiresOn: Date;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Clocks may differ by this much (Microsoft: "Best practices when using SAS"). */
const SKEW_MINUTES = 15;

const KEY_NAMES = { 'user-delegation': 'user delegation key', 'account-key': 'account key' } as const;

const LIST_KEYS = { apiVersion: '2023-05-01', filter: null };
const keysSchema = z.object({ keys: z.array(z.object({ value: z.string() })).min(1) });

/** A key of the account, masked. */
async function accountKey({ arm, mask }: SasAccess, { accountId, account }: ContainerResource): Promise<string> {
  const answer = await arm.post(`${accountId}/listKeys`, undefined, LIST_KEYS);
  if (answer.error !== null) {
    const values = { account, key: KEY_NAMES['account-key'], reason: answer.error.reason };
    throw transferError('ACRT3046', values, { correlationId: answer.correlationId });
  }
  const { keys } = parseAnswer(arm, answer, keysSchema, 'list the keys of the account');
  const [{ value } = { value: '' }] = keys;
  mask(value);
  return value;
}

async function signByDelegation(
  uri: string,
  { account }: ContainerResource,
  wish: SasParameters,
  { credential, audience, mask }: SasAccess,
): Promise<SASQueryParameters> {
  const { endpoint } = splitContainerUri(uri);
  const { patiently } = createClients(uri, { kind: 'token', credential, audience });
  try {
    const key = await new BlobServiceClient(endpoint, patiently()).getUserDelegationKey(wish.startsOn, wish.expiresOn);
    mask(key.value);
    return generateBlobSASQueryParameters(wish, key, account);
  } catch (error) {
    const { reason, correlationId } = readServiceError(error);
    const values = { account, key: KEY_NAMES['user-delegation'], reason };
    throw knownError(error, uri) ?? transferError('ACRT3046', values, { cause: error, correlationId });
  }
}

async function signByKey(
  place: ContainerResource,
  wish: SasParameters,
  access: SasAccess,
): Promise<SASQueryParameters> {
  const key = new StorageSharedKeyCredential(place.account, await accountKey(access, place));
  return generateBlobSASQueryParameters(wish, key);
}

/** A user delegation key lives seven days at most, counted from its start, not from now. A SAS knows whole seconds only. */
function sasParametersOf(uri: string, permissions: string, { days, key }: SasLifetime, at: number): SasParameters {
  const now = Math.floor(at / 1000) * 1000;
  const startsAt = now - SKEW_MINUTES * MINUTE;
  const longest = key === 'user-delegation' ? startsAt + 7 * DAY : Infinity;
  return {
    containerName: splitContainerUri(uri).container,
    permissions: ContainerSASPermissions.parse(permissions),
    protocol: SASProtocol.Https,
    startsOn: new Date(startsAt),
    expiresOn: new Date(Math.min(now + days * DAY, longest)),
  };
}

/**
 * Makes a SAS of a container, HTTPS only. It is masked before it is returned.
 * @throws ACRT3046 when there is no key to sign it with
 */
export async function createSas(
  uri: string,
  place: ContainerResource,
  permissions: string,
  life: SasLifetime,
  access: SasAccess,
): Promise<IssuedSas> {
  const wish = sasParametersOf(uri, permissions, life, access.now());
  const signed =
    life.key === 'user-delegation'
      ? await signByDelegation(uri, place, wish, access)
      : await signByKey(place, wish, access);
  const sas = signed.toString();
  access.mask(sas);
  return { sas, startsAt: wish.startsOn.getTime(), expiresAt: wish.expiresOn.getTime() };
}

/** Storage: who signs may not do what the SAS passes on (Microsoft: "Blob service error codes"). */
const NOT_PERMITTED = 'AuthorizationPermissionMismatch';

/**
 * Lists with a SAS, as the pipeline would.
 * @throws ACRT3047 when storage does not accept it
 */
export async function testSas(uri: string, { sas }: IssuedSas): Promise<void> {
  try {
    const { patient } = createClients(uri, { kind: 'sas', sas });
    await patient.listBlobsFlat().byPage({ maxPageSize: 1 }).next();
  } catch (error) {
    const { code, reason, correlationId } = readServiceError(error);
    // A role of the signer that has not spread yet looks like one that is missing.
    const temporary = code === NOT_PERMITTED ? { retryAfterSeconds: null, throttled: false } : null;
    const context = { cause: error, correlationId, temporary };
    throw knownError(error, uri) ?? transferError('ACRT3047', { container: uri, reason }, context);
  }
}
