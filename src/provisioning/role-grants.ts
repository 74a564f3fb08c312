/**
 * Which role a pipeline needs and lacks.
 *
 * Roles that the identity of a pipeline needs. By id: names of roles may differ between clouds, ids do not.
 */
import { createHash } from 'node:crypto';
import type { PipelineId } from '../transfer/model/pipeline-id.ts';
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

/** Lets a pipeline read its SAS in a vault that goes by roles. */
export const SECRETS_USER: Role = { id: '4633458b-17de-408a-b874-0445c86b69e6', name: 'Key Vault Secrets User' };

/** The roles that setup assigns at a container. */
export const CONTAINER_ROLES: readonly Role[] = [CONTRIBUTOR, READER];

/** The name of a role that setup assigns, for people. */
export const roleNameOf = (roleId: string): string =>
  [...CONTAINER_ROLES, SECRETS_USER].find(({ id }) => id === roleId)?.name ?? roleId;

const DELETES = 'DeleteSourceBlobOnSuccess';

/** Whether a pipeline removes blobs that it has imported. */
export const deletesBlobs = (options: readonly string[]): boolean => options.includes(DELETES);

/** What a pipeline does with its container, and so what it needs there (Microsoft: ACR Transfer prerequisites). */
interface ContainerNeed {
  readonly role: Role;
  /** Letters of `sp`, in the order that storage wants them in. */
  readonly permissions: string;
  readonly isMet: (rights: BlobPermissions) => boolean;
}

/** What a pipeline of this kind and with these options needs. */
export function containerNeed(kind: PipelineId['kind'], options: readonly string[]): ContainerNeed {
  if (kind === 'export') return { role: CONTRIBUTOR, permissions: 'rawl', isMet: ({ read, write }) => read && write };
  // The command line extension of the service names Reader for imports; Reader cannot delete.
  if (!deletesBlobs(options)) return { role: READER, permissions: 'rl', isMet: ({ read }) => read };
  return { role: CONTRIBUTOR, permissions: 'rdl', isMet: (rights) => rights.read && rights.delete };
}

/** A GUID that is the same each time, so that a second setup finds what the first has made, and a tear-down knows it. */
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

/** The assignment of a role. */
const assignmentOf = (scope: string, principalId: string, { id }: Role): AssignmentRequest => ({
  name: assignmentName(scope, principalId, id),
  roleId: id,
  principalId,
  scope,
});

/** Who is given something; not known before the pipeline has been made. */
export interface Principal {
  /** Null as long as it is not known. */
  readonly known: string | null;
  /** Asked for when it is needed: the pipeline is there then. */
  readonly principalId: () => string;
}

const NEW = 'the new identity';

const roleChange = (subject: Change['subject'], role: Role, scope: string, { known }: Principal): Change => ({
  subject,
  what: `${role.name} at ${scope}`,
  from: null,
  to: known ?? NEW,
});

async function holds(estate: ProvisioningClient, scope: string, role: Role, principalId: string): Promise<boolean> {
  const assigned = await estate.assignments(scope);
  return assigned.some(
    (item) => item.roleId === role.id && item.principalId.toLowerCase() === principalId.toLowerCase(),
  );
}

const assigning = (estate: ProvisioningClient, change: Change, scope: string, role: Role, grantee: Principal): Step =>
  step(change, () => estate.assign(assignmentOf(scope, grantee.principalId(), role)));

/** The role that a pipeline lacks at its container. Where roles cannot be looked through, its own assignment there counts. */
export async function roleSteps(
  estate: ProvisioningClient,
  containerUri: string,
  { containerId }: ContainerResource,
  need: ContainerNeed,
  grantee: Principal,
): Promise<readonly Step[]> {
  if (grantee.known !== null) {
    const rights = await estate.blobRights(grantee.known, containerUri);
    const isMet =
      rights.kind === 'seen' ? need.isMet(rights.value) : await holds(estate, containerId, need.role, grantee.known);
    if (isMet) return [];
  }
  return [assigning(estate, roleChange('role', need.role, containerId, grantee), containerId, need.role, grantee)];
}

function secretStep(estate: ProvisioningClient, vault: VaultResource, grantee: Principal): Step {
  if (vault.authorization === 'roles') {
    const change = roleChange('secret-access', SECRETS_USER, vault.secretId, grantee);
    return assigning(estate, change, vault.secretId, SECRETS_USER, grantee);
  }
  const change: Change = {
    subject: 'secret-access',
    what: `secrets/get by access policy of ${vault.name}`,
    from: null,
    to: grantee.known ?? NEW,
  };
  return step(change, () => estate.allowSecrets(vault, grantee.principalId()));
}

/** The right that a pipeline lacks to read its SAS. */
export async function secretAccessSteps(
  estate: ProvisioningClient,
  { secretUri }: Extract<PipelineAccess, { kind: 'sas' }>,
  vault: VaultResource,
  grantee: Principal,
): Promise<readonly Step[]> {
  if (grantee.known !== null) {
    const may = await estate.mayReadSecret(grantee.known, secretUri);
    if (may.kind === 'seen' && may.value) return [];
  }
  return [secretStep(estate, vault, grantee)];
}
