/** Lists, resource IDs and network rules that ARM resources have in common. */
import * as z from 'zod';
import { describeSchemaError } from '../../transfer/errors/index.ts';
import type { NetworkRules } from '../../transfer/ports/access-inspector.ts';
import type { Arm, ArmAnswer, ArmQuery } from './client.ts';

/** A resource ID that ARM has told; it becomes the path of a request, so that nothing else will do. */
export const resourceIdSchema = z.string().regex(/^\/(?:subscriptions|providers)\/[^?#]*$/, 'it is no resource ID');

/**
 * The body of a good answer.
 * @param what was to be done, for the reason: `list the storage accounts`
 * @throws an Error with the reason of every other answer
 */
export function readBody<Shape extends z.ZodType>(answer: ArmAnswer, schema: Shape, what: string): z.infer<Shape> {
  if (answer.error !== null) throw new Error(`cannot ${what}: ${answer.error.reason}`);
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  throw new Error(`cannot ${what}: the answer is not understood: ${describeSchemaError(parsed.error)}`);
}

/**
 * Reads a list of ARM to its last page.
 * @param item one of the list
 * @param what as readBody has it
 * @throws an Error with the reason when a page was refused, or is not understood
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
    if (followed.has(nextLink)) throw new Error(`cannot ${what}: the list goes round in circles`);
    followed.add(nextLink);
    ({ value, nextLink } = readBody(await arm.follow(nextLink), page, what));
  }
}

/** Members that say how far a resource is open, as ARM gives them; registries and storage accounts agree in the values. */
export interface NetworkMembers {
  readonly publicNetworkAccess?: string | null | undefined;
  readonly defaultAction?: string | null | undefined;
  /** `AzureServices`, `None`, or a list as `Logging, AzureServices`. */
  readonly bypass?: string | null | undefined;
}

/**
 * Reads them without case. What is absent is as open as ARM's defaults: Enabled, Allow, AzureServices (Microsoft REST
 * reference, "Storage Accounts", "Registries"). A security perimeter (`SecuredByPerimeter`) lets chosen networks in.
 */
export function networkRules({ publicNetworkAccess, defaultAction, bypass }: NetworkMembers): NetworkRules {
  const access = (publicNetworkAccess ?? 'Enabled').toLowerCase();
  return {
    publicAccess: access !== 'disabled',
    restricted: access === 'securedbyperimeter' || defaultAction?.toLowerCase() === 'deny',
    trustedServices: (bypass ?? 'AzureServices').toLowerCase().includes('azureservices'),
  };
}
