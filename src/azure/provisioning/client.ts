import * as z from 'zod';
import type { ChangeOutcome, ContainerResource, ProvisioningClient, VaultResource } from '../../provisioning/index.ts';
import { TransferError, transferError } from '../../transfer/errors/index.ts';
import type { PipelineId } from '../../transfer/model/pipeline-id.ts';
import type { Side } from '../../transfer/model/side.ts';
import type { AccessInspector } from '../../transfer/ports/access-inspector.ts';
import { createInspector } from '../access/index.ts';
import {
  accountOf,
  containerIdOf,
  listAccounts,
  parseOr404,
  readRegistry,
  runArchive,
  type Arm,
} from '../arm/index.ts';
import type { Connection, SignedInSide } from '../connection.ts';
import { readServiceError, serviceReason } from '../http/index.ts';
import type { ConnectOptions } from '../identity/credential.ts';
import { listVaults, parseSecretUri, vaultAt, type SecretLocation } from '../key-vault/index.ts';
import { createClients, storageError } from '../storage/index.ts';
import { allowSecrets, disallowSecrets, readSecretState, removeSecret, storeSas, vaultResource } from './key-vault.ts';
import { listStates, putState, readState, removeState } from './pipelines.ts';
import { assignRole, listAssignments, unassignRole } from './role-assignments.ts';
import { createSas, testSas, type SasAccess } from './sas.ts';

/** The connected side of a pipeline. */
interface ClientContext extends SignedInSide {
  readonly side: Side;
  readonly id: PipelineId;
  readonly arm: Arm;
  readonly access: SasAccess;
  readonly options: ConnectOptions;
}

/** Upper bound of a role assignment. Its retries end earlier. */
const ASSIGNMENT_TIMEOUT_MINUTES = 60;

const IDENTITY = { apiVersion: '2023-01-31', filter: null };
const identitySchema = z.object({ properties: z.object({ principalId: z.string() }) });

const notFound = ({ side, id }: ClientContext, what: string, reason: string): TransferError =>
  transferError('ACRT3044', { side, what, subscription: id.subscriptionId, reason });

const NOT_LISTED = 'it is not among the resources that this identity can list';

/** Converts the error of a list into ACRT3044. Errors of the sign-in and the network stay. */
const throwNotFound =
  (context: ClientContext, what: string) =>
  (error: unknown): never => {
    throw error instanceof TransferError ? error : notFound(context, what, serviceReason(error));
  };

async function findContainer(context: ClientContext, uri: string): Promise<ContainerResource> {
  const what = `storage account of ${uri}`;
  const accounts = await listAccounts(context.arm, context.id.subscriptionId).catch(throwNotFound(context, what));
  const account = accountOf(accounts, uri);
  if (account === undefined) throw notFound(context, what, NOT_LISTED);
  return { account: account.name, accountId: account.id, containerId: containerIdOf(account, uri) };
}

function secretLocation(context: ClientContext, secretUri: string): SecretLocation {
  const secret = parseSecretUri(secretUri);
  if (secret === null) throw notFound(context, `secret ${secretUri}`, 'it is not the address of a secret');
  return secret;
}

async function findVault(context: ClientContext, secretUri: string): Promise<VaultResource> {
  const secret = secretLocation(context, secretUri);
  const what = `key vault at ${secret.vault}`;
  const vaults = await listVaults(context.arm, context.id.subscriptionId).catch(throwNotFound(context, what));
  const vault = vaultAt(vaults, secret);
  if (vault === undefined) throw notFound(context, what, NOT_LISTED);
  return vaultResource(vault, secret);
}

async function withContainer<Result>(
  { side, access, requireHost }: ClientContext,
  uri: string,
  work: (clients: ReturnType<typeof createClients>) => Promise<Result>,
): Promise<Result> {
  try {
    requireHost('storage', uri);
    const { credential, audience } = access;
    return await work(createClients(uri, { kind: 'token', credential, audience }));
  } catch (error) {
    throw storageError(error, { side, uri, blob: '' });
  }
}

const createContainer = (context: ClientContext, uri: string): Promise<ChangeOutcome> =>
  withContainer(context, uri, async ({ retrying }) => {
    try {
      await retrying.create();
      return 'done';
    } catch (error) {
      if (readServiceError(error).code === 'ContainerAlreadyExists') return 'unchanged';
      throw error;
    }
  });

