/** Vaults of a subscription, and URIs of secrets. */
import * as z from 'zod';
import { readList, resourceIdSchema, type Arm } from '../arm/index.ts';

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

/** A vault in ARM's list. */
export type ListedVault = z.infer<typeof vaultSchema>;

/** Location of a secret. */
export interface SecretLocation {
  /** `https://vault.vault.azure.net` */
  readonly vault: string;
  readonly name: string;
  /** Null: the latest version. */
  readonly version: string | null;
}

/**
 * Lists the vaults of a subscription that are visible to this principal.
 * @throws an Error with the reason if they can't be listed
 */
export const listVaults = (arm: Arm, subscriptionId: string): Promise<readonly ListedVault[]> =>
  readList(arm, {
    id: `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/vaults`,
    query: QUERY,
    item: vaultSchema,
    what: 'list the key vaults of the subscription',
  });

const SECRET_PATH = /^\/secrets\/(?<name>[A-Za-z\d-]{1,127})(?:\/(?<version>[A-Za-z\d]*))?\/?$/;

/** Parses `https://VAULT/secrets/NAME[/VERSION]` (Microsoft Learn, "Key Vault object identifiers"); null for any other URI. */
export function parseSecretUri(uri: string): SecretLocation | null {
  const url = URL.parse(uri);
  const groups = SECRET_PATH.exec(url?.pathname ?? '')?.groups;
  if (url?.protocol !== 'https:' || groups === undefined) return null;
  const { name = '', version } = groups;
  return { vault: url.origin, name, version: version === undefined || version === '' ? null : version };
}

/** Finds the vault of a secret. */
export const vaultAt = (vaults: readonly ListedVault[], { vault }: SecretLocation): ListedVault | undefined =>
  vaults.find(({ properties }) => URL.parse(properties.vaultUri ?? '')?.origin === vault);

/** Resource ID of a secret, the scope of role assignments. */
export const secretIdOf = ({ id }: ListedVault, { name }: SecretLocation): string => `${id}/secrets/${name}`;
