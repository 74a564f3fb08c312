/** What role assignments and access policies allow a principal. */
import * as z from 'zod';
import type { BlobPermissions, Observation } from '../../transfer/ports/access-inspector.ts';
import { readBody, readList, resourceIdSchema, type Arm, type ArmQuery } from '../arm/index.ts';
import type { ListedVault } from '../key-vault/index.ts';
import { notObserved, observed } from './observation.ts';
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

/** A role that a principal holds. */
export interface Grant {
  /** GUID of its definition. */
  readonly role: string;
  /** Null when its definition may not be read. */
  readonly permissions: readonly Permission[] | null;
  /** Whether it holds only under a condition (ABAC). */
  readonly conditional: boolean;
}

/** The roles of a principal. */
interface Grants {
  readonly roles: readonly Grant[];
  /** Whether those of its groups are among them. */
  readonly withGroups: boolean;
}

/** Lists have those below a scope too, which count for less than the whole of it. */
function isAtOrAbove(assigned: string, scope: string): boolean {
  const above = assigned.toLowerCase().replace(/\/$/, '');
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
    const listId = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
    const items = await readList(arm, listId, filtered(filter), assignmentSchema, 'list role assignments');
    return items.map(({ properties }) => properties).filter((assigned) => isAtOrAbove(assigned.scope, scope));
  };
  try {
    return { assignments: await list(`assignedTo(${quoted(principalId)})`), withGroups: true };
  } catch {
    // This filter looks into the directory, which is a right of its own.
    return { assignments: await list(`principalId eq ${quoted(principalId)}`), withGroups: false };
  }
}

async function definedPermissions(arm: Arm, roleDefinitionId: string): Promise<readonly Permission[] | null> {
  const answer = await arm.get(roleDefinitionId, { apiVersion: API_VERSION, filter: null });
  if (answer.error !== null) return null;
  return readBody(answer, definitionSchema, 'read a role').properties.permissions;
}

async function grantOf(arm: Arm, { roleDefinitionId, condition }: Assignment): Promise<Grant> {
  const role = roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1).toLowerCase();
  const permissions = BUILT_IN_ROLES.get(role) ?? (await definedPermissions(arm, roleDefinitionId));
  return { role, permissions, conditional: Boolean(condition) };
}

/**
 * Reads the roles that a principal holds at a scope and above.
 * @param principalId object id
 * @throws an Error with the reason when they may not be read
 */
export async function readGrants(arm: Arm, principalId: string, scope: string): Promise<Grants> {
  const { assignments, withGroups } = await assignmentsOf(arm, principalId, scope);
  return { roles: await Promise.all(assignments.map((assigned) => grantOf(arm, assigned))), withGroups };
}

/** Whether roles allow an action on data. That they do not is only seen when nothing is left that might. */
export function mayAct({ roles, withGroups }: Grants, action: string): Observation<boolean> {
  const giving = roles.filter(({ permissions }) => permissions !== null && allows(permissions, 'dataActions', action));
  if (giving.some(({ conditional }) => !conditional)) return observed(true);
  const [conditional] = giving;
  if (conditional !== undefined) return notObserved(`it depends on the condition of the role ${conditional.role}`);
  const unread = roles.find(({ permissions }) => permissions === null);
  if (unread !== undefined) return notObserved(`it may be allowed by the role ${unread.role}, which may not be read`);
  return withGroups ? observed(false) : notObserved('it may be allowed by a group, and groups may not be looked into');
}

/** Actions on the data of a container; `write` is what new blobs and the replacing of old ones both need. */
const action = (right: keyof BlobPermissions): string =>
  `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${right}`;

/** The rights of one who has these permissions. */
export const permittedRights = (permissions: readonly Permission[]): BlobPermissions => ({
  read: allows(permissions, 'dataActions', action('read')),
  write: allows(permissions, 'dataActions', action('write')),
  delete: allows(permissions, 'dataActions', action('delete')),
});

/** The rights of one who holds these roles; seen only when all of them are certain. */
export function grantedRights(grants: Grants): Observation<BlobPermissions> {
  const rights = { read: false, write: false, delete: false };
  for (const right of ['read', 'write', 'delete'] as const) {
    const look = mayAct(grants, action(right));
    if (look.kind === 'unseen') return look;
    rights[right] = look.value;
  }
  return observed(rights);
}

const READING: ReadonlySet<string> = new Set(['get', 'all']);

/** Who may read the secrets of a vault by its access policies; one with an application counts for users of it alone. */
const policyReaders = ({ properties }: ListedVault): readonly string[] =>
  (properties.accessPolicies ?? []).flatMap(({ objectId, applicationId, permissions }) => {
    const reads = (permissions?.secrets ?? []).some((permission) => READING.has(permission.toLowerCase()));
    return reads && !applicationId ? [objectId.toLowerCase()] : [];
  });

/** Whether access policies let a principal read secrets. Nobody can tell here which of them are for groups, or who is in those. */
export function mayReadByPolicy(vault: ListedVault, principalId: string): Observation<boolean> {
  const readers = policyReaders(vault);
  if (readers.includes(principalId.toLowerCase())) return observed(true);
  return readers.length === 0
    ? observed(false)
    : notObserved('no access policy names it, but one of them may be for a group');
}
