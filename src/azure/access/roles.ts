/** Permissions that role assignments and access policies grant to a principal. */
import * as z from 'zod';
import { ok } from '../../transfer/errors/index.ts';
import type { BlobPermissions, Observation } from '../../transfer/ports/access-inspector.ts';
import { readBody, readList, resourceIdSchema, type Arm, type ArmQuery } from '../arm/index.ts';
import type { ListedVault } from '../key-vault/index.ts';
import { notObserved } from './observation.ts';
import { allows, BUILT_IN_ROLES, permissionSchema, type Permission } from './permissions.ts';

const API_VERSION = '2022-04-01';

const assignmentSchema = z.object({
  properties: z.object({
    scope: z.string(),
    roleDefinitionId: resourceIdSchema,
    condition: z.string().nullish(),
  }),
});

const definitionSchema = z.object({ properties: z.object({ permissions: z.array(permissionSchema) }) });

type Assignment = z.infer<typeof assignmentSchema>['properties'];

/** A role that is assigned to a principal. */
interface Grant {
  /** GUID of the role definition. */
  readonly role: string;
  /** Null if the definition of the role can't be read. */
  readonly permissions: readonly Permission[] | null;
  /** Whether the assignment has a condition (ABAC). */
  readonly conditional: boolean;
}

/** All roles of a principal. */
interface Grants {
  readonly roles: readonly Grant[];
  /** Whether the roles of its groups are included. */
  readonly withGroups: boolean;
}

/** Whether an assignment applies to the whole scope. Lists also contain assignments below the scope. */
function isAtOrAbove(assignedScope: string, scope: string): boolean {
  const above = assignedScope.toLowerCase().replace(/\/$/, '');
  const below = scope.toLowerCase();
  // Management groups and the root are above every subscription.
  return !above.startsWith('/subscriptions/') || below === above || below.startsWith(`${above}/`);
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const filtered = (filter: string): ArmQuery => ({ apiVersion: API_VERSION, filter });

async function assignmentsOf(
  arm: Arm,
  principalId: string,
  scope: string,
): Promise<{ readonly assignments: readonly Assignment[]; readonly withGroups: boolean }> {
  const list = async (filter: string): Promise<readonly Assignment[]> => {
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
    const query = filtered(filter);
    const items = await readList(arm, { id, query, item: assignmentSchema, what: 'list role assignments' });
    return items.map(({ properties }) => properties).filter((assigned) => isAtOrAbove(assigned.scope, scope));
  };
  try {
    return { assignments: await list(`assignedTo(${quoted(principalId)})`), withGroups: true };
  } catch {
    // The filter assignedTo reads group memberships from the directory, which needs a permission of its own.
    return { assignments: await list(`principalId eq ${quoted(principalId)}`), withGroups: false };
  }
}

async function definedPermissions(arm: Arm, roleDefinitionId: string): Promise<readonly Permission[] | null> {
  const response = await arm.get(roleDefinitionId, { apiVersion: API_VERSION, filter: null });
  if (response.error !== null) return null;
  return readBody(response, definitionSchema, 'read a role').properties.permissions;
}

async function grantOf(arm: Arm, { roleDefinitionId, condition }: Assignment): Promise<Grant> {
  const role = roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1).toLowerCase();
  const permissions = BUILT_IN_ROLES.get(role) ?? (await definedPermissions(arm, roleDefinitionId));
  return { role, permissions, conditional: Boolean(condition) };
}

/**
 * Reads the roles that are assigned to a principal at a scope and above.
 * @param principalId object id
 * @throws an Error with the reason if the assignments can't be read
 */
export async function readGrants(arm: Arm, principalId: string, scope: string): Promise<Grants> {
  const { assignments, withGroups } = await assignmentsOf(arm, principalId, scope);
  return { roles: await Promise.all(assignments.map((assigned) => grantOf(arm, assigned))), withGroups };
}

/**
 * Whether roles allow a data action. False only if no unreadable role and no group might allow it, and no conditional
 * assignment does.
 */
export function allowsDataAction({ roles, withGroups }: Grants, action: string): Observation<boolean> {
  const allowing = roles.filter(
    ({ permissions }) => permissions !== null && allows(permissions, 'dataActions', action),
  );
  if (allowing.some(({ conditional }) => !conditional)) return ok(true);
  const [conditional] = allowing;
  if (conditional !== undefined) return notObserved(`it depends on the condition of the role ${conditional.role}`);
  const unreadable = roles.find(({ permissions }) => permissions === null);
  if (unreadable !== undefined) return notObserved(`the role ${unreadable.role} might allow it, but can't be read`);
  return withGroups ? ok(false) : notObserved("a group might allow it, but groups can't be read");
}

/** Data action on blobs. Creating and replacing a blob both need `write`. */
const blobAction = (operation: keyof BlobPermissions): string =>
  `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${operation}`;

/** Blob operations that permissions allow. */
export const blobPermissionsOf = (permissions: readonly Permission[]): BlobPermissions => ({
  read: allows(permissions, 'dataActions', blobAction('read')),
  write: allows(permissions, 'dataActions', blobAction('write')),
  delete: allows(permissions, 'dataActions', blobAction('delete')),
});

/** Blob operations that roles allow. Observed only if all three are certain. */
export function grantedBlobPermissions(grants: Grants): Observation<BlobPermissions> {
  const allowed = { read: false, write: false, delete: false };
  for (const operation of ['read', 'write', 'delete'] as const) {
    const observation = allowsDataAction(grants, blobAction(operation));
    if (!observation.ok) return observation;
    allowed[operation] = observation.value;
  }
  return ok(allowed);
}

const READ_PERMISSIONS: ReadonlySet<string> = new Set(['get', 'all']);

/** Object ids that can read secrets by access policy, without those that can only do so through an application. */
const policyReaders = ({ properties }: ListedVault): readonly string[] =>
  (properties.accessPolicies ?? []).flatMap(({ objectId, applicationId, permissions }) => {
    const reads = (permissions?.secrets ?? []).some((permission) => READ_PERMISSIONS.has(permission.toLowerCase()));
    return reads && !applicationId ? [objectId.toLowerCase()] : [];
  });

/** Whether access policies allow a principal to read secrets. Policies of groups can't be resolved here. */
export function policyAllowsRead(vault: ListedVault, principalId: string): Observation<boolean> {
  const readers = policyReaders(vault);
  if (readers.includes(principalId.toLowerCase())) return ok(true);
  return readers.length === 0
    ? ok(false)
    : notObserved('no access policy names it, but one of them might be for a group');
}
