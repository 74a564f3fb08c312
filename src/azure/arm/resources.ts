/** Resource IDs and network rules that ARM resources have in common. */
import * as z from 'zod';
import type { NetworkRules } from '../../transfer/ports/access-inspector.ts';

/** A resource ID from a response. It becomes the path of a request, so nothing else is accepted. */
export const resourceIdSchema = z.string().regex(/^\/(?:subscriptions|providers)\/[^?#]*$/, 'it is not a resource ID');

/** Network settings in a response of ARM. Registries and storage accounts use the same values. */
interface NetworkMembers {
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
