/** The storage account that a container belongs to, found by its address. */
import * as z from 'zod';
import type { StorageAccountFacts } from '../../transfer/ports/access-inspector.ts';
import type { Arm } from './client.ts';
import { networkRules, readList, resourceIdSchema } from './resources.ts';

const QUERY = { apiVersion: '2023-05-01', filter: null };

const accountSchema = z.object({
  id: resourceIdSchema,
  name: z.string(),
  properties: z.object({
    // Absent for accounts that hold files alone.
    primaryEndpoints: z.object({ blob: z.string().nullish() }).nullish(),
    publicNetworkAccess: z.string().nullish(),
    networkAcls: z.object({ defaultAction: z.string().nullish(), bypass: z.string().nullish() }).nullish(),
  }),
});

/** An account as ARM lists it. */
export type ListedAccount = z.infer<typeof accountSchema>;

/**
 * Lists the accounts of a subscription that this principal may see.
 * @throws an Error with the reason when they may not be listed
 */
export const listAccounts = (arm: Arm, subscriptionId: string): Promise<readonly ListedAccount[]> =>
  readList(
    arm,
    `/subscriptions/${subscriptionId}/providers/Microsoft.Storage/storageAccounts`,
    QUERY,
    accountSchema,
    'list the storage accounts of the subscription',
  );

/** Host and path, without case and without the slash at the end that ARM gives (`https://account.blob.core.windows.net/`). */
function placeOf(uri: string): string | null {
  const url = URL.parse(uri);
  return url === null ? null : `${url.origin}${url.pathname}`.toLowerCase().replace(/\/$/, '');
}

/** A container's own name, and the endpoint in front of it: a host, or host and account where accounts share one. */
export function splitContainerUri(uri: string): { readonly endpoint: string; readonly container: string } {
  const place = placeOf(uri) ?? '';
  const slash = place.lastIndexOf('/');
  return { endpoint: place.slice(0, slash), container: place.slice(slash + 1) };
}

/** The account with the blob endpoint of a container; undefined when there is none. */
export const accountOf = (accounts: readonly ListedAccount[], containerUri: string): ListedAccount | undefined => {
  const { endpoint } = splitContainerUri(containerUri);
  return accounts.find(({ properties }) => placeOf(properties.primaryEndpoints?.blob ?? '') === endpoint);
};

/** Resource ID of a container, where roles can be given. */
export const containerIdOf = ({ id }: ListedAccount, containerUri: string): string =>
  `${id}/blobServices/default/containers/${splitContainerUri(containerUri).container}`;

/** What preflight wants to know of it. */
export const accountFacts = ({ id, name, properties }: ListedAccount): StorageAccountFacts => ({
  name,
  resourceId: id,
  network: networkRules({
    publicNetworkAccess: properties.publicNetworkAccess,
    defaultAction: properties.networkAcls?.defaultAction,
    bypass: properties.networkAcls?.bypass,
  }),
});
