/** Roles that the identity of a pipeline needs. By id: names of roles may differ between clouds, ids do not. */
import { createHash } from 'node:crypto';
import type { BlobRights } from '../inspection.ts';
import type { PipelineId } from '../pipeline-id.ts';
import type { AssignmentOrder } from './estate.ts';

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
export interface ContainerNeed {
  readonly role: Role;
  /** Letters of `sp`, in the order that storage wants them in. */
  readonly permissions: string;
  readonly isMet: (rights: BlobRights) => boolean;
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
export const assignmentOf = (scope: string, principalId: string, { id }: Role): AssignmentOrder => ({
  name: assignmentName(scope, principalId, id),
  roleId: id,
  principalId,
  scope,
});
