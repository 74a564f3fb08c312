import * as z from 'zod';
import type { ChangeOutcome, ContainerResource, ProvisioningClient, VaultResource } from '../../provisioning/index.ts';
import { TransferError, transferError } from '../../transfer/errors/index.ts';
import type { PipelineId } from '../../transfer/model/pipeline-id.ts';
import type { SideRequest } from '../../transfer/model/request.ts';
import type { Side } from '../../transfer/model/side.ts';
import { createInspector } from '../access/index.ts';
import {
  accountOf,
  connectArm,
  containerIdOf,
  listAccounts,
  parseOr404,
  readRegistry,
  runArchive,
  type Arm,
} from '../arm/index.ts';
import { resolveCloud, type Cloud } from '../cloud/cloud.ts';
import { readServiceError, serviceReason } from '../http/index.ts';
import { sideCredential, type ConnectOptions } from '../identity/credential.ts';
import { listVaults, parseSecretUri, vaultAt, type SecretPlace } from '../key-vault/index.ts';
import { createClients, storageFailure } from '../storage/index.ts';
import { allowSecrets, disallowSecrets, lookAtState, removeSecret, storeSas, vaultPlace } from './key-vault.ts';
import { listStates, putState, readState, removeState } from './pipelines.ts';
import { assignRole, listAssignments, unassignRole } from './role-assignments.ts';
import { makeSas, trySas, type SasAccess } from './sas.ts';

/** A side that is set up. */
interface Ground {
  readonly side: Side;
  readonly id: PipelineId;
  readonly cloud: Cloud;
  readonly arm: Arm;
  readonly access: SasAccess;
  readonly options: ConnectOptions;
}

/** Waiting has limits of its own; this one is never met. */
const PATIENCE_MINUTES = 60;

const IDENTITY = { apiVersion: '2023-01-31', filter: null };
const identitySchema = z.object({ properties: z.object({ principalId: z.string() }) });

const notFound = ({ side, id }: Ground, what: string, reason: string): TransferError =>
  transferError('ACRT3044', { side, what, subscription: id.subscriptionId, reason });

const NOT_AMONG = 'it is not among those that may be seen there';

/** A list that was refused says why it is not in there; a sign-in or network that fails has a failure of its own. */
const unlisted =
  (ground: Ground, what: string) =>
  (error: unknown): never => {
    throw error instanceof TransferError ? error : notFound(ground, what, serviceReason(error));
  };

async function place(ground: Ground, uri: string): Promise<ContainerResource> {
  const what = `storage account of ${uri}`;
  const accounts = await listAccounts(ground.arm, ground.id.subscriptionId).catch(unlisted(ground, what));
  const account = accountOf(accounts, uri);
  if (account === undefined) throw notFound(ground, what, NOT_AMONG);
  return { account: account.name, accountId: account.id, containerId: containerIdOf(account, uri) };
}

function secretPlace(ground: Ground, secretUri: string): SecretPlace {
  const secret = parseSecretUri(secretUri);
  if (secret === null) throw notFound(ground, `secret ${secretUri}`, 'it is not the address of a secret');
  return secret;
}

async function vaultOf(ground: Ground, secretUri: string): Promise<VaultResource> {
  const secret = secretPlace(ground, secretUri);
  const what = `key vault at ${secret.vault}`;
  const vaults = await listVaults(ground.arm, ground.id.subscriptionId).catch(unlisted(ground, what));
  const vault = vaultAt(vaults, secret);
  if (vault === undefined) throw notFound(ground, what, NOT_AMONG);
  return vaultPlace(vault, secret);
}

async function atContainer<Result>(
  { side, access }: Ground,
  uri: string,
  work: (clients: ReturnType<typeof createClients>) => Promise<Result>,
): Promise<Result> {
  try {
    const { credential, audience } = access;
    return await work(createClients(uri, { kind: 'token', credential, audience }));
  } catch (error) {
    throw storageFailure(error, { side, uri, blob: '' });
  }
}

const createContainer = (ground: Ground, uri: string): Promise<ChangeOutcome> =>
  atContainer(ground, uri, async ({ patient }) => {
    try {
      await patient.create();
      return 'done';
    } catch (error) {
      if (readServiceError(error).code === 'ContainerAlreadyExists') return 'was-so';
      throw error;
    }
  });

