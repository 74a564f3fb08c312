/** Lists, resource IDs and network rules that ARM resources have in common. */
import * as z from 'zod';
import { describeSchemaError } from '../../transfer/errors/index.ts';
import type { NetworkRules } from '../../transfer/ports/access-inspector.ts';
import type { Arm, ArmResponse, ArmQuery } from './client.ts';

/** A resource ID from a response. It becomes the path of a request, so nothing else is accepted. */
export const resourceIdSchema = z.string().regex(/^\/(?:subscriptions|providers)\/[^?#]*$/, 'it is not a resource ID');

/**
 * Parses the body of a successful response.
 * @param what operation for the message: `list the storage accounts`
 * @throws an Error with the reason for every other response
 */
export function readBody<Shape extends z.ZodType>(response: ArmResponse, schema: Shape, what: string): z.infer<Shape> {
  if (response.error !== null) throw new Error(`cannot ${what}: ${response.error.reason}`);
  const parsed = schema.safeParse(response.body);
  if (parsed.success) return parsed.data;
  throw new Error(`cannot ${what}: unexpected response: ${describeSchemaError(parsed.error)}`);
}

/**
 * Reads all pages of a list.
 * @param item schema of one entry
 * @param what operation for the message, as in readBody
 * @throws an Error with the reason for an error response, or an unexpected page
 */
export async function readList<Item extends z.ZodType>(
  arm: Arm,
  listId: string,
  query: ArmQuery,
  item: Item,
  what: string,
): Promise<readonly z.infer<Item>[]> {
  const page = z.object({ value: z.array(item), nextLink: z.string().nullish() });
  const items: z.infer<Item>[] = [];
  const followed = new Set<string>();
  let { value, nextLink } = readBody(await arm.get(listId, query), page, what);
  for (;;) {
    items.push(...value);
    if (!nextLink) return items;
    if (followed.has(nextLink)) throw new Error(`cannot ${what}: the list has a loop of pages`);
    followed.add(nextLink);
    ({ value, nextLink } = readBody(await arm.follow(nextLink), page, what));
  }
}

/** Network settings in a response of ARM. Registries and storage accounts use the same values. */
export interface NetworkMembers {
  readonly publicNetworkAccess?: string | null | undefined;
  readonly defaultAction?: string | null | undefined;
  /** `AzureServices`, `None`, or a list as `Logging, AzureServices`. */
  readonly bypass?: string | null | undefined;
}

/**
 * Converts network settings, ignoring case. Absent settings have ARM's defaults: Enabled, Allow, AzureServices (Microsoft
 * REST reference, "Storage Accounts", "Registries"). A network security perimeter (`SecuredByPerimeter`) allows selected
 * networks.
 */
export function networkRules({ publicNetworkAccess, defaultAction, bypass }: NetworkMembers): NetworkRules {
  const access = (publicNetworkAccess ?? 'Enabled').toLowerCase();
  return {
    publicAccess: access !== 'disabled',
    restricted: access === 'securedbyperimeter' || defaultAction?.toLowerCase() === 'deny',
    trustedServices: (bypass ?? 'AzureServices').toLowerCase().includes('azureservices'),
  };
}
