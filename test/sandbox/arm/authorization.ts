/** Role assignments and permissions, derived from the roles of the cloud (Microsoft REST reference, api-version 2022-04-01). */
import { createHash } from 'node:crypto';
import type { RoleAssignment } from '../description.ts';
import { z } from 'zod';
import type { RoleList } from '../roles.ts';
import { armError, badRequest } from './errors.ts';
import type { Call, Operation, Reply } from './endpoint.ts';
import { accountId, vaultId } from './neighbours.ts';
import type { Neighbours } from './neighbours.ts';

interface Role {
  /** ID of its definition, the same in every cloud (Microsoft Learn, "Azure built-in roles"). */
  readonly id: string;
  readonly actions?: readonly string[];
  readonly dataActions?: readonly string[];
}

const BLOBS = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
const REGISTRIES = 'Microsoft.ContainerRegistry/registries';

/** Only the actions that a client requests are listed. */
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
  'Key Vault Secrets Officer': {
    id: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
    dataActions: ['Microsoft.KeyVault/vaults/secrets/*'],
  },
  'Key Vault Contributor': { id: 'f25e0fa2-a7c8-4cff-a976-943a350fed13', actions: ['Microsoft.KeyVault/*'] },
  'Storage Account Key Operator Service Role': {
    id: '81a9662b-bebf-436f-a333-f67b29880f12',
    actions: ['Microsoft.Storage/storageAccounts/listkeys/action'],
  },
  'Role Based Access Control Administrator': {
    id: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    actions: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
    ],
  },
  'User Access Administrator': {
    id: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
  },
  'Managed Identity Operator': {
    id: 'f1a07417-d97a-45cb-824c-7a7467783830',
    actions: ['Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action'],
  },
};

const API_VERSIONS = ['2022-04-01'];

function scopeOf(neighbours: Neighbours, { role, container, secret, scope }: RoleAssignment): string {
  if (container !== undefined) return `${accountId(neighbours)}/blobServices/default/containers/${container}`;
  if (secret !== undefined) return `${vaultId(neighbours)}/secrets/${secret}`;
  if (scope !== undefined) return scope;
  if (role === 'Key Vault Secrets User') return vaultId(neighbours);
  return `/subscriptions/${neighbours.place.subscriptionId}`;
}

const within = (scope: string, above: string): boolean =>
  `${scope.toLowerCase()}/`.startsWith(`${above.toLowerCase()}/`);