type Pipelines =
  'registry' | 'pipeline' | 'pipelines' | 'putPipeline' | 'removePipeline' | 'principalOf' | 'runs' | 'removeRun';

function pipelineParts({ arm, id }: Ground): Pick<ProvisioningClient, Pipelines> {
  const archive = runArchive(arm, id);
  return {
    registry: () => readRegistry(arm, id),
    pipeline: () => readState(arm, id),
    pipelines: () => listStates(arm, id),
    putPipeline: (wish, location) => putState(arm, id, wish, location),
    removePipeline: () => removeState(arm, id),
    principalOf: async (identityId) => {
      const answer = await arm.get(identityId, IDENTITY);
      const body = parseOr404(arm, answer, identitySchema, 'read the user-assigned identity');
      return body?.properties.principalId ?? null;
    },
    runs: archive.list,
    removeRun: async (name) => {
      await archive.remove(name);
      return 'done';
    },
  };
}

type Containers =
  'container' | 'containerExists' | 'createContainer' | 'blobRights' | 'assignments' | 'assign' | 'unassign';

function containerParts(
  ground: Ground,
  look: () => ReturnType<typeof createInspector>,
): Pick<ProvisioningClient, Containers> {
  const { arm, options } = ground;
  return {
    container: (uri) => place(ground, uri),
    containerExists: (uri) => atContainer(ground, uri, ({ patient }) => patient.exists()),
    createContainer: (uri) => createContainer(ground, uri),
    blobRights: (principalId, uri) => look().blobRights(principalId, uri),
    assignments: (scope) => listAssignments(arm, scope),
    assign: (order) =>
      assignRole(arm, order, { clock: options.clock, signal: AbortSignal.timeout(PATIENCE_MINUTES * 60_000) }),
    unassign: (assignmentId) => unassignRole(arm, assignmentId),
  };
}

function vaultParts(
  ground: Ground,
  look: () => ReturnType<typeof createInspector>,
): Omit<ProvisioningClient, Pipelines | Containers> {
  const { arm, id, access, cloud, options } = ground;
  const secrets = { cloud, credential: access.credential, mask: options.mask };
  return {
    vault: (secretUri) => vaultOf(ground, secretUri),
    mayReadSecret: (principalId, secretUri) => look().mayReadSecret(principalId, secretUri),
    allowSecrets: (vault, principalId) => allowSecrets(arm, vault, principalId),
    disallowSecrets: (vault, principalId) => disallowSecrets(arm, vault, principalId),
    secret: (secretUri) => lookAtState(secretPlace(ground, secretUri), secrets),
    storeSas: (secretUri, made) => storeSas(secretPlace(ground, secretUri), id.resourceId, made, secrets),
    removeSecret: (secretUri) => removeSecret(secretPlace(ground, secretUri), secrets),
    makeSas: async (uri, permissions, life) => makeSas(uri, await place(ground, uri), permissions, life, access),
    trySas,
  };
}

/** Signs in to where a pipeline is to be set up. Throws ACRT2004 when a custom cloud cannot be discovered. */
export async function connectProvisioning(
  side: Side,
  request: SideRequest,
  id: PipelineId,
  options: ConnectOptions,
): Promise<ProvisioningClient> {
  const cloud = await resolveCloud(request.cloud);
  const credential = sideCredential(request.identity, { side, cloud, ...options });
  const arm = connectArm(side, cloud, credential, id.subscriptionId);
  const { mask, clock } = options;
  const access: SasAccess = { arm, credential, audience: cloud.storageAudience, mask, now: clock.now };
  const ground: Ground = { side, id, cloud, arm, access, options };
  // It keeps what it has seen, and here things change: a new one for each look.
  const look = (): ReturnType<typeof createInspector> =>
    createInspector(id, {
      arm: () => Promise.resolve(arm),
      secrets: () => Promise.resolve({ cloud, credential, mask }),
    });
  return { ...pipelineParts(ground), ...containerParts(ground, look), ...vaultParts(ground, look) };
}
