/**
 * Provisioning client and context.
 *
 * What a pipeline stands on, as the domain sees it: what setup looks at and changes. `azure/` implements it, bound to one
 * pipeline ID. Every method may throw a Failure of the classes 2xxx (sign-in, network), ACRT3002 (rights), ACRT3009 and
 * ACRT3036 to ACRT3040 (ARM), and those that it names.
 */
import type { BlobPermissions, Observation, SecretFacts } from '../transfer/ports/access-inspector.ts';
import type { BlobContainer } from '../transfer/ports/blob-container.ts';
import type { Clock } from '../transfer/ports/clock.ts';
import type { PipelineFacts, PipelineRuns, RegistryFacts, RunFacts } from '../transfer/ports/pipelines.ts';
import type { Registry } from '../transfer/ports/registry.ts';
import type { DesiredPipeline, PipelineIdentity, SasLifetime } from './request.ts';
import type { ProvisioningEvent } from './result.ts';

/** A pipeline as it is, with what setup compares. */
export interface PipelineState extends PipelineFacts {
  readonly resourceId: string;
  /** Null when it has none, or one of both kinds. */
  readonly identity: PipelineIdentity | null;
  /** As ARM tells it, to be sent again as it is; null when it has none. */
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
  /** GUID of the role's definition. */
  readonly roleId: string;
  readonly principalId: string;
  readonly scope: string;
}

/** A role that is to be assigned. */
export interface AssignmentRequest {
  /** GUID of the assignment. */
  readonly name: string;
  /** GUID of the role's definition. */
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
  /** What decides who may read secrets there. */
  readonly authorization: 'roles' | 'policies';
}

/** What was changed of something that may already have been so. */
export type ChangeOutcome = 'done' | 'was-so';

/** A SAS that was just made. Secret, and masked before it is given. */
export interface IssuedSas {
  readonly sas: string;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  readonly expiresAt: number;
}

/** A secret with what setup has left on it. */
export type SecretState = SecretFacts & {
  /** Pipeline that setup has made it for, by its `acr-transfer-pipeline` tag; null when it is somebody else's. */
  readonly madeFor: string | null;
};

/** Looks at and changes what a pipeline stands on. */
export interface ProvisioningClient {
  /** Null when there is no such registry. */
  readonly registry: () => Promise<RegistryFacts | null>;
  /** Null when there is no such pipeline. */
  readonly pipeline: () => Promise<PipelineState | null>;
  /** Every pipeline of the registry, of both kinds. */
  readonly pipelines: () => Promise<readonly PipelineState[]>;
  /** Makes the pipeline so, new or not; the answer is final (recorded: pipelines are made at once). */
  readonly putPipeline: (wish: DesiredPipeline, location: string | null) => Promise<PipelineState>;
  readonly removePipeline: () => Promise<ChangeOutcome>;
  /** Object id of a user-assigned identity; null when there is none. */
  readonly principalOf: (identityId: string) => Promise<string | null>;

  /** Where a container is, found by its address in the pipeline's subscription. Throws ACRT3044. */
  readonly container: (containerUri: string) => Promise<ContainerResource>;
  readonly containerExists: (containerUri: string) => Promise<boolean>;
  readonly createContainer: (containerUri: string) => Promise<ChangeOutcome>;
  /** What a principal may do on a container by all of its roles; asked anew each time. */
  readonly blobRights: (principalId: string, containerUri: string) => Promise<Observation<BlobPermissions>>;
  /** Role assignments at exactly this scope. */
  readonly assignments: (scope: string) => Promise<readonly Assignment[]>;
  /** Throws ACRT3042 when this step may not assign roles. A principal that ARM does not know yet is waited for. */
  readonly assign: (order: AssignmentRequest) => Promise<ChangeOutcome>;
  readonly unassign: (assignmentId: string) => Promise<ChangeOutcome>;

  /** Where a secret is, found by its address in the pipeline's subscription. Throws ACRT3044. */
  readonly vault: (secretUri: string) => Promise<VaultResource>;
  /** Whether a principal may read a secret, by role or by access policy; asked anew each time. */
  readonly mayReadSecret: (principalId: string, secretUri: string) => Promise<Observation<boolean>>;
  /** Adds `get` of secrets to the vault's access policy of a principal. Throws ACRT3043 when this step may not. */
  readonly allowSecrets: (vault: VaultResource, principalId: string) => Promise<ChangeOutcome>;
  /** Takes `get` of secrets from the vault's access policy of a principal. */
  readonly disallowSecrets: (vault: VaultResource, principalId: string) => Promise<ChangeOutcome>;
  readonly secret: (secretUri: string) => Promise<Observation<SecretState>>;
  /** A new version of a secret, which ends with the SAS. One that was deleted softly is taken back first. Throws ACRT3048. */
  readonly storeSas: (secretUri: string, made: IssuedSas) => Promise<void>;
  readonly removeSecret: (secretUri: string) => Promise<ChangeOutcome>;

  /**
   * A SAS of the container, HTTPS only.
   * @param permissions letters of `sp`, in the order that storage wants
   * @throws ACRT3046 when there is no key to sign it with
   */
  readonly makeSas: (containerUri: string, permissions: string, life: SasLifetime) => Promise<IssuedSas>;
  /** Uses a SAS as the pipeline would: lists, as its permissions allow. Throws ACRT3047. */
  readonly trySas: (containerUri: string, made: IssuedSas) => Promise<void>;

  /** Runs of the registry, oldest first. */
  readonly runs: () => Promise<readonly RunFacts[]>;
  readonly removeRun: (name: string) => Promise<ChangeOutcome>;
}

/** The world that a setup takes place in. */
export interface ProvisioningContext {
  readonly estate: ProvisioningClient;
  /** Runs of the pipeline, for the trial. */
  readonly pipelineRuns: () => Promise<PipelineRuns>;
  readonly containerOf: (uri: string) => Promise<BlobContainer>;
  readonly registryOf: (loginServer: string) => Promise<Registry>;
  readonly clock: Clock;
  readonly onEvent: (event: ProvisioningEvent) => void;
  /** Aborts when the step is to end. */
  readonly signal: AbortSignal;
}