/** A GUID derived from its input. */
function nameOf(assignment: RoleAssignment): string {
  if (assignment.name !== undefined) return assignment.name;
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

/** The principal of a filter; null for all principals. Groups have no roles here, so both filters mean the same. */
function wantedPrincipal(url: URL): string | null {
  const filter = url.searchParams.get('$filter') ?? '';
  if (filter === '' || filter === 'atScope()') return null;
  const [, principal] = /^(?:assignedTo\('|principalId eq ')([^']+)'\)?$/.exec(filter) ?? [];
  if (principal === undefined) throw badRequest(`The filter '${filter}' is not supported.`);
  return principal;
}

const requestSchema = z.object({
  properties: z.object({ roleDefinitionId: z.string(), principalId: z.string(), principalType: z.string().optional() }),
});

/** The part of a cloud that a scope names, in the form of the stored roles. */
function placeOf(neighbours: Neighbours, scope: string): Pick<RoleAssignment, 'container' | 'secret' | 'scope'> {
  const below = (parent: string): string | null =>
    scope.toLowerCase().startsWith(`${parent.toLowerCase()}/`) ? scope.slice(parent.length + 1) : null;
  const container = below(`${accountId(neighbours)}/blobServices/default/containers`);
  const secret = below(`${vaultId(neighbours)}/secrets`);
  if (container !== null) return { container };
  return secret === null ? { scope } : { secret };
}

function roleOf(roleDefinitionId: string): RoleAssignment['role'] {
  const id = roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1).toLowerCase();
  const [found] = Object.entries(ROLES).find(([, role]) => role.id === id) ?? [];
  if (found !== undefined) return found as RoleAssignment['role'];
  throw armError(400, 'RoleDefinitionDoesNotExist', `The specified role definition with ID '${id}' does not exist.`);
}

const SCOPE = '(?<scope>/subscriptions/[^?]+?)';

const scopeIn = ({ params }: Call): string => decodeURIComponent(params['scope'] ?? '');

interface Assignments {
  readonly neighbours: Neighbours;
  readonly assigned: RoleList;
  readonly propagationSeconds: () => number;
}

/** Creates an assignment. It applies to ARM at once, and to other services later. */
function assign({ neighbours, assigned, propagationSeconds }: Assignments, call: Call, request: unknown): Reply {
  const { principalId, roleDefinitionId } = requestSchema.parse(request).properties;
  const assignment: RoleAssignment = {
    principalId,
    role: roleOf(roleDefinitionId),
    ...placeOf(neighbours, scopeIn(call)),
    name: call.name,
    since: Date.now() + propagationSeconds() * 1000,
  };
  const scope = scopeOf(neighbours, assignment);
  const same = assigned
    .all()
    .find(
      (item) =>
        item.principalId === principalId &&
        item.role === assignment.role &&
        scopeOf(neighbours, item).toLowerCase() === scope.toLowerCase(),
    );
  // Microsoft Learn, "Troubleshoot Azure RBAC".
  if (same !== undefined && nameOf(same) !== call.name) {
    throw armError(409, 'RoleAssignmentExists', 'The role assignment already exists.');
  }
  if (same === undefined) assigned.add(assignment);
  return { status: 201, body: describe(neighbours, same ?? assignment) };
}

/** GET, PUT and DELETE of one assignment. */
function assignmentOperations(parts: Assignments): readonly Operation[] {
  const { neighbours, assigned } = parts;
  const one = {
    path: `${SCOPE}/providers/Microsoft\\.Authorization/roleAssignments/(?<name>[^/]+)`,
    versions: API_VERSIONS,
  };
  const at = (call: Call): RoleAssignment | undefined =>
    assigned
      .all()
      .find(
        (item) =>
          nameOf(item).toLowerCase() === call.name.toLowerCase() &&
          scopeOf(neighbours, item).toLowerCase() === scopeIn(call).toLowerCase(),
      );
  const type = 'Microsoft.Authorization/roleAssignments';
  return [
    {
      ...one,
      method: 'GET',
      action: 'read',
      foreignAction: `${type}/read`,
      handle: (call) => {
        const found = at(call);
        if (found !== undefined) return { status: 200, body: describe(neighbours, found) };
        throw armError(404, 'RoleAssignmentNotFound', `The role assignment '${call.name}' is not found.`);
      },
    },
    {
      ...one,
      method: 'PUT',
      action: 'write',
      foreignAction: `${type}/write`,
      handle: async (call) => assign(parts, call, await call.json()),
    },
    {
      ...one,
      method: 'DELETE',
      action: 'delete',
      foreignAction: `${type}/delete`,
      handle: (call) => {
        const found = at(call);
        if (found === undefined) return { status: 204 };
        assigned.replace(assigned.all().filter((item) => item !== found));
        return { status: 200, body: describe(neighbours, found) };
      },
    },
  ];
}

/** Role assignments at, above and below a scope, for reads and changes, and the caller's permissions there. */
export function authorizationOperations(
  neighbours: Neighbours,
  assigned: RoleList,
  propagationSeconds: () => number,
): readonly Operation[] {
  const holds = (assignment: RoleAssignment, scope: string): boolean => within(scope, scopeOf(neighbours, assignment));
  const roles = assigned.all;
  return [
    ...assignmentOperations({ neighbours, assigned, propagationSeconds }),
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
