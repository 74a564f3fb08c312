/** Permissions of the token of a job, and those that a called workflow can request. */
import type { Workflow } from './model.ts';
import { literal, members, placeOf, type Template } from './template.ts';

/** Access to a scope. */
export type Access = 'none' | 'read' | 'write';

/** Access by scope. An absent scope has none. */
export type Permissions = Readonly<Record<string, Access>>;

/** The request of a workflow or a job. */
export type PermissionsRequest = 'read-all' | 'write-all' | Permissions;

/** All scopes of `read-all` and `write-all`. */
const SCOPES = [
  'actions',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'id-token',
  'issues',
  'packages',
  'pages',
  'pull-requests',
  'repository-projects',
  'security-events',
  'statuses',
];

/** Permissions of a token by default: the restricted default of new repositories. */
export const RESTRICTED: Permissions = { contents: 'read', packages: 'read' };

/** Parses `permissions:`; undefined if it is absent. */
export function readPermissions(token: Template | undefined): PermissionsRequest | undefined {
  if (token === undefined) return undefined;
  const all = literal(token);
  if (all === 'read-all' || all === 'write-all') return all;
  return Object.fromEntries(members(token).map(([scope, access]) => [scope, literal(access) as Access]));
}

/** An id-token has no read access. */
const accessOf = (scope: string, access: Access): Access =>
  scope === 'id-token' && access === 'read' ? 'none' : access;

function expand(request: PermissionsRequest): Permissions {
  if (typeof request !== 'string') return request;
  const access = request === 'read-all' ? 'read' : 'write';
  return Object.fromEntries(SCOPES.map((scope) => [scope, accessOf(scope, access)]));
}

/**
 * The permissions of a job.
 * @param allowed maximum for its workflow: the default of the repository, or the permissions of the caller
 * @param requests from the workflow to the job; the last one replaces the others
 */
export const granted = (allowed: Permissions, ...requests: (PermissionsRequest | undefined)[]): Permissions => {
  const asked = requests.findLast((request) => request !== undefined);
  return asked === undefined ? allowed : expand(asked);
};

const LEVELS: readonly Access[] = ['none', 'read', 'write'];

/** The scopes of a request that exceed the allowed ones, in GitHub's format. Empty if there are none. */
function excess(request: PermissionsRequest, allowed: Permissions): readonly string[] {
  return Object.entries(expand(request))
    .filter(([scope, access]) => LEVELS.indexOf(access) > LEVELS.indexOf(allowed[scope] ?? 'none'))
    .map(([scope]) => scope);
}

const list = (scopes: readonly string[], permissions: Permissions): string =>
  scopes.map((scope) => `${scope}: ${permissions[scope] ?? 'none'}`).join(', ');

function refusal(what: string, request: PermissionsRequest | undefined, allowed: Permissions): readonly string[] {
  if (request === undefined) return [];
  const scopes = excess(request, allowed);
  if (scopes.length === 0) return [];
  return [`${what} is requesting '${list(scopes, expand(request))}', but is only allowed '${list(scopes, allowed)}'.`];
}

/**
 * The permissions that called workflows request beyond those of their callers, in GitHub's words. GitHub starts no run then.
 * @param allowed maximum for the workflow
 */
export function permissionErrors(workflow: Workflow, allowed: Permissions): readonly string[] {
  return workflow.jobs.flatMap(({ call, permissions, place }) => {
    if (call === undefined) return [];
    const has = granted(allowed, workflow.permissions, permissions);
    const where = `${workflow.path} ${placeOf(place)}: Error calling workflow '${call.reference}'.`;
    const nested = call.workflow.jobs.flatMap((job) => refusal(`The nested job '${job.id}'`, job.permissions, has));
    return [
      ...[...refusal('The workflow', call.workflow.permissions, has), ...nested].map((error) => `${where} ${error}`),
      ...permissionErrors(call.workflow, has),
    ];
  });
}
