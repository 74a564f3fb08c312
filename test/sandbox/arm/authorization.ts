/** Role assignments and permissions, made of the cloud's list of roles (Microsoft REST reference, api-version 2022-04-01). */
import { createHash } from 'node:crypto';
import type { RoleAssignment } from '../description.ts';
import { badRequest } from './errors.ts';
import type { Call, Operation } from './endpoint.ts';
import { accountId, vaultId } from './neighbours.ts';
import type { Neighbours } from './neighbours.ts';

interface Role {
  /** Of its definition, the same in every cloud (Microsoft Learn, "Azure built-in roles"). */
  readonly id: string;
  readonly actions?: readonly string[];
  readonly dataActions?: readonly string[];
}

const BLOBS = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
const REGISTRIES = 'Microsoft.ContainerRegistry/registries';

/** Actions are abridged to those that anybody asks for. The ids of the ABAC roles of registries are assumed. */
const ROLES: Readonly<Record<RoleAssignment['role'], Role>> = {
  'Storage Blob Data Contributor': {
    id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    dataActions: [`${BLOBS}/delete`, `${BLOBS}/read`, `${BLOBS}/write`, `${BLOBS}/move/action`, `${BLOBS}/add/action`],
  },
  'Storage Blob Data Reader': { id: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', dataActions: [`${BLOBS}/read`] },
  'Storage Blob Delegator': { id: 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a' },
  'Container Registry Transfer Pipeline Contributor': {
    id: 'bf94e731-3a51-4a7c-8c54-a1ab9971dfc1',
    actions: [`${REGISTRIES}/exportPipelines/*`, `${REGISTRIES}/importPipelines/*`, `${REGISTRIES}/pipelineRuns/*`],
  },
  Reader: { id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', actions: ['*/read'] },
  AcrPull: { id: '7f951dda-4ed3-4680-a7ca-43fe172d538d', actions: [`${REGISTRIES}/pull/read`] },
  AcrPush: { id: '8311e382-0749-4cb8-b61a-304f252e45ec', actions: [`${REGISTRIES}/push/write`] },
  AcrDelete: { id: 'c2f4ef07-c644-48eb-af81-4b1b4947fb11', actions: [`${REGISTRIES}/artifacts/delete`] },
  'Container Registry Repository Reader': { id: 'b93aa761-3e63-49ed-ac28-beffa264f7ac' },
  'Container Registry Repository Writer': { id: '2a1e307c-b015-4ebd-883e-5b7698a07328' },
  'Container Registry Repository Contributor': { id: '2efddaa5-3f1f-4df3-97df-af3f13818f4c' },
  'Container Registry Repository Catalog Lister': { id: 'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7' },
  'Key Vault Secrets User': {
    id: '4633458b-17de-408a-b874-0445c86b69e6',
    dataActions: [
      'Microsoft.KeyVault/vaults/secrets/getSecret/action',
      'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
    ],
  },
};

const API_VERSIONS = ['2022-04-01'];

function scopeOf(neighbours: Neighbours, { role, container }: RoleAssignment): string {
  if (container !== undefined) return `${accountId(neighbours)}/blobServices/default/containers/${container}`;
  if (role === 'Key Vault Secrets User') return vaultId(neighbours);
  return `/subscriptions/${neighbours.place.subscriptionId}`;
}

const within = (scope: string, above: string): boolean =>
  `${scope.toLowerCase()}/`.startsWith(`${above.toLowerCase()}/`);

/** A GUID that is the same each time. */
function nameOf(assignment: RoleAssignment): string {
  const hash = createHash('sha256').update(JSON.stringify(assignment)).digest('hex');
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join('-');
}

function describe(neighbours: Neighbours, assignment: RoleAssignment): object {
  const { subscriptionId } = neighbours.place;
  const scope = scopeOf(neighbours, assignment);
  const name = nameOf(assignment);
  return {
    properties: {
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${ROLES[assignment.role].id}`,
      principalId: assignment.principalId,
      principalType: 'ServicePrincipal',
      scope,
      condition: null,
      conditionVersion: null,
    },
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    type: 'Microsoft.Authorization/roleAssignments',
    name,
  };
}

/** The principal of a filter; null for all. Groups hold no roles here, so both filters come to the same. */
function wantedPrincipal(url: URL): string | null {
  const filter = url.searchParams.get('$filter') ?? '';
  if (filter === '' || filter === 'atScope()') return null;
  const [, principal] = /^(?:assignedTo\('|principalId eq ')([^']+)'\)?$/.exec(filter) ?? [];
  if (principal === undefined) throw badRequest(`The filter '${filter}' is not supported.`);
  return principal;
}

const SCOPE = '(?<scope>/subscriptions/[^?]+?)';

const scopeIn = ({ params }: Call): string => decodeURIComponent(params['scope'] ?? '');

/** Role assignments at a scope, above it and below it; and what the caller may do there. */
export function authorizationOperations(
  neighbours: Neighbours,
  roles: () => readonly RoleAssignment[],
): readonly Operation[] {
  const holds = (assignment: RoleAssignment, scope: string): boolean => within(scope, scopeOf(neighbours, assignment));
  return [
    {
      method: 'GET',
      path: `${SCOPE}/providers/Microsoft\\.Authorization/roleAssignments`,
      action: 'read',
      foreignAction: 'Microsoft.Authorization/roleAssignments/read',
      versions: API_VERSIONS,
      handle: (call) => {
        const [scope, principal] = [scopeIn(call), wantedPrincipal(call.url)];
        const found = roles()
          .filter(({ principalId }) => principal === null || principalId === principal)
          .filter((item) => holds(item, scope) || within(scopeOf(neighbours, item), scope));
        return { status: 200, body: { value: found.map((item) => describe(neighbours, item)) } };
      },
    },
    {
      method: 'GET',
      path: `${SCOPE}/providers/Microsoft\\.Authorization/permissions`,
      action: 'read',
      foreignAction: 'Microsoft.Authorization/permissions/read',
      forAll: true,
      versions: API_VERSIONS,
      handle: (call) => {
        const own = roles().filter((item) => item.principalId === call.caller.objectId && holds(item, scopeIn(call)));
        const value = own.map(({ role }) => {
          const { actions = [], dataActions = [] } = ROLES[role];
          return { actions, notActions: [], dataActions, notDataActions: [] };
        });
        return { status: 200, body: { value } };
      },
    },
  ];
}
