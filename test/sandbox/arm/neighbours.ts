/** The storage account and the vault of a cloud, as ARM lists them: of each there is one, in the registry's resource group. */
import type { CloudContext } from '../contracts.ts';
import type { CloudSettings } from '../description.ts';
import type { Operation, RegistryPlace } from './endpoint.ts';

/** What lies beside the registry. */
export interface Neighbours {
  readonly place: RegistryPlace;
  /** Name of the storage account. */
  readonly account: string;
  /** With a slash at its end, as Azure gives it. */
  readonly blobEndpoint: string;
  /** With a slash at its end, as Azure gives it. */
  readonly vaultUri: string;
}

const groupId = ({ place }: Neighbours): string =>
  `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}`;

/** Resource ID of the storage account. */
export const accountId = (neighbours: Neighbours): string =>
  `${groupId(neighbours)}/providers/Microsoft.Storage/storageAccounts/${neighbours.account}`;

/** Resource ID of the vault. */
export const vaultId = (neighbours: Neighbours): string =>
  `${groupId(neighbours)}/providers/Microsoft.KeyVault/vaults/transfer`;

const paths = (type: string): readonly string[] => [
  `/subscriptions/(?<subscription>[^/]+)/providers/${type.replace('.', '\\.')}`,
  `/subscriptions/(?<subscription>[^/]+)/resourceGroups/(?<group>[^/]+)/providers/${type.replace('.', '\\.')}`,
];

type Describe = () => object;

const lists = (type: string, versions: readonly string[], describe: Describe): readonly Operation[] =>
  paths(type).map((path) => ({
    method: 'GET',
    path,
    action: 'read',
    foreignAction: `${type}/read`,
    versions,
    handle: () => ({ status: 200, body: { value: [describe()] } }),
  }));

/** LIST of storage accounts (Microsoft REST reference, "Storage Accounts - List"; members that nobody reads are left out). */
export const accountOperations = (neighbours: Neighbours, settings: () => CloudSettings): readonly Operation[] =>
  lists('Microsoft.Storage/storageAccounts', ['2023-01-01', '2023-05-01', '2024-01-01'], () => {
    const { publicNetworkAccess, defaultAction, bypass } = settings().storage;
    return {
      sku: { name: 'Standard_LRS', tier: 'Standard' },
      kind: 'StorageV2',
      id: accountId(neighbours),
      name: neighbours.account,
      type: 'Microsoft.Storage/storageAccounts',
      location: 'westus',
      properties: {
        publicNetworkAccess,
        networkAcls: { bypass, virtualNetworkRules: [], ipRules: [], defaultAction },
        provisioningState: 'Succeeded',
        primaryEndpoints: { blob: neighbours.blobEndpoint },
      },
    };
  });

/** LIST of vaults (Microsoft REST reference, "Vaults - List By Subscription"). */
export const vaultOperations = (
  neighbours: Neighbours,
  { settings, roles, tenantId }: Pick<CloudContext, 'settings' | 'roles' | 'tenantId'>,
): readonly Operation[] =>
  lists('Microsoft.KeyVault/vaults', ['2022-07-01', '2023-02-01', '2023-07-01'], () => {
    const byPolicies = settings().vault.authorization === 'policies';
    const readers = roles().filter(({ role }) => role === 'Key Vault Secrets User');
    const accessPolicies = readers.map(({ principalId }) => ({
      tenantId,
      objectId: principalId,
      permissions: { secrets: ['get'] },
    }));
    return {
      id: vaultId(neighbours),
      name: 'transfer',
      type: 'Microsoft.KeyVault/vaults',
      location: 'westus',
      properties: {
        sku: { family: 'A', name: 'standard' },
        tenantId,
        accessPolicies: byPolicies ? accessPolicies : [],
        enableRbacAuthorization: !byPolicies,
        vaultUri: neighbours.vaultUri,
        provisioningState: 'Succeeded',
      },
    };
  });
