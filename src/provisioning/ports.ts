/**
 * Provisioning client and context.
 *
 * The client reads and changes a pipeline and the resources that it needs. `azure/` implements it for one pipeline ID. Every
 * method can throw errors of the range 2xxx (sign-in, network), ACRT3002 (permissions), ACRT3009 and ACRT3036 to ACRT3040
 * (ARM), and those that it documents.
 */
import type { BlobPermissions, Observation, SecretFacts } from '../transfer/ports/access-inspector.ts';
import type { BlobContainer } from '../transfer/ports/blob-container.ts';
import type { Clock } from '../transfer/ports/clock.ts';
import type { PipelineFacts, PipelineRuns, RegistryFacts, RunFacts } from '../transfer/ports/pipelines.ts';
import type { Registry } from '../transfer/ports/registry.ts';
import type { DesiredPipeline, PipelineIdentity, SasLifetime } from './request.ts';
import type { ProvisioningEvent } from './result.ts';

/** The current state of a pipeline. */
export interface PipelineState extends PipelineFacts {
  readonly resourceId: string;
  /** Null if it has none, or has identities of both kinds. */
  readonly identity: PipelineIdentity | null;
  /** As ARM returns it, to send it unchanged in a PUT; null if it has none. */
  readonly location: string | null;
}

/** The storage account and the container of a pipeline. */
export interface ContainerResource {
  readonly account: string;
  readonly accountId: string;
  /** Resource ID of the container: the scope of its roles. */
  readonly containerId: string;
}

/** A role assignment. */
export interface Assignment {
  readonly id: string;
  /** GUID. */
  readonly name: string;
  /** GUID of the role definition. */
  readonly roleId: string;
  readonly principalId: string;
  readonly scope: string;
}

/** A role assignment to create. */
export interface AssignmentRequest {
  /** GUID of the assignment. */
  readonly name: string;
  /** GUID of the role definition. */
  readonly roleId: string;
  readonly principalId: string;
  readonly scope: string;
}

/** The vault of a secret. */
export interface VaultResource {
  readonly name: string;
  readonly vaultId: string;
  /** Resource ID of the secret: the scope of its roles. */
  readonly secretId: string;
  /** Whether the vault uses roles or access policies. */
  readonly authorization: 'roles' | 'policies';
}

/** Outcome of an idempotent change: `was-so` if there was nothing to change. */
export type ChangeOutcome = 'done' | 'unchanged';

/** A new SAS. Secret, and masked before it is returned. */
export interface IssuedSas {
  readonly sas: string;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  readonly expiresAt: number;
}

/** A secret with its tag of setup. */
export type SecretState = SecretFacts & {
  /** Resource ID of the pipeline that setup created the secret for (tag `acr-transfer-pipeline`); null for other secrets. */
  readonly createdFor: string | null;
};

/** Reads and changes a pipeline and the resources that it needs. */
export interface ProvisioningClient {
  /** Null if the registry doesn't exist. */
  readonly registry: () => Promise<RegistryFacts | null>;
  /** Null if the pipeline doesn't exist. */
  readonly pipeline: () => Promise<PipelineState | null>;
  /** All pipelines of the registry, of both kinds. */
  readonly pipelines: () => Promise<readonly PipelineState[]>;
  /** Creates or changes the pipeline. The response is final (recorded: pipelines are created synchronously). */
  readonly putPipeline: (desired: DesiredPipeline, location: string | null) => Promise<PipelineState>;
  readonly removePipeline: () => Promise<ChangeOutcome>;
  /** Object ID of a user-assigned identity; null if it doesn't exist. */
  readonly principalOf: (identityId: string) => Promise<string | null>;

  /** Finds a container by its URI in the pipeline's subscription. Throws ACRT3044. */
  readonly container: (containerUri: string) => Promise<ContainerResource>;
  readonly containerExists: (containerUri: string) => Promise<boolean>;
  readonly createContainer: (containerUri: string) => Promise<ChangeOutcome>;
  /** Permissions of a principal on a container by all of its roles. Not cached. */
  readonly blobPermissions: (principalId: string, containerUri: string) => Promise<Observation<BlobPermissions>>;
  /** Role assignments at exactly this scope. */
  readonly assignments: (scope: string) => Promise<readonly Assignment[]>;
  /** Assigns a role. Waits for a new principal that ARM doesn't know yet. Throws ACRT3042 if this step isn't allowed to assign roles. */
  readonly assign: (order: AssignmentRequest) => Promise<ChangeOutcome>;
  readonly unassign: (assignmentId: string) => Promise<ChangeOutcome>;

  /** Finds the vault of a secret by its URI in the pipeline's subscription. Throws ACRT3044. */
  readonly vault: (secretUri: string) => Promise<VaultResource>;
  /** Whether a principal is allowed to read a secret, by role or by access policy. Not cached. */
  readonly canReadSecret: (principalId: string, secretUri: string) => Promise<Observation<boolean>>;
  /** Adds `get` of secrets to the access policy of a principal. Throws ACRT3043 if this step isn't allowed to. */
  readonly allowSecrets: (vault: VaultResource, principalId: string) => Promise<ChangeOutcome>;
  /** Removes `get` of secrets from the access policy of a principal. */
  readonly disallowSecrets: (vault: VaultResource, principalId: string) => Promise<ChangeOutcome>;
  readonly secret: (secretUri: string) => Promise<Observation<SecretState>>;
  /** Creates a new version of a secret, which expires with the SAS. Recovers a soft-deleted secret first. Throws ACRT3048. */
  readonly storeSas: (secretUri: string, sas: IssuedSas) => Promise<void>;
  readonly removeSecret: (secretUri: string) => Promise<ChangeOutcome>;

  /**
   * Creates a SAS of the container, HTTPS only.
   * @param permissions letters of `sp`, in the order that storage requires
   * @throws ACRT3046 if there is no key to sign it
   */
  readonly createSas: (containerUri: string, permissions: string, life: SasLifetime) => Promise<IssuedSas>;
  /** Tests a SAS with a list request. Throws ACRT3047. */
  readonly testSas: (containerUri: string, sas: IssuedSas) => Promise<void>;

  /** Runs of the registry, oldest first. */
  readonly runs: () => Promise<readonly RunFacts[]>;
  readonly removeRun: (name: string) => Promise<ChangeOutcome>;
}

/** Context of provisioning: client, services, clock, events, and signal. */
export interface ProvisioningContext {
  readonly client: ProvisioningClient;
  /** Runs of the pipeline, for the smoke test. */
  readonly pipelineRuns: () => Promise<PipelineRuns>;
  readonly containerOf: (uri: string) => Promise<BlobContainer>;
  readonly registryOf: (loginServer: string) => Promise<Registry>;
  readonly clock: Clock;
  readonly onEvent: (event: ProvisioningEvent) => void;
  /** Aborts when the step is to end. */
  readonly signal: AbortSignal;
}
