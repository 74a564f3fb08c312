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
import { listVaults, parseSecretUri, vaultAt, type SecretLocation } from '../key-vault/index.ts';
import { createClients, storageError } from '../storage/index.ts';
import { allowSecrets, disallowSecrets, readSecretState, removeSecret, storeSas, vaultResource } from './key-vault.ts';
import { listStates, putState, readState, removeState } from './pipelines.ts';
import { assignRole, listAssignments, unassignRole } from './role-assignments.ts';
import { createSas, testSas, type SasAccess } from './sas.ts';

/** A side that is set up. */
interface ClientContext {
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

const notFound = ({ side, id }: ClientContext, what: string, reason: string): TransferError =>
  transferError('ACRT3044', { side, what, subscription: id.subscriptionId, reason });

const NOT_AMONG = 'it is not among those that may be seen there';

/** A list that was refused says why it is not in there; a sign-in or network that fails has a failure of its own. */
const unlisted =
  (ground: ClientContext, what: string) =>
  (error: unknown): never => {
    throw error instanceof TransferError ? error : notFound(ground, what, serviceReason(error));
  };

async function place(ground: ClientContext, uri: string): Promise<ContainerResource> {
  const what = `storage account of ${uri}`;
  const accounts = await listAccounts(ground.arm, ground.id.subscriptionId).catch(unlisted(ground, what));
  const account = accountOf(accounts, uri);
  if (account === undefined) throw notFound(ground, what, NOT_AMONG);
  return { account: account.name, accountId: account.id, containerId: containerIdOf(account, uri) };
}

function secretLocation(ground: ClientContext, secretUri: string): SecretLocation {
  const secret = parseSecretUri(secretUri);
  if (secret === null) throw notFound(ground, `secret ${secretUri}`, 'it is not the address of a secret');
  return secret;
}

async function vaultOf(ground: ClientContext, secretUri: string): Promise<VaultResource> {
  const secret = secretLocation(ground, secretUri);
  const what = `key vault at ${secret.vault}`;
  const vaults = await listVaults(ground.arm, ground.id.subscriptionId).catch(unlisted(ground, what));
  const vault = vaultAt(vaults, secret);
  if (vault === undefined) throw notFound(ground, what, NOT_AMONG);
  return vaultResource(vault, secret);
}

async function atContainer<Result>(
  { side, access }: ClientContext,
  uri: string,
  work: (clients: ReturnType<typeof createClients>) => Promise<Result>,
): Promise<Result> {
  try {
    const { credential, audience } = access;
    return await work(createClients(uri, { kind: 'token', credential, audience }));
  } catch (error) {
    throw storageError(error, { side, uri, blob: '' });
  }
}

const createContainer = (ground: ClientContext, uri: string): Promise<ChangeOutcome> =>
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

function pipelineParts({ arm, id }: ClientContext): Pick<ProvisioningClient, Pipelines> {
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
  ground: ClientContext,
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
  ground: ClientContext,
  look: () => ReturnType<typeof createInspector>,
): Omit<ProvisioningClient, Pipelines | Containers> {
  const { arm, id, access, cloud, options } = ground;
  const secrets = { cloud, credential: access.credential, mask: options.mask };
  return {
    vault: (secretUri) => vaultOf(ground, secretUri),
    mayReadSecret: (principalId, secretUri) => look().mayReadSecret(principalId, secretUri),
    allowSecrets: (vault, principalId) => allowSecrets(arm, vault, principalId),
    disallowSecrets: (vault, principalId) => disallowSecrets(arm, vault, principalId),
    secret: (secretUri) => readSecretState(secretLocation(ground, secretUri), secrets),
    storeSas: (secretUri, made) => storeSas(secretLocation(ground, secretUri), id.resourceId, made, secrets),
    removeSecret: (secretUri) => removeSecret(secretLocation(ground, secretUri), secrets),
    makeSas: async (uri, permissions, life) => createSas(uri, await place(ground, uri), permissions, life, access),
    trySas: testSas,
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
  const ground: ClientContext = { side, id, cloud, arm, access, options };
  // It keeps what it has seen, and here things change: a new one for each look.
  const look = (): ReturnType<typeof createInspector> =>
    createInspector(id, {
      arm: () => Promise.resolve(arm),
      secrets: () => Promise.resolve({ cloud, credential, mask }),
    });
  return { ...pipelineParts(ground), ...containerParts(ground, look), ...vaultParts(ground, look) };
}
