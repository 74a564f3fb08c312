/** Role assignments (Microsoft REST reference, "Role Assignments", 2022-04-01). */
import * as z from 'zod';
import { roleNameOf, type Assignment, type AssignmentRequest, type ChangeOutcome } from '../../provisioning/index.ts';
import { transferError } from '../../transfer/errors/index.ts';
import type { Clock } from '../../transfer/ports/clock.ts';
import { assertOk, isAbsent, isDenied, parseBody, resourceIdSchema, type Arm, type ArmResponse } from '../arm/index.ts';

const QUERY = { apiVersion: '2022-04-01', filter: null };
const AT_SCOPE = { ...QUERY, filter: 'atScope()' };

const assignmentSchema = z.object({
  id: resourceIdSchema,
  name: z.string(),
  properties: z.object({ roleDefinitionId: resourceIdSchema, principalId: z.string(), scope: z.string() }),
});

const listSchema = z.object({ value: z.array(assignmentSchema), nextLink: z.string().nullish() });

const lastSegment = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

const equalsIgnoringCase = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Lists the role assignments at exactly this scope. ARM's list also contains those above it. */
export async function listAssignments(arm: Arm, scope: string): Promise<readonly Assignment[]> {
  const assignments: Assignment[] = [];
  let response = await arm.get(`${scope}/providers/Microsoft.Authorization/roleAssignments`, AT_SCOPE);
  for (;;) {
    const { value, nextLink } = parseBody(arm, response, listSchema, 'list role assignments');
    for (const { id, name, properties } of value.filter((item) => equalsIgnoringCase(item.properties.scope, scope))) {
      const { principalId, roleDefinitionId } = properties;
      assignments.push({ id, name, roleId: lastSegment(roleDefinitionId).toLowerCase(), principalId, scope });
    }
    if (!nextLink) return assignments;
    response = await arm.follow(nextLink);
  }
}

/** A new identity takes a while to replicate in the directory (Microsoft Learn, "Troubleshoot Azure RBAC"). */
const PRINCIPAL_NOT_FOUND = 'PrincipalNotFound';
const MAX_ATTEMPTS = 12;
const RETRY_DELAY_SECONDS = 10;

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
  for (let attempt = 1; ; attempt += 1) {
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
    const response = await arm.put(id, body, QUERY);
    if (response.error === null) return 'done';
    if (response.error.code === 'RoleAssignmentExists') return 'was-so';
    if (isDenied(response)) throw deniedAssignment(request, response);
    if (response.error.code !== PRINCIPAL_NOT_FOUND || attempt >= MAX_ATTEMPTS)
      assertOk(arm, response, `assign a role at ${scope}`);
    await clock.sleep(RETRY_DELAY_SECONDS, signal);
  }
}

/** Removes a role assignment. */
export async function unassignRole(arm: Arm, assignmentId: string): Promise<ChangeOutcome> {
  const response = await arm.delete(assignmentId, QUERY);
  if (isAbsent(response) || response.status === 204) return 'was-so';
  assertOk(arm, response, 'remove a role assignment');
  return 'done';
}
