/**
 * Registry, pipelines and pipeline runs in ARM.
 *
 * `azure/` implements these interfaces. Every method can throw errors of the range 2xxx (sign-in, network), ACRT3002
 * (permissions), and those that it documents.
 */
import type { NetworkRules } from './access-inspector.ts';

/** Facts of a pipeline run for the cleanup. */
export interface RunFacts {
  readonly name: string;
  readonly pipelineId: string;
  readonly ended: boolean;
  /** Milliseconds since the epoch; null if the service doesn't report it. */
  readonly startedAt: number | null;
}

/** The pipeline runs of a registry, for the cleanup. */
export interface RunArchive {
  /** All runs of all pipelines. */
  readonly list: () => Promise<readonly RunFacts[]>;
  /** Removes a run that has ended. Its artifacts are not removed. */
  readonly remove: (name: string) => Promise<void>;
}

/** A registry as ARM describes it. */
export interface RegistryFacts {
  readonly loginServer: string;
  readonly sku: string;
  /** False only if exportPolicy is disabled. */
  readonly exportsAllowed: boolean;
  /** Null if ARM doesn't report it. */
  readonly network: NetworkRules | null;
}

/** How a pipeline accesses its container. */
export type PipelineAccess =
  | { readonly kind: 'identity' }
  | { readonly kind: 'sas'; /** URI of the Key Vault secret. */ readonly secretUri: string };

/** A pipeline as ARM describes it. */
export interface PipelineFacts {
  readonly provisioningState: string;
  /** URI of its container. */
  readonly containerUri: string;
  /** Object ID of its managed identity; null if it has none. */
  readonly principalId: string | null;
  readonly access: PipelineAccess;
  /** `OverwriteBlobs`, `OverwriteTags`, `DeleteSourceBlobOnSuccess`, `ContinueOnErrors`. */
  readonly options: readonly string[];
  /** Null for export pipelines. */
  readonly sourceTrigger: 'enabled' | 'disabled' | null;
}

/** State of a run that has succeeded. */
export interface SucceededState {
  readonly kind: 'succeeded';
  /**
   * The artifacts that an import reports as imported, as the service spells them (service spec: `repository`,
   * `repository:tag`, or `repository@digest`). Null if it returns no list.
   */
  readonly importedArtifacts: readonly string[] | null;
  /** Error message of a run that has succeeded nevertheless (`ContinueOnErrors`); absent if there is none. */
  readonly errorMessage?: string;
}

/** State of a pipeline run. */
export type RunState =
  | {
      readonly kind: 'running';
      /** 0 to 100; null if the service doesn't report it. */ readonly percentage: number | null;
      /**
       * The state that the run has if it has ended. Present if provisioningState is Succeeded and response.status is blank or
       * absent, so that it isn't known whether the run has ended.
       */
      readonly unconfirmed?: SucceededState;
    }
  | SucceededState
  | { readonly kind: 'failed'; readonly reason: string };

/** A pipeline run as the service last reported it. */
export interface PipelineRun {
  readonly name: string;
  /** Name or URI of its blob; null if the service doesn't report it. */
  readonly blob: string | null;
  readonly state: RunState;
  /** Retry-After, 0 to 120 seconds: the delay before the next poll. */
  readonly retryAfterSeconds: number | null;
  readonly correlationId: string | null;
  /** Milliseconds since the epoch; null if the service doesn't report it. */
  readonly startedAt: number | null;
  /** The same for the end; absent if it hasn't ended, or the service doesn't report it. */
  readonly endedAt?: number;
}

/** The request of a run. */
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
  /** Null if the run doesn't exist. */
  readonly find: (name: string) => Promise<PipelineRun | null>;
  /**
   * Starts a run. The response can already be final, including failed. Throws ACRT4006 if ARM rejects the run.
   * @param again starts the run even if a run with this name and request has ended before
   */
  readonly start: (name: string, order: RunRequest, again: boolean) => Promise<PipelineRun>;
  /** All runs of this pipeline, in any order: those of the action, of users, and of the source trigger. */
  readonly list: () => Promise<readonly PipelineRun[]>;
}
