/** Removes a pipeline and the resources that setup created for it. */
import { endedRuns, receiptsAndHistories, removeBlobs, staleTransfers } from '../transfer/cleanup/leftovers.ts';
import { formatBytes } from '../transfer/model/bytes.ts';
import { isSameResource } from '../transfer/model/pipeline-id.ts';
import type { BlobContainer } from '../transfer/ports/blob-container.ts';
import { conclude, step, type Step } from './apply.ts';
import type { Assignment, PipelineState, ProvisioningClient, ProvisioningContext } from './ports.ts';
import type { TeardownRequest } from './request.ts';
import type { Change, ProvisioningResult } from './result.ts';
import { assignmentName, CONTAINER_ROLES, SECRETS_USER, type Role } from './role-grants.ts';

/** The pipeline to remove, and the pipelines that stay. */
interface TeardownContext {
  readonly client: ProvisioningClient;
  readonly state: PipelineState;
  /** The other pipelines of the registry. */
  readonly others: readonly PipelineState[];
}

const uriText = (uri: string): string => uri.replace(/\/+$/, '');
const secretOf = ({ access }: PipelineState): string | null => (access.kind === 'sas' ? access.secretUri : null);

/** A system-assigned identity is removed with the pipeline. A shared identity keeps permissions that other pipelines need. */
const canRemove = ({ state, others }: TeardownContext, isShared: (other: PipelineState) => boolean): boolean =>
  state.identity?.kind === 'system' ||
  !others.some((other) => isSameResource(other.principalId ?? '', state.principalId ?? '') && isShared(other));

/** Assignments by others to an identity that stays are not removed. */
function isOurs({ state }: TeardownContext, assignment: Assignment, roles: readonly Role[]): boolean {
  if (!isSameResource(assignment.principalId, state.principalId ?? '')) return false;
  if (!roles.some(({ id }) => isSameResource(id, assignment.roleId))) return false;
  if (state.identity?.kind === 'system') return true;
  return isSameResource(assignment.name, assignmentName(assignment.scope, assignment.principalId, assignment.roleId));
}

async function unassignSteps(
  subject: TeardownContext,
  scope: string,
  roles: readonly Role[],
  kind: Change['subject'],
): Promise<readonly Step[]> {
  const assigned = (await subject.client.assignments(scope)).filter((item) => isOurs(subject, item, roles));
  return assigned.map((item) => {
    const role = roles.find(({ id }) => isSameResource(id, item.roleId))?.name ?? item.roleId;
    const change: Change = { subject: kind, what: `${role} at ${scope}`, from: item.principalId, to: null };
    return step(change, () => subject.client.unassign(item.id));
  });
}

async function roleSteps(subject: TeardownContext): Promise<readonly Step[]> {
  const { client, state } = subject;
  const uri = uriText(state.containerUri);
  if (!canRemove(subject, (other) => isSameResource(uriText(other.containerUri), uri))) return [];
  const { containerId } = await client.container(uri);
  return unassignSteps(subject, containerId, CONTAINER_ROLES, 'role');
}

const vaultOf = (secretUri: string): string => URL.parse(secretUri)?.origin ?? secretUri;

async function secretAccessSteps(subject: TeardownContext, secretUri: string): Promise<readonly Step[]> {
  const { client, state } = subject;
  const vault = await client.vault(secretUri);
  if (vault.authorization === 'roles') {
    if (!canRemove(subject, (other) => isSameResource(secretOf(other) ?? '', secretUri))) return [];
    return unassignSteps(subject, vault.secretId, [SECRETS_USER], 'secret-access');
  }
  const principalId = state.principalId ?? '';
  const may = await client.canReadSecret(principalId, secretUri);
  const isShared = !canRemove(subject, (other) => vaultOf(secretOf(other) ?? '') === vaultOf(secretUri));
  if (isShared || !may.ok || !may.value) return [];
  const what = `secrets/get by access policy of ${vault.name}`;
  return [
    step({ subject: 'secret-access', what, from: principalId, to: null }, () =>
      client.disallowSecrets(vault, principalId),
    ),
  ];
}

/** Removes the secret only if setup created it for this pipeline. */
async function secretSteps({ client, state, others }: TeardownContext, secretUri: string): Promise<readonly Step[]> {
  const secret = await client.secret(secretUri);
  if (!secret.ok || secret.value.kind === 'missing') return [];
  const { createdFor } = secret.value;
  if (createdFor === null || !isSameResource(createdFor, state.resourceId)) return [];
  if (others.some((other) => isSameResource(secretOf(other) ?? '', secretUri))) return [];
  return [
    step({ subject: 'secret', what: secretUri, from: 'the SAS that setup created', to: null }, () =>
      client.removeSecret(secretUri),
    ),
  ];
}

async function runSteps({ client, state }: TeardownContext): Promise<readonly Step[]> {
  const runs = endedRuns(await client.runs(), state.resourceId, null);
  return runs.map(({ name }) =>
    step({ subject: 'run', what: name, from: 'ended', to: null }, () => client.removeRun(name)),
  );
}

async function blobSteps(container: BlobContainer, signal: AbortSignal): Promise<readonly Step[]> {
  const transfers = (await staleTransfers(container, null)).map(({ transferName, blobs }) => ({
    what: transferName,
    blobs,
  }));
  const found = [...transfers, { what: 'receipts and histories', blobs: await receiptsAndHistories(container) }];
  return found.flatMap(({ what, blobs }): readonly Step[] => {
    if (blobs.length === 0) return [];
    const from = `${blobs.length} blobs, ${formatBytes(blobs.reduce((sum, { bytes }) => sum + bytes, 0))}`;
    return [step({ subject: 'blobs', what, from, to: null }, () => removeBlobs(container, blobs, signal))];
  });
}

async function allSteps(
  subject: TeardownContext,
  request: TeardownRequest,
  context: ProvisioningContext,
): Promise<readonly Step[]> {
  const { client, state } = subject;
  const secretUri = secretOf(state);
  const container = request.deleteBlobs ? await context.containerOf(uriText(state.containerUri)) : null;
  const pipeline: Change = {
    subject: 'pipeline',
    what: request.pipeline.name,
    from: uriText(state.containerUri),
    to: null,
  };
  const found = await Promise.all([
    runSteps(subject),
    secretUri === null ? roleSteps(subject) : secretAccessSteps(subject, secretUri),
    secretUri === null ? [] : secretSteps(subject, secretUri),
    container === null ? [] : blobSteps(container, context.signal),
  ]);
  const [runs, grants, secrets, blobs] = found;
  // The pipeline is removed last, so that another attempt finds the remaining resources.
  return [...runs, ...grants, ...secrets, ...blobs, step(pipeline, () => client.removePipeline(), 'needs-all')];
}

/**
 * Removes a pipeline, the permissions that setup granted to its identity, its secret and its ended runs; with `deleteBlobs`
 * also the transfer blobs. The container and shared resources are not removed.
 * @throws ACRT3044 before any change; every other error is in the result
 */
export async function teardown(request: TeardownRequest, context: ProvisioningContext): Promise<ProvisioningResult> {
  const { client } = context;
  const state = await client.pipeline();
  const others = (await client.pipelines()).filter(
    ({ resourceId }) => !isSameResource(resourceId, request.pipeline.resourceId),
  );
  const steps = state === null ? [] : await allSteps({ client, state, others }, request, context);
  return conclude(request, context, steps, {
    facts: () => ({ principalId: state?.principalId ?? null, sasExpiresAt: null }),
    verify: () => Promise.resolve([]),
  });
}
