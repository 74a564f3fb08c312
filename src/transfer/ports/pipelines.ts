/**
 * Registry, pipelines and pipeline runs as ARM has them.
 *
 * The services as the domain sees them. `azure/` implements these interfaces; nothing here speaks of an SDK.
 * Every method may throw a Failure of the classes 2xxx (sign-in, network), 3002 (rights) and those it names.
 */
import type { NetworkRules } from './access-inspector.ts';

/** A pipeline run, as far as it matters for removing it. */
export interface RunFacts {
  readonly name: string;
  readonly pipelineId: string;
  readonly ended: boolean;
  /** Milliseconds since the epoch; null when the service does not say. */
  readonly startedAt: number | null;
}

/** The runs of a registry, to be removed. */
export interface RunArchive {
  /** All of them, of every pipeline. */
  readonly list: () => Promise<readonly RunFacts[]>;
  /** Removes a run that has ended; the artifacts that it moved stay. */
  readonly remove: (name: string) => Promise<void>;
}

/** A registry as ARM describes it. */
export interface RegistryFacts {
  readonly loginServer: string;
  readonly sku: string;
  /** False only when exportPolicy says disabled. */
  readonly exportsAllowed: boolean;
  /** Null when ARM does not say. */
  readonly network: NetworkRules | null;
}

/** How a pipeline reaches its container. */
export type PipelineAccess =
  { readonly kind: 'identity' } | { readonly kind: 'sas'; /** Of Key Vault. */ readonly secretUri: string };

/** A pipeline as ARM describes it. */
export interface PipelineFacts {
  readonly provisioningState: string;
  /** URI of its container. */
  readonly containerUri: string;
  /** Object id of its managed identity; null when it has none. */
  readonly principalId: string | null;
  readonly access: PipelineAccess;
  /** `OverwriteBlobs`, `OverwriteTags`, `DeleteSourceBlobOnSuccess`, `ContinueOnErrors`. */
  readonly options: readonly string[];
  /** Of import pipelines; null for the others. */
  readonly sourceTrigger: 'enabled' | 'disabled' | null;
}

/** How far a pipeline run is. */
export type RunState =
  | {
      readonly kind: 'running';
      /** 0 to 100; null when the service does not say. */ readonly percentage: number | null;
    }
  | { readonly kind: 'succeeded'; readonly importedArtifacts: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** A pipeline run at one moment. */
export interface PipelineRun {
  readonly name: string;
  /** The blob it writes or reads, by name or by URI; null when the service does not echo it. */
  readonly blob: string | null;
  readonly state: RunState;
  /** What the service asked to wait before the next look, seconds. */
  readonly retryAfterSeconds: number | null;
  readonly correlationId: string | null;
  /** Milliseconds since the epoch; null when the service does not say. */
  readonly startedAt: number | null;
}

/** What a run is to do. */
export type RunRequest =
  | {
      readonly kind: 'export';
      readonly blob: string;
      /** At most 50, `repository:tag` or `repository@digest`. */
      readonly artifacts: readonly string[];
    }
  | { readonly kind: 'import'; readonly blob: string };

/** The pipeline runs of one pipeline. */
export interface PipelineRuns {
  /** Null when there is no such run. */
  readonly find: (name: string) => Promise<PipelineRun | null>;
  /**
   * Starts a run. The answer may already be final, failed too. Throws ACRT4006 when ARM refuses it.
   * @param again starts it although a run with this name and order has ended before
   */
  readonly start: (name: string, order: RunRequest, again: boolean) => Promise<PipelineRun>;
  /**
   * Runs that the source trigger of this pipeline made for a blob, newest last.
   * @param containerUri of the blob, without SAS
   */
  readonly triggered: (blob: string, containerUri: string) => Promise<readonly PipelineRun[]>;
}
