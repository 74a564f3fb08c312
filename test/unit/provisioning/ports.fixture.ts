import type { Assignment, PipelineState, ProvisioningClient, VaultResource } from '../../../src/provisioning/ports.ts';
import type { DesiredPipeline } from '../../../src/provisioning/request.ts';
import { containerNeed, SECRETS_USER } from '../../../src/provisioning/role-grants.ts';
import { transferError } from '../../../src/transfer/errors/transfer-error.ts';
import { parsePipelineId, type PipelineId } from '../../../src/transfer/model/pipeline-id.ts';
import { readSas } from '../../../src/transfer/model/sas.ts';
import type { Observation } from '../../../src/transfer/ports/access-inspector.ts';
import type { RegistryFacts, RunFacts } from '../../../src/transfer/ports/pipelines.ts';

export const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/transfer/providers`;
export const CONTAINER = 'https://account.blob.core.windows.net/transfer';
export const CONTAINER_ID = `${GROUP}/Microsoft.Storage/storageAccounts/account/blobServices/default/containers/transfer`;
export const SECRET = 'https://vault.vault.azure.net/secrets/sas';
export const USER_IDENTITY = `${GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/transfer`;
export const USER_PRINCIPAL = '00000000-0000-0000-0000-00000000000b';

/** The ID of a pipeline of the registry. */
export function pipelineId(kind: 'export' | 'import', name = `${kind}One`): PipelineId {
  const parsed = parsePipelineId(
    `${GROUP}/Microsoft.ContainerRegistry/registries/contoso/${kind}Pipelines/${name}`,
    kind,
  );
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

interface Secret {
  readonly sas: string;
  readonly createdFor: string | null;
  readonly enabled: boolean;
  readonly startsAt: number | null;
  readonly expiresAt: number | null;
}

/** The resources, which a test can read and change. */
export interface Things {
  registry: RegistryFacts | null;
  readonly pipelines: Map<string, PipelineState>;
  readonly assignments: Assignment[];
  readonly readers: Set<string>;
  readonly secrets: Map<string, Secret>;
  readonly containers: Set<string>;
  readonly runs: RunFacts[];
  authorization: VaultResource['authorization'];
  /** Changes that are refused. */
  readonly refused: Set<keyof ProvisioningClient>;
  /** Whether roles can be listed. */
  rolesSeen: boolean;
  /** Whether secrets can be read. */
  secretsSeen: boolean;
  /** How many more times a new SAS is refused before it holds. */
  sasRefusals: number;
  /** Every change that was made, in order. */
  readonly done: string[];
}

const REGISTRY: RegistryFacts = {
  loginServer: 'contoso.azurecr.io',
  sku: 'Premium',
  exportsAllowed: true,
  network: null,
};

/** Two clouds' worth of nothing but a registry, a storage account, a vault and an identity. */
export const emptyThings = (): Things => ({
  registry: REGISTRY,
  pipelines: new Map(),
  assignments: [],
  readers: new Set(),
  secrets: new Map(),
  containers: new Set([CONTAINER]),
  runs: [],
  authorization: 'roles',
  refused: new Set(),
  rolesSeen: true,
  secretsSeen: true,
  sasRefusals: 0,
  done: [],
});

const seen = <Value>(value: Value): Observation<Value> => ({ ok: true, value });
const UNSEEN: Observation<never> = { ok: false, problem: 'no right to list role assignments' };

let principals = 0;

function stateOf(id: PipelineId, desired: DesiredPipeline, before: PipelineState | undefined): PipelineState {
  const kept = before?.identity?.kind === 'system' ? before.principalId : null;
  principals += 1;
  return {
    ...desired,
    resourceId: id.resourceId,
    provisioningState: 'Succeeded',
    principalId: desired.identity.kind === 'user' ? USER_PRINCIPAL : (kept ?? `system-${principals}`),
    location: 'WESTUS',
  };
}

const REFUSALS: Partial<Record<keyof ProvisioningClient, () => Error>> = {
  assign: () =>
    transferError('ACRT3042', { role: 'role', roleId: 'id', principal: 'p', scope: CONTAINER_ID, reason: '403' }),
  allowSecrets: () =>
    transferError('ACRT3043', { principal: 'p', vault: 'vault', vaultId: `${GROUP}/v/vaults/vault`, reason: '403' }),
  createSas: () => transferError('ACRT3046', { account: 'account', key: 'account key', reason: '403' }),
  testSas: () => transferError('ACRT3047', { container: CONTAINER, reason: '403' }),
  putPipeline: () => transferError('ACRT3002', { side: 'source', what: 'write the pipeline', reason: '403' }),
};

/** Shared state of the parts of a provisioning client. */
interface Context {
  readonly id: PipelineId;
  readonly things: Things;
  readonly now: () => number;
  /** Applies a change, unless it is refused. */
  readonly change: <Result>(method: keyof ProvisioningClient, what: string, work: () => Result) => Promise<Result>;
  /** Role assignments at a scope. */
  readonly at: (scope: string) => readonly Assignment[];
}

const VAULT: Omit<VaultResource, 'authorization'> = {
  name: 'vault',
  vaultId: `${GROUP}/Microsoft.KeyVault/vaults/vault`,
  secretId: `${GROUP}/Microsoft.KeyVault/vaults/vault/secrets/sas`,
};

type Pipelines =
  'registry' | 'pipeline' | 'pipelines' | 'putPipeline' | 'removePipeline' | 'principalOf' | 'runs' | 'removeRun';

const pipelineParts = ({ id, things, change }: Context): Pick<ProvisioningClient, Pipelines> => ({
  registry: () => Promise.resolve(things.registry),
  pipeline: () => Promise.resolve(things.pipelines.get(id.resourceId) ?? null),
  pipelines: () => Promise.resolve([...things.pipelines.values()]),
  putPipeline: (desired) =>
    change('putPipeline', `put ${id.name}`, () => {
      const state = stateOf(id, desired, things.pipelines.get(id.resourceId));
      things.pipelines.set(id.resourceId, state);
      return state;
    }),
  removePipeline: () =>
    change('removePipeline', `remove ${id.name}`, () =>
      things.pipelines.delete(id.resourceId) ? 'done' : 'unchanged',
    ),
  principalOf: (identity) => Promise.resolve(identity === USER_IDENTITY ? USER_PRINCIPAL : null),
  runs: () => Promise.resolve(things.runs),
  removeRun: (name) => change('removeRun', `remove run ${name}`, () => 'done' as const),
});

type Containers =
  'container' | 'containerExists' | 'createContainer' | 'blobPermissions' | 'assignments' | 'assign' | 'unassign';

const containerParts = ({ things, change, at }: Context): Pick<ProvisioningClient, Containers> => ({
  container: () =>
    Promise.resolve({
      account: 'account',
      accountId: CONTAINER_ID.split('/blobServices')[0] ?? '',
      containerId: CONTAINER_ID,
    }),
  containerExists: (uri) => Promise.resolve(things.containers.has(uri)),
  createContainer: (uri) =>
    change('createContainer', `create ${uri}`, () => (things.containers.add(uri), 'done' as const)),
  blobPermissions: (principalId) => {
    if (!things.rolesSeen) return Promise.resolve(UNSEEN);
    const ids = at(CONTAINER_ID)
      .filter((item) => item.principalId === principalId)
      .map(({ roleId }) => roleId);
    const contributes = ids.includes(containerNeed('export', []).role.id);
    const reads = contributes || ids.includes(containerNeed('import', []).role.id);
    return Promise.resolve(seen({ read: reads, write: contributes, delete: contributes }));
  },
  assignments: (scope) => Promise.resolve(at(scope)),
  assign: (order) =>
    change('assign', `assign ${order.principalId}`, () => {
      things.assignments.push({ ...order, id: `${order.scope}/roleAssignments/${order.name}` });
      return 'done' as const;
    }),
  unassign: (assignmentId) =>
    change('unassign', `unassign ${assignmentId.split('/').at(-1) ?? ''}`, () => {
      things.assignments.splice(
        things.assignments.findIndex((item) => item.id === assignmentId),
        1,
      );
      return 'done' as const;
    }),
});

const vaultParts = ({ id, things, now, change, at }: Context): Omit<ProvisioningClient, Pipelines | Containers> => ({
  vault: () => Promise.resolve({ ...VAULT, authorization: things.authorization }),
  canReadSecret: (principalId) => {
    const byRole = at(VAULT.secretId).some(
      (item) => item.principalId === principalId && item.roleId === SECRETS_USER.id,
    );
    return Promise.resolve(seen(things.authorization === 'roles' ? byRole : things.readers.has(principalId)));
  },
  allowSecrets: (_, principalId) =>
    change('allowSecrets', `allow ${principalId}`, () => (things.readers.add(principalId), 'done' as const)),
  disallowSecrets: (_, principalId) =>
    change('disallowSecrets', `disallow ${principalId}`, () =>
      things.readers.delete(principalId) ? 'done' : 'unchanged',
    ),
  secret: (uri) => {
    if (!things.secretsSeen) return Promise.resolve(UNSEEN);
    const secret = things.secrets.get(uri);
    if (secret === undefined) return Promise.resolve(seen({ kind: 'missing', createdFor: null }));
    return Promise.resolve(seen({ kind: 'found', ...secret, sas: readSas(secret.sas) }));
  },
  storeSas: (uri, { sas, startsAt, expiresAt }) =>
    change('storeSas', `store ${uri}`, () => {
      things.secrets.set(uri, { sas, createdFor: id.resourceId.toLowerCase(), enabled: true, startsAt, expiresAt });
    }),
  removeSecret: (uri) =>
    change('removeSecret', `remove ${uri}`, () => (things.secrets.delete(uri) ? 'done' : 'unchanged')),
  createSas: (_, permissions, { days }) =>
    change('createSas', `make ${permissions}`, () => {
      const [startsAt, expiresAt] = [now() - 900_000, now() + days * 86_400_000];
      const [st, se] = [startsAt, expiresAt].map((time) => new Date(time).toISOString());
      return {
        sas: `sv=2025&sr=c&spr=https&sp=${permissions}&st=${st ?? ''}&se=${se ?? ''}&sig=x`,
        startsAt,
        expiresAt,
      };
    }),
  testSas: () => {
    if (things.sasRefusals === 0) return change('testSas', 'try', () => undefined);
    things.sasRefusals -= 1;
    const temporary = { retryAfterSeconds: null, throttled: false };
    return Promise.reject(transferError('ACRT3047', { container: CONTAINER, reason: 'not yet' }, { temporary }));
  },
});

/** A provisioning client of one registry in memory. */
export function memoryProvisioningClient(id: PipelineId, things: Things, now: () => number): ProvisioningClient {
  const context: Context = {
    id,
    things,
    now,
    change: (method, what, work) => {
      if (things.refused.has(method)) return Promise.reject(REFUSALS[method]?.() ?? new Error(`${method} is refused`));
      things.done.push(what);
      return Promise.resolve(work());
    },
    at: (scope) => things.assignments.filter((item) => item.scope === scope),
  };
  return { ...pipelineParts(context), ...containerParts(context), ...vaultParts(context) };
}
