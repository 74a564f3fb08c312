/** Role assignments (Microsoft REST reference, "Role Assignments", 2022-04-01). */
import * as z from 'zod';
import { roleNameOf, type Assignment, type AssignmentRequest, type ChangeOutcome } from '../../provisioning/index.ts';
import { transferError } from '../../transfer/errors/index.ts';
import { isSameResource } from '../../transfer/model/pipeline-id.ts';
import type { Clock } from '../../transfer/ports/clock.ts';
import { fixedDelays, retry } from '../../transfer/resilience/retry.ts';
import { assertOk, isAbsent, isDenied, listItems, resourceIdSchema, type Arm, type ArmResponse } from '../arm/index.ts';

const QUERY = { apiVersion: '2022-04-01', filter: null };
const AT_SCOPE = { ...QUERY, filter: 'atScope()' };

const assignmentSchema = z.object({
  id: resourceIdSchema,
  name: z.string(),
  properties: z.object({ roleDefinitionId: resourceIdSchema, principalId: z.string(), scope: z.string() }),
});

const lastSegment = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** Lists the role assignments at exactly this scope. ARM's list also contains those above it. */
export async function listAssignments(arm: Arm, scope: string): Promise<readonly Assignment[]> {
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
  const items = await listItems(arm, { id, query: AT_SCOPE, item: assignmentSchema, what: 'list role assignments' });
  return items
    .filter(({ item }) => isSameResource(item.properties.scope, scope))
    .map(({ item: { id: assignmentId, name, properties } }) => {
      const roleId = lastSegment(properties.roleDefinitionId).toLowerCase();
      return { id: assignmentId, name, roleId, principalId: properties.principalId, scope };
    });
}

/** A new identity takes a while to replicate in the directory (Microsoft Learn, "Troubleshoot Azure RBAC"). */
const PRINCIPAL_NOT_FOUND = 'PrincipalNotFound';
const REPLICATION_WAITS_SECONDS: readonly number[] = Array.from({ length: 11 }, () => 10);

function deniedAssignment(request: AssignmentRequest, { error, correlationId }: ArmResponse): Error {
  const { roleId, principalId, scope } = request;
  const values = { role: roleNameOf(roleId), roleId, principal: principalId, scope, reason: error?.reason ?? '' };
  return transferError('ACRT3042', values, { correlationId });
}

/**
 * Assigns a role.
 * @throws ACRT3042 if this step can't assign roles
 */
export async function assignRole(
  arm: Arm,
  request: AssignmentRequest,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ChangeOutcome> {
  const { name, roleId, principalId, scope } = request;
  const [, , subscription = ''] = scope.split('/');
  const roleDefinitionId = `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
  // With the principal type, ARM doesn't look the principal up, which would fail for a new one.
  const body = { properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' } };
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  const response = await retry(() => arm.put(id, body, QUERY), {
    clock,
    signal,
    delaySeconds: fixedDelays(REPLICATION_WAITS_SECONDS, ({ error }) => error?.code !== PRINCIPAL_NOT_FOUND),
  });
  if (response.error?.code === 'RoleAssignmentExists') return 'unchanged';
  if (isDenied(response)) throw deniedAssignment(request, response);
  assertOk(arm, response, `assign a role at ${scope}`);
  return 'done';
}

/** Removes a role assignment. */
export async function unassignRole(arm: Arm, assignmentId: string): Promise<ChangeOutcome> {
  const response = await arm.delete(assignmentId, QUERY);
  if (isAbsent(response) || response.status === 204) return 'unchanged';
  assertOk(arm, response, 'remove a role assignment');
  return 'done';
}
