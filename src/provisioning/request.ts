/** Request. */
import type { PipelineId } from '../transfer/model/pipeline-id.ts';
import type { SideRequest } from '../transfer/model/request.ts';
import type { PipelineAccess } from '../transfer/ports/pipelines.ts';

/** What a pipeline signs in with. */
export type PipelineIdentity =
  | { readonly kind: 'system' }
  /** Resource ID of a user-assigned identity. */
  | { readonly kind: 'user'; readonly resourceId: string };

/** How a pipeline is to be. */
export interface DesiredPipeline {
  /** Without a slash at its end. */
  readonly containerUri: string;
  readonly identity: PipelineIdentity;
  readonly access: PipelineAccess;
  readonly options: readonly string[];
  /** Null for export pipelines, which have none. */
  readonly sourceTrigger: 'enabled' | 'disabled' | null;
}

/** What a SAS is signed with, and how long it lives. */
export interface SasLifetime {
  /** At most 7 with a user delegation key. */
  readonly days: number;
  readonly key: 'user-delegation' | 'account-key';
}

/** What every setup has. */
export interface ProvisioningTerms {
  readonly pipeline: PipelineId;
  /** How this step signs in; without a SAS. */
  readonly side: SideRequest;
  /** Say what would change, and change nothing. */
  readonly dryRun: boolean;
  /** How long to wait until the pipeline works. */
  readonly timeoutMinutes: number;
}

/** Everything that the pipeline needs is there and fits. */
export type EnsureRequest = ProvisioningTerms & {
  readonly state: 'present';
  readonly wish: DesiredPipeline;
  readonly life: SasLifetime;
};

/** The SAS of a pipeline that exists lives on. */
export type RotateRequest = ProvisioningTerms & { readonly state: 'rotate'; readonly life: SasLifetime };

/** What setup has made is gone again. */
export type TeardownRequest = ProvisioningTerms & {
  readonly state: 'absent';
  /** Whether the transfer blobs of the container go too. */
  readonly deleteBlobs: boolean;
};

/** What the user asked for. */
export type ProvisioningRequest = EnsureRequest | RotateRequest | TeardownRequest;
