import { endedRuns, receiptsAndHistories, removeBlobs, staleTransfers } from '../transfer/cleanup/leftovers.ts';
import { formatBytes } from '../transfer/model/bytes.ts';
import type { BlobContainer } from '../transfer/ports/blob-container.ts';
import { conclude, step, type Step } from './apply.ts';
import type { Assignment, PipelineState, ProvisioningClient, ProvisioningContext } from './ports.ts';
import type { TeardownRequest } from './request.ts';
import type { Change, ProvisioningResult } from './result.ts';
import { assignmentName, CONTAINER_ROLES, SECRETS_USER, type Role } from './role-grants.ts';

/** What is to go, and what stays in use. */
interface TeardownContext {
  readonly estate: ProvisioningClient;
  readonly state: PipelineState;
  /** The other pipelines of the registry. */
  readonly others: readonly PipelineState[];
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const uriText = (uri: string): string => uri.replace(/\/+$/, '');
const secretOf = ({ access }: PipelineState): string | null => (access.kind === 'sas' ? access.secretUri : null);

/** An identity of its own goes with the pipeline; one that others share may need what it has. */
const canRemove = ({ state, others }: TeardownContext, isShared: (other: PipelineState) => boolean): boolean =>
  state.identity?.kind === 'system' ||
  !others.some((other) => same(other.principalId ?? '', state.principalId ?? '') && isShared(other));

/** What somebody else has assigned to an identity that lives on is his affair. */
function isOurs({ state }: TeardownContext, assignment: Assignment, roles: readonly Role[]): boolean {
  if (!same(assignment.principalId, state.principalId ?? '')) return false;
  if (!roles.some(({ id }) => same(id, assignment.roleId))) return false;
  if (state.identity?.kind === 'system') return true;
  return same(assignment.name, assignmentName(assignment.scope, assignment.principalId, assignment.roleId));
}

async function unassigning(
  subject: TeardownContext,
  scope: string,
  roles: readonly Role[],
  kind: Change['subject'],
): Promise<readonly Step[]> {
  const assigned = (await subject.estate.assignments(scope)).filter((item) => isOurs(subject, item, roles));
  return assigned.map((item) => {
    const role = roles.find(({ id }) => same(id, item.roleId))?.name ?? item.roleId;
    const change: Change = { subject: kind, what: `${role} at ${scope}`, from: item.principalId, to: null };
    return step(change, () => subject.estate.unassign(item.id));
  });
}

async function roleSteps(subject: TeardownContext): Promise<readonly Step[]> {
  const { estate, state } = subject;
  const uri = uriText(state.containerUri);
  if (!canRemove(subject, (other) => same(uriText(other.containerUri), uri))) return [];
  const { containerId } = await estate.container(uri);
  return unassigning(subject, containerId, CONTAINER_ROLES, 'role');
}

const vaultOf = (secretUri: string): string => URL.parse(secretUri)?.origin ?? secretUri;

async function secretAccessSteps(subject: TeardownContext, secretUri: string): Promise<readonly Step[]> {
  const { estate, state } = subject;
  const vault = await estate.vault(secretUri);
  if (vault.authorization === 'roles') {
    if (!canRemove(subject, (other) => same(secretOf(other) ?? '', secretUri))) return [];
    return unassigning(subject, vault.secretId, [SECRETS_USER], 'secret-access');
  }
  const principalId = state.principalId ?? '';
  const may = await estate.mayReadSecret(principalId, secretUri);
  const isShared = !canRemove(subject, (other) => vaultOf(secretOf(other) ?? '') === vaultOf(secretUri));
  if (isShared || may.kind === 'unseen' || !may.value) return [];
  const what = `secrets/get by access policy of ${vault.name}`;
  return [
    step({ subject: 'secret-access', what, from: principalId, to: null }, () =>
      estate.disallowSecrets(vault, principalId),
    ),
  ];
}

/** Only a secret that setup has made for this very pipeline goes. */
async function secretSteps({ estate, state, others }: TeardownContext, secretUri: string): Promise<readonly Step[]> {
  const secret = await estate.secret(secretUri);
  if (secret.kind === 'unseen' || secret.value.kind === 'missing') return [];
  const { madeFor } = secret.value;
  if (madeFor === null || !same(madeFor, state.resourceId)) return [];
  if (others.some((other) => same(secretOf(other) ?? '', secretUri))) return [];
  return [
    step({ subject: 'secret', what: secretUri, from: 'the SAS that setup made', to: null }, () =>
      estate.removeSecret(secretUri),
    ),
  ];
}

async function runSteps({ estate, state }: TeardownContext): Promise<readonly Step[]> {
  const runs = endedRuns(await estate.runs(), state.resourceId, null);
  return runs.map(({ name }) =>
    step({ subject: 'run', what: name, from: 'ended', to: null }, () => estate.removeRun(name)),
  );
}

async function blobSteps(container: BlobContainer): Promise<readonly Step[]> {
  const transfers = (await staleTransfers(container, null)).map(({ transferName, blobs }) => ({
    what: transferName,
    blobs,
  }));
  const found = [...transfers, { what: 'receipts and histories', blobs: await receiptsAndHistories(container) }];
  return found.flatMap(({ what, blobs }): readonly Step[] => {
    if (blobs.length === 0) return [];
    const from = `${blobs.length} blobs, ${formatBytes(blobs.reduce((sum, { bytes }) => sum + bytes, 0))}`;
    return [step({ subject: 'blobs', what, from, to: null }, () => removeBlobs(container, blobs))];
  });
}

async function allSteps(
  subject: TeardownContext,
  request: TeardownRequest,
  world: ProvisioningContext,
): Promise<readonly Step[]> {
  const { estate, state } = subject;
  const secretUri = secretOf(state);
  const container = request.deleteBlobs ? await world.containerOf(uriText(state.containerUri)) : null;
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
    container === null ? [] : blobSteps(container),
  ]);
  const [runs, rights, secrets, blobs] = found;
  // The pipeline goes last: as long as it is there, another try finds what is left.
  return [...runs, ...rights, ...secrets, ...blobs, step(pipeline, () => estate.removePipeline(), 'needs-all')];
}

/**
 * Removes a pipeline, what setup gave to its identity, its secret and its ended runs; with `deleteBlobs` the transfer blobs
 * too. The container itself stays. What others use stays.
 * @throws ACRT3044 before anything is changed; every other failure is in the result
 */
export async function teardown(request: TeardownRequest, world: ProvisioningContext): Promise<ProvisioningResult> {
  const { estate } = world;
  const state = await estate.pipeline();
  const others = (await estate.pipelines()).filter(({ resourceId }) => !same(resourceId, request.pipeline.resourceId));
  const steps = state === null ? [] : await allSteps({ estate, state, others }, request, world);
  return conclude(request, world, steps, {
    facts: () => ({ principalId: state?.principalId ?? null, sasExpiresAt: null }),
    proof: () => Promise.resolve([]),
  });
}