type PipelineMembers =
  'registry' | 'pipeline' | 'pipelines' | 'putPipeline' | 'removePipeline' | 'principalOf' | 'runs' | 'removeRun';

function pipelineMembers({ arm, id }: ClientContext): Pick<ProvisioningClient, PipelineMembers> {
  const archive = runArchive(arm, id);
  return {
    registry: () => readRegistry(arm, id),
    pipeline: () => readState(arm, id),
    pipelines: () => listStates(arm, id),
    putPipeline: (desired, location) => putState(arm, id, desired, location),
    removePipeline: () => removeState(arm, id),
    principalOf: async (identityId) => {
      const response = await arm.get(identityId, IDENTITY);
      const body = parseOr404(arm, response, identitySchema, 'read the user-assigned identity');
      return body?.properties.principalId ?? null;
    },
    runs: archive.list,
    removeRun: async (name) => {
      await archive.remove(name);
      return 'done';
    },
  };
}

type ContainerMembers =
  'container' | 'containerExists' | 'createContainer' | 'blobPermissions' | 'assignments' | 'assign' | 'unassign';

function containerMembers(
  context: ClientContext,
  newInspector: () => AccessInspector,
): Pick<ProvisioningClient, ContainerMembers> {
  const { arm, options } = context;
  return {
    container: (uri) => findContainer(context, uri),
    containerExists: (uri) => withContainer(context, uri, ({ retrying }) => retrying.exists()),
    createContainer: (uri) => createContainer(context, uri),
    blobPermissions: (principalId, uri) => newInspector().blobPermissions(principalId, uri),
    assignments: (scope) => listAssignments(arm, scope),
    assign: (assignment) =>
      assignRole(arm, assignment, {
        clock: options.clock,
        signal: AbortSignal.timeout(ASSIGNMENT_TIMEOUT_MINUTES * 60_000),
      }),
    unassign: (assignmentId) => unassignRole(arm, assignmentId),
  };
}

function vaultMembers(
  context: ClientContext,
  newInspector: () => AccessInspector,
): Omit<ProvisioningClient, PipelineMembers | ContainerMembers> {
  const { arm, id, access, requireHost, options } = context;
  const secrets = { ...context, mask: options.mask };
  return {
    vault: (secretUri) => findVault(context, secretUri),
    canReadSecret: (principalId, secretUri) => newInspector().canReadSecret(principalId, secretUri),
    allowSecrets: (vault, principalId) => allowSecrets(arm, vault, principalId),
    disallowSecrets: (vault, principalId) => disallowSecrets(arm, vault, principalId),
    secret: (secretUri) => readSecretState(secretLocation(context, secretUri), secrets),
    storeSas: (secretUri, sas) => storeSas(secretLocation(context, secretUri), id.resourceId, sas, secrets),
    removeSecret: (secretUri) => removeSecret(secretLocation(context, secretUri), secrets),
    createSas: async (uri, permissions, lifetime) => {
      requireHost('storage', uri);
      return createSas(uri, await findContainer(context, uri), permissions, lifetime, access);
    },
    testSas: async (uri, sas) => {
      requireHost('storage', uri);
      return testSas(uri, sas);
    },
  };
}

/** Connects the side of a pipeline for provisioning. Throws ACRT2004 if a custom cloud can't be discovered. */
export async function connectProvisioning(connection: Connection, id: PipelineId): Promise<ProvisioningClient> {
  const { side, options } = connection;
  const signedIn = await connection.signIn();
  const arm = await connection.arm(id.subscriptionId);
  const { cloud, credential } = signedIn;
  const { mask, clock } = options;
  const access: SasAccess = { arm, credential, audience: cloud.storageAudience, mask, now: clock.now };
  const context: ClientContext = { ...signedIn, side, id, arm, access, options };
  // An inspector caches its observations, and provisioning changes them: each observation uses a new one.
  const newInspector = (): AccessInspector =>
    createInspector(id, {
      arm: () => Promise.resolve(arm),
      secrets: () => Promise.resolve({ ...signedIn, mask }),
    });
  return {
    ...pipelineMembers(context),
    ...containerMembers(context, newInspector),
    ...vaultMembers(context, newInspector),
  };
}
