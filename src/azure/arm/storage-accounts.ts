/** Finds the storage account of a container by the container's URI. */
import * as z from 'zod';
import type { StorageAccountFacts } from '../../transfer/ports/access-inspector.ts';
import type { Arm } from './client.ts';
import { readList } from './lists.ts';
import { networkRules, resourceIdSchema } from './resources.ts';

const QUERY = { apiVersion: '2023-05-01', filter: null };

const accountSchema = z.object({
  id: resourceIdSchema,
  name: z.string(),
  properties: z.object({
    // Absent for accounts without a blob service.
    primaryEndpoints: z.object({ blob: z.string().nullish() }).nullish(),
    publicNetworkAccess: z.string().nullish(),
    networkAcls: z.object({ defaultAction: z.string().nullish(), bypass: z.string().nullish() }).nullish(),
  }),
});

/** An account in ARM's list. */
export type ListedAccount = z.infer<typeof accountSchema>;

/**
 * Lists the accounts of a subscription that are visible to this principal.
 * @throws an Error with the reason if they can't be listed
 */
export const listAccounts = (arm: Arm, subscriptionId: string): Promise<readonly ListedAccount[]> =>
  readList(arm, {
    id: `/subscriptions/${subscriptionId}/providers/Microsoft.Storage/storageAccounts`,
    query: QUERY,
    item: accountSchema,
    what: 'list the storage accounts of the subscription',
  });

/** Origin and path in lower case, without the trailing slash that ARM returns (`https://account.blob.core.windows.net/`). */
function normalizeUri(uri: string): string | null {
  const url = URL.parse(uri);
  return url === null ? null : `${url.origin}${url.pathname}`.toLowerCase().replace(/\/$/, '');
}

/** Splits a container URI. The endpoint is a host, or a host and an account if accounts share a host. */
export function splitContainerUri(uri: string): { readonly endpoint: string; readonly container: string } {
  const normalized = normalizeUri(uri) ?? '';
  const slash = normalized.lastIndexOf('/');
  return { endpoint: normalized.slice(0, slash), container: normalized.slice(slash + 1) };
}

/** Finds the account with the blob endpoint of a container. */
export const accountOf = (accounts: readonly ListedAccount[], containerUri: string): ListedAccount | undefined => {
  const { endpoint } = splitContainerUri(containerUri);
  return accounts.find(({ properties }) => normalizeUri(properties.primaryEndpoints?.blob ?? '') === endpoint);
};

/** Resource ID of a container, the scope of role assignments. */
export const containerIdOf = ({ id }: ListedAccount, containerUri: string): string =>
  `${id}/blobServices/default/containers/${splitContainerUri(containerUri).container}`;

/** Converts an account for preflight. */
export const accountFacts = ({ id, name, properties }: ListedAccount): StorageAccountFacts => ({
  name,
  resourceId: id,
  network: networkRules({
    publicNetworkAccess: properties.publicNetworkAccess,
    defaultAction: properties.networkAcls?.defaultAction,
    bypass: properties.networkAcls?.bypass,
  }),
});
