/** What the token of a job may do, and what a called workflow may ask for. */
import type { Workflow } from './model.ts';
import { literal, members, placeOf, type Template } from './template.ts';

/** How far a scope reaches. */
export type Access = 'none' | 'read' | 'write';

/** Access by scope; a scope that is absent has none. */
export type Permissions = Readonly<Record<string, Access>>;

/** What a workflow or a job asks for. */
export type PermissionsRequest = 'read-all' | 'write-all' | Permissions;

/** Every scope of the schema that `read-all` and `write-all` speak of. */
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

/** What a token has when no workflow says anything: the restricted default of new repositories. */
export const RESTRICTED: Permissions = { contents: 'read', packages: 'read' };

/** Reads `permissions:`; undefined when it is absent. */
export function readPermissions(token: Template | undefined): PermissionsRequest | undefined {
  if (token === undefined) return undefined;
  const all = literal(token);
  if (all === 'read-all' || all === 'write-all') return all;
  return Object.fromEntries(members(token).map(([scope, access]) => [scope, literal(access) as Access]));
}

/** An id-token can be written or not; there is nothing to read. */
const accessOf = (scope: string, access: Access): Access =>
  scope === 'id-token' && access === 'read' ? 'none' : access;

function expand(request: PermissionsRequest): Permissions {
  if (typeof request !== 'string') return request;
  const access = request === 'read-all' ? 'read' : 'write';
  return Object.fromEntries(SCOPES.map((scope) => [scope, accessOf(scope, access)]));
}

/**
 * What a job has.
 * @param allowed what its workflow has at most: the default of the repository, or what the caller has
 * @param requests from the workflow to the job; the last one that says anything counts, and replaces the others
 */
export const granted = (allowed: Permissions, ...requests: (PermissionsRequest | undefined)[]): Permissions => {
  const asked = requests.findLast((request) => request !== undefined);
  return asked === undefined ? allowed : expand(asked);
};

const LEVELS: readonly Access[] = ['none', 'read', 'write'];

/** The scopes of a request that go beyond what is allowed, as GitHub lists them; empty when none does. */
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
 * What called workflows ask for beyond what their callers have, in the words of GitHub: it starts no run then.
 * @param allowed what the workflow has at most
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
