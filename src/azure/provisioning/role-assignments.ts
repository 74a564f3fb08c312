/** Role assignments (Microsoft REST reference, "Role Assignments", 2022-04-01). */
import * as z from 'zod';
import { roleNameOf, type Assignment, type AssignmentRequest, type ChangeOutcome } from '../../provisioning/index.ts';
import { transferError } from '../../transfer/errors/index.ts';
import type { Clock } from '../../transfer/ports/clock.ts';
import { assertOk, isAbsent, isRefused, parseBody, resourceIdSchema, type Arm, type ArmAnswer } from '../arm/index.ts';

const QUERY = { apiVersion: '2022-04-01', filter: null };
const AT_SCOPE = { ...QUERY, filter: 'atScope()' };

const assignmentSchema = z.object({
  id: resourceIdSchema,
  name: z.string(),
  properties: z.object({ roleDefinitionId: resourceIdSchema, principalId: z.string(), scope: z.string() }),
});

const listSchema = z.object({ value: z.array(assignmentSchema), nextLink: z.string().nullish() });

const lastPart = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Role assignments at exactly this scope: the list has those above it too. */
export async function listAssignments(arm: Arm, scope: string): Promise<readonly Assignment[]> {
  const found: Assignment[] = [];
  let answer = await arm.get(`${scope}/providers/Microsoft.Authorization/roleAssignments`, AT_SCOPE);
  for (;;) {
    const { value, nextLink } = parseBody(arm, answer, listSchema, 'list role assignments');
    for (const { id, name, properties } of value.filter((item) => same(item.properties.scope, scope))) {
      const { principalId, roleDefinitionId } = properties;
      found.push({ id, name, roleId: lastPart(roleDefinitionId).toLowerCase(), principalId, scope });
    }
    if (!nextLink) return found;
    answer = await arm.follow(nextLink);
  }
}

/** A new identity takes a while until every part of the directory knows it (Microsoft Learn, "Troubleshoot Azure RBAC"). */
const UNKNOWN = 'PrincipalNotFound';
const TRIES = 12;
const BETWEEN_SECONDS = 10;

function refusedAssignment(order: AssignmentRequest, { error, correlationId }: ArmAnswer): Error {
  const { roleId, principalId, scope } = order;
  const values = { role: roleNameOf(roleId), roleId, principal: principalId, scope, reason: error?.reason ?? '' };
  return transferError('ACRT3042', values, { correlationId });
}

/**
 * Assigns a role.
 * @throws ACRT3042 when this principal may not
 */
export async function assignRole(
  arm: Arm,
  order: AssignmentRequest,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ChangeOutcome> {
  const { name, roleId, principalId, scope } = order;
  const [, , subscription = ''] = scope.split('/');
  const roleDefinitionId = `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
  // With its type ARM does not look the principal up, which a new one would not survive.
  const body = { properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' } };
  for (let count = 1; ; count += 1) {
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
    const answer = await arm.put(id, body, QUERY);
    if (answer.error === null) return 'done';
    if (answer.error.code === 'RoleAssignmentExists') return 'was-so';
    if (isRefused(answer)) throw refusedAssignment(order, answer);
    if (answer.error.code !== UNKNOWN || count >= TRIES) assertOk(arm, answer, `assign a role at ${scope}`);
    await clock.sleep(BETWEEN_SECONDS, signal);
  }
}

/** Takes a role assignment away. */
export async function unassignRole(arm: Arm, assignmentId: string): Promise<ChangeOutcome> {
  const answer = await arm.delete(assignmentId, QUERY);
  if (isAbsent(answer) || answer.status === 204) return 'was-so';
  assertOk(arm, answer, 'remove a role assignment');
  return 'done';
}
