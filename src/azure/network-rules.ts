import type { NetworkRules } from '../transfer/inspection.ts';

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
