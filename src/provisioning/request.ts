/** The provisioning request: everything that the inputs of setup define. */
import type { PipelineId } from '../transfer/model/pipeline-id.ts';
import type { SideRequest } from '../transfer/model/request.ts';
import type { PipelineAccess } from '../transfer/ports/pipelines.ts';

/** The managed identity of a pipeline. */
export type PipelineIdentity =
  | { readonly kind: 'system' }
  /** Resource ID of a user-assigned identity. */
  | { readonly kind: 'user'; readonly resourceId: string };

/** The desired state of a pipeline. */
export interface DesiredPipeline {
  /** Without a trailing slash. */
  readonly containerUri: string;
  readonly identity: PipelineIdentity;
  readonly access: PipelineAccess;
  readonly options: readonly string[];
  /** Null for export pipelines. */
  readonly sourceTrigger: 'enabled' | 'disabled' | null;
}

/** Key and lifetime of a SAS. */
export interface SasLifetime {
  /** At most 7 with a user delegation key. */
  readonly days: number;
  readonly key: 'user-delegation' | 'account-key';
}

/** Terms that apply to every provisioning request. */
export interface ProvisioningTerms {
  readonly pipeline: PipelineId;
  /** Sign-in of this step. It has no SAS. */
  readonly side: SideRequest;
  /** Report the changes without applying them. */
  readonly dryRun: boolean;
  /** Time limit until the pipeline works. */
  readonly timeoutMinutes: number;
}

/** Sets up a pipeline and the resources that it needs. */
export type EnsureRequest = ProvisioningTerms & {
  readonly state: 'present';
  readonly desired: DesiredPipeline;
  readonly life: SasLifetime;
};

/** Renews the SAS of an existing pipeline. */
export type RotateRequest = ProvisioningTerms & { readonly state: 'rotate'; readonly life: SasLifetime };

/** Removes the resources that setup created. */
export type TeardownRequest = ProvisioningTerms & {
  readonly state: 'absent';
  /** Whether to remove the transfer blobs of the container too. */
  readonly deleteBlobs: boolean;
};

/** A provisioning request. */
export type ProvisioningRequest = EnsureRequest | RotateRequest | TeardownRequest;
