/** The key vault that a secret belongs to, found by its address, and who may read there. */
import * as z from 'zod';
import type { Look } from '../../transfer/inspection.ts';
import type { Arm } from '../arm.ts';
import { seen, unseen } from './look.ts';
import { readList, resourceIdSchema } from './resources.ts';

const QUERY = { apiVersion: '2023-07-01', filter: null };

const policySchema = z.object({
  objectId: z.string(),
  applicationId: z.string().nullish(),
  permissions: z.object({ secrets: z.array(z.string()).nullish() }).nullish(),
});

const vaultSchema = z.object({
  id: resourceIdSchema,
  properties: z.object({
    vaultUri: z.string().nullish(),
    enableRbacAuthorization: z.boolean().nullish(),
    accessPolicies: z.array(policySchema).nullish(),
  }),
});

/** A vault as ARM lists it. */
export type ListedVault = z.infer<typeof vaultSchema>;

/** Where a secret is. */
export interface SecretPlace {
  /** `https://vault.vault.azure.net` */
  readonly vault: string;
  readonly name: string;
  /** Null: its latest version. */
  readonly version: string | null;
}

/**
 * Lists the vaults of a subscription that this principal may see.
 * @throws an Error with the reason when they may not be listed
 */
export const listVaults = (arm: Arm, subscriptionId: string): Promise<readonly ListedVault[]> =>
  readList(
    arm,
    `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/vaults`,
    QUERY,
    vaultSchema,
    'list the key vaults of the subscription',
  );

const SECRET_PATH = /^\/secrets\/(?<name>[A-Za-z\d-]{1,127})(?:\/(?<version>[A-Za-z\d]*))?\/?$/;

/** Reads `https://VAULT/secrets/NAME[/VERSION]` (Microsoft Learn, "Key Vault object identifiers"); null when it is none. */
export function parseSecretUri(uri: string): SecretPlace | null {
  const url = URL.parse(uri);
  const groups = SECRET_PATH.exec(url?.pathname ?? '')?.groups;
  if (url?.protocol !== 'https:' || groups === undefined) return null;
  const { name = '', version } = groups;
  return { vault: url.origin, name, version: version === undefined || version === '' ? null : version };
}

/** The vault at an address; undefined when there is none. */
export const vaultAt = (vaults: readonly ListedVault[], { vault }: SecretPlace): ListedVault | undefined =>
  vaults.find(({ properties }) => URL.parse(properties.vaultUri ?? '')?.origin === vault);

/** Resource ID of a secret, where roles can be given. */
export const secretIdOf = ({ id }: ListedVault, { name }: SecretPlace): string => `${id}/secrets/${name}`;

const READING: ReadonlySet<string> = new Set(['get', 'all']);

/** Who may read the secrets of a vault by its access policies; one with an application counts for users of it alone. */
const policyReaders = ({ properties }: ListedVault): readonly string[] =>
  (properties.accessPolicies ?? []).flatMap(({ objectId, applicationId, permissions }) => {
    const reads = (permissions?.secrets ?? []).some((permission) => READING.has(permission.toLowerCase()));
    return reads && !applicationId ? [objectId.toLowerCase()] : [];
  });

/** Whether access policies let a principal read secrets. Nobody can tell here which of them are for groups, or who is in those. */
export function mayReadByPolicy(vault: ListedVault, principalId: string): Look<boolean> {
  const readers = policyReaders(vault);
  if (readers.includes(principalId.toLowerCase())) return seen(true);
  return readers.length === 0 ? seen(false) : unseen('no access policy names it, but one of them may be for a group');
}
