import { z } from 'zod';
import type { RoleAssignment } from './description.ts';

/** The role assignments of one cloud. A change applies at once, unless it has a start time. */
export interface RoleList {
  readonly all: () => readonly RoleAssignment[];
  /** Assignments that apply outside of ARM now. */
  readonly effective: () => readonly RoleAssignment[];
  readonly replace: (assignments: readonly RoleAssignment[]) => void;
  readonly add: (...assignments: readonly RoleAssignment[]) => void;
}

/** An object, so that a missing role doesn't compile. */
const ROLES: Readonly<Record<RoleAssignment['role'], true>> = {
  'Storage Blob Data Contributor': true,
  'Storage Blob Data Reader': true,
  'Storage Blob Delegator': true,
  'Container Registry Transfer Pipeline Contributor': true,
  Reader: true,
  AcrPull: true,
  AcrPush: true,
  AcrDelete: true,
  'Container Registry Repository Reader': true,
  'Container Registry Repository Writer': true,
  'Container Registry Repository Contributor': true,
  'Container Registry Repository Catalog Lister': true,
  'Key Vault Secrets User': true,
  'Key Vault Secrets Officer': true,
  'Key Vault Contributor': true,
  'Storage Account Key Operator Service Role': true,
  'Role Based Access Control Administrator': true,
  'User Access Administrator': true,
  'Managed Identity Operator': true,
};

const schema = z.array(
  z.strictObject({
    principalId: z.string().min(1),
    role: z.enum(Object.keys(ROLES) as RoleAssignment['role'][]),
    container: z.string().optional(),
    secret: z.string().optional(),
    scope: z.string().optional(),
    name: z.string().optional(),
    since: z.number().optional(),
  }),
);

/** Parses role assignments. Throws a ZodError. */
export const parseRoles = (json: unknown): readonly RoleAssignment[] => schema.parse(json) as readonly RoleAssignment[];

/** Starts without assignments. */
export function createRoleList(): RoleList {
  let assignments: readonly RoleAssignment[] = [];
  return {
    all: () => assignments,
    effective: () => assignments.filter(({ since = 0 }) => since <= Date.now()),
    replace: (replacement) => {
      assignments = replacement;
    },
    add: (...more) => {
      assignments = [...assignments, ...more];
    },
  };
}

/**
 * Whether a principal has a role on a resource, as ARM sees it.
 * @param path ID of the resource
 */
export const holdsRole = (
  assignments: readonly RoleAssignment[],
  principalId: string,
  role: RoleAssignment['role'],
  path: string,
): boolean =>
  assignments.some(
    (assignment) =>
      assignment.principalId === principalId &&
      assignment.role === role &&
      assignment.container === undefined &&
      assignment.secret === undefined &&
      `${path.toLowerCase()}/`.startsWith(`${(assignment.scope ?? '').toLowerCase()}/`),
  );

/**
 * The assignments that apply to a service, by their scope: its resource (each cloud has one), its resource group, or its subscription.
 * @param provider like `Microsoft.Storage`
 */
export const reaching = (assignments: readonly RoleAssignment[], provider: string): readonly RoleAssignment[] =>
  assignments.filter(({ scope = '' }) => {
    const [, resource] = scope.toLowerCase().split('/providers/');
    return resource === undefined || resource.startsWith(`${provider.toLowerCase()}/`);
  });

/** Whether a principal has a role on one secret, or on the whole vault. */
export const holdsOnSecret = (
  assignments: readonly RoleAssignment[],
  principalId: string,
  role: RoleAssignment['role'],
  name: string,
): boolean =>
  reaching(assignments, 'Microsoft.KeyVault').some(
    ({ principalId: holder, role: held, secret = name }) =>
      holder === principalId && held === role && secret.toLowerCase() === name.toLowerCase(),
  );
