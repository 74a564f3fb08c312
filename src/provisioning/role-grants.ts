/**
 * Grants the roles that the identity of a pipeline needs.
 *
 * Roles are identified by ID, because names of roles can differ between clouds.
 */
import { createHash } from 'node:crypto';
import { isSameResource, type PipelineId } from '../transfer/model/pipeline-id.ts';
import type { BlobPermissions } from '../transfer/ports/access-inspector.ts';
import type { PipelineAccess } from '../transfer/ports/pipelines.ts';
import { step, type Step } from './apply.ts';
import type { AssignmentRequest, ContainerResource, ProvisioningClient, VaultResource } from './ports.ts';
import type { Change } from './result.ts';

/** A built-in role (Microsoft Learn, "Azure built-in roles"). */
export interface Role {
  readonly id: string;
  readonly name: string;
}

const CONTRIBUTOR: Role = { id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe', name: 'Storage Blob Data Contributor' };
const READER: Role = { id: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', name: 'Storage Blob Data Reader' };

/** Lets a pipeline read its SAS in a vault that uses roles. */
export const SECRETS_USER: Role = { id: '4633458b-17de-408a-b874-0445c86b69e6', name: 'Key Vault Secrets User' };

/** The roles that setup assigns at containers. */
export const CONTAINER_ROLES: readonly Role[] = [CONTRIBUTOR, READER];

/** The name of a role that setup assigns; other roles by ID. */
export const roleNameOf = (roleId: string): string =>
  [...CONTAINER_ROLES, SECRETS_USER].find(({ id }) => id === roleId)?.name ?? roleId;

const DELETES = 'DeleteSourceBlobOnSuccess';

/** Whether a pipeline deletes blobs after it imported them. */
const deletesBlobs = (options: readonly string[]): boolean => options.includes(DELETES);

/** The role and the SAS permissions that a pipeline needs on its container (Microsoft: ACR Transfer prerequisites). */
interface ContainerNeed {
  readonly role: Role;
  /** Letters of `sp`, in the order that storage requires. */
  readonly permissions: string;
  readonly isMet: (permissions: BlobPermissions) => boolean;
}

/** The needs of a pipeline of this kind with these options. */
export function containerNeed(kind: PipelineId['kind'], options: readonly string[]): ContainerNeed {
  if (kind === 'export') return { role: CONTRIBUTOR, permissions: 'rawl', isMet: ({ read, write }) => read && write };
  // The service's command line extension recommends Reader for imports. Reader can't delete.
  if (!deletesBlobs(options)) return { role: READER, permissions: 'rl', isMet: ({ read }) => read };
  return { role: CONTRIBUTOR, permissions: 'rdl', isMet: (permissions) => permissions.read && permissions.delete };
}

/** A deterministic GUID, so that a second setup and a teardown find the assignment of the first setup. */
export function assignmentName(scope: string, principalId: string, roleId: string): string {
  const hash = createHash('sha256')
    .update(`acr-transfer\n${scope}\n${principalId}\n${roleId}`.toLowerCase())
    .digest('hex');
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `5${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

const assignmentOf = (scope: string, principalId: string, { id }: Role): AssignmentRequest => ({
  name: assignmentName(scope, principalId, id),
  roleId: id,
  principalId,
  scope,
});

/** The principal of a grant. Its ID is unknown until the pipeline exists. */
export interface Principal {
  /** Object ID; null while it is unknown. */
  readonly known: string | null;
  /** Object ID, when the grant is applied and the pipeline exists. */
  readonly principalId: () => string;
}

const NEW_PRINCIPAL = 'the new identity';

const roleChange = (subject: Change['subject'], role: Role, scope: string, { known }: Principal): Change => ({
  subject,
  what: `${role.name} at ${scope}`,
  from: null,
  to: known ?? NEW_PRINCIPAL,
});

async function holds(client: ProvisioningClient, scope: string, role: Role, principalId: string): Promise<boolean> {
  const assigned = await client.assignments(scope);
  return assigned.some((item) => item.roleId === role.id && isSameResource(item.principalId, principalId));
}

const assignStep = (
  client: ProvisioningClient,
  change: Change,
  scope: string,
  role: Role,
  principal: Principal,
): Step => step(change, () => client.assign(assignmentOf(scope, principal.principalId(), role)));

/** The steps that grant the missing role on the container. If the roles can't be read, an assignment of setup counts. */
export async function roleSteps(
  client: ProvisioningClient,
  containerUri: string,
  { containerId }: ContainerResource,
  need: ContainerNeed,
  principal: Principal,
): Promise<readonly Step[]> {
  if (principal.known !== null) {
    const permissions = await client.blobPermissions(principal.known, containerUri);
    const isMet = permissions.ok
      ? need.isMet(permissions.value)
      : await holds(client, containerId, need.role, principal.known);
    if (isMet) return [];
  }
  return [assignStep(client, roleChange('role', need.role, containerId, principal), containerId, need.role, principal)];
}

function secretStep(client: ProvisioningClient, vault: VaultResource, principal: Principal): Step {
  if (vault.authorization === 'roles') {
    const change = roleChange('secret-access', SECRETS_USER, vault.secretId, principal);
    return assignStep(client, change, vault.secretId, SECRETS_USER, principal);
  }
  const change: Change = {
    subject: 'secret-access',
    what: `secrets/get by access policy of ${vault.name}`,
    from: null,
    to: principal.known ?? NEW_PRINCIPAL,
  };
  return step(change, () => client.allowSecrets(vault, principal.principalId()));
}

/** The steps that grant the missing permission to read the SAS. */
export async function secretAccessSteps(
  client: ProvisioningClient,
  { secretUri }: Extract<PipelineAccess, { kind: 'sas' }>,
  vault: VaultResource,
  principal: Principal,
): Promise<readonly Step[]> {
  if (principal.known !== null) {
    const may = await client.canReadSecret(principal.known, secretUri);
    if (may.ok && may.value) return [];
  }
  return [secretStep(client, vault, principal)];
}
