/** The storage account and the vault of a cloud in ARM's lists. Each cloud has one of both, in the registry's resource group. */
import type { CloudContext } from '../contracts.ts';
import type { CloudSettings } from '../description.ts';
import { z } from 'zod';
import { sameName } from './endpoint.ts';
import type { Call, Operation, RegistryPlace } from './endpoint.ts';
import { resourceNotFound } from './errors.ts';

/** The other resources in the resource group of the registry. */
export interface Neighbours {
  readonly place: RegistryPlace;
  /** Name of the storage account. */
  readonly account: string;
  /** Base64. */
  readonly accountKey: string;
  /** With a trailing slash, as in Azure. */
  readonly blobEndpoint: string;
  /** With a trailing slash, as in Azure. */
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

/** Path of one resource of the group, by its name. */
const onePath = (type: string, below = ''): string =>
  `/subscriptions/(?<subscription>[^/]+)/resourceGroups/(?<group>[^/]+)/providers/${type.replace('.', '\\.')}/(?<name>[^/]+)${below}`;

const lists = (type: string, versions: readonly string[], describe: Describe): readonly Operation[] =>
  paths(type).map((path) => ({
    method: 'GET',
    path,
    action: 'read',
    foreignAction: `${type}/read`,
    versions,
    handle: () => ({ status: 200, body: { value: [describe()] } }),
  }));

function checkNamed(type: string, { name, params }: Call, only: string): void {
  if (!sameName(name, only)) throw resourceNotFound(`${type}/${name}`, params['group'] ?? '');
}

const ACCOUNTS = 'Microsoft.Storage/storageAccounts';
const ACCOUNT_VERSIONS = ['2023-01-01', '2023-05-01', '2024-01-01'];

/** LIST of storage accounts (Microsoft REST reference, "Storage Accounts - List"), without unused members, and their keys. */
export const accountOperations = (neighbours: Neighbours, settings: () => CloudSettings): readonly Operation[] => [
  ...lists(ACCOUNTS, ACCOUNT_VERSIONS, () => {
    const { publicNetworkAccess, defaultAction, bypass, allowSharedKeyAccess } = settings().storage;
    return {
      sku: { name: 'Standard_LRS', tier: 'Standard' },
      kind: 'StorageV2',
      id: accountId(neighbours),
      name: neighbours.account,
      type: ACCOUNTS,
      location: 'westus',
      properties: {
        publicNetworkAccess,
        allowSharedKeyAccess,
        networkAcls: { bypass, virtualNetworkRules: [], ipRules: [], defaultAction },
        provisioningState: 'Succeeded',
        primaryEndpoints: { blob: neighbours.blobEndpoint },
      },
    };
  }),
  {
    method: 'POST',
    path: onePath(ACCOUNTS, '/listKeys'),
    action: 'listkeys/action',
    foreignAction: `${ACCOUNTS}/listkeys/action`,
    versions: ACCOUNT_VERSIONS,
    handle: (call) => {
      checkNamed(ACCOUNTS, call, neighbours.account);
      const creationTime = '2026-01-01T00:00:00.0000000Z';
      const key = { value: neighbours.accountKey, permissions: 'FULL' };
      return { status: 200, body: { keys: ['key1', 'key2'].map((keyName) => ({ creationTime, keyName, ...key })) } };
    },
  },
];

const VAULTS = 'Microsoft.KeyVault/vaults';
const VAULT_VERSIONS = ['2022-07-01', '2023-02-01', '2023-07-01'];

const policySchema = z.object({
  properties: z.object({
    accessPolicies: z.array(
      z.object({ objectId: z.string(), permissions: z.object({ secrets: z.array(z.string()).default([]) }) }),
    ),
  }),
});

type VaultContext = Pick<CloudContext, 'settings' | 'roles' | 'tenantId' | 'policies'>;

/** The vault's own policies, and policies for the roles that it would grant by policies. */
function accessPoliciesOf({ roles, policies, tenantId }: VaultContext): readonly object[] {
  const readers = roles().filter(({ role }) => role === 'Key Vault Secrets User');
  const given = [
    ...readers.map(({ principalId }) => ({ objectId: principalId, secrets: ['get'] })),
    ...policies.all().map(({ objectId, secrets }) => ({ objectId, secrets })),
  ];
  return given.map(({ objectId, secrets }) => ({ tenantId, objectId, permissions: { secrets } }));
}

function describeVault(neighbours: Neighbours, context: VaultContext): object {
  const byPolicies = context.settings().vault.authorization === 'policies';
  return {
    id: vaultId(neighbours),
    name: 'transfer',
    type: VAULTS,
    location: 'westus',
    properties: {
      sku: { family: 'A', name: 'standard' },
      tenantId: context.tenantId,
      accessPolicies: byPolicies ? accessPoliciesOf(context) : [],
      enableRbacAuthorization: !byPolicies,
      enableSoftDelete: true,
      vaultUri: neighbours.vaultUri,
      provisioningState: 'Succeeded',
    },
  };
}

const POLICY_CHANGES = {
  add: ({ policies, settings }: VaultContext, objectId: string, secrets: readonly string[]): void => {
    policies.add({ objectId, secrets, since: Date.now() + settings().propagationSeconds * 1000 });
  },
  remove: ({ policies }: VaultContext, objectId: string, secrets: readonly string[]): void => {
    policies.remove(objectId, secrets);
  },
};

/** LIST and GET of vaults, and PUT of access policies (Microsoft REST reference, "Vaults - List By Subscription", "Vaults - Update Access Policy"). */
export const vaultOperations = (neighbours: Neighbours, context: VaultContext): readonly Operation[] => [
  ...lists(VAULTS, VAULT_VERSIONS, () => describeVault(neighbours, context)),
  {
    method: 'GET',
    path: onePath(VAULTS),
    action: 'read',
    foreignAction: `${VAULTS}/read`,
    versions: VAULT_VERSIONS,
    handle: (call) => {
      checkNamed(VAULTS, call, 'transfer');
      return { status: 200, body: describeVault(neighbours, context) };
    },
  },
  ...(['add', 'remove'] as const).map((how): Operation => ({
    method: 'PUT',
    path: onePath(VAULTS, `/accessPolicies/${how}`),
    action: 'write',
    foreignAction: `${VAULTS}/accessPolicies/write`,
    versions: VAULT_VERSIONS,
    handle: async (call) => {
      checkNamed(VAULTS, call, 'transfer');
      for (const { objectId, permissions } of policySchema.parse(await call.json()).properties.accessPolicies) {
        POLICY_CHANGES[how](
          context,
          objectId,
          permissions.secrets.map((permission) => permission.toLowerCase()),
        );
      }
      const body = { id: `${vaultId(neighbours)}/accessPolicies/`, type: `${VAULTS}/accessPolicies` };
      return { status: 200, body: { ...body, properties: { accessPolicies: accessPoliciesOf(context) } } };
    },
  })),
];
