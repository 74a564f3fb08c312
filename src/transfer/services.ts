/**
 * The services as the domain sees them. `azure/` implements these interfaces; nothing here speaks of an SDK.
 * Every method may throw a Failure of the classes 2xxx (sign-in, network), 3002 (rights) and those it names.
 */
import type { Inspector, NetworkRules } from './inspection.ts';
import type { RunArchive } from './leftovers/runs.ts';
import type { PipelineId } from './pipeline-id.ts';
import type { BlobContainer } from './storage.ts';

/** A cloud, a credential, a registry, a pipeline, a storage container. */
export type Side = 'source' | 'target';

/** Content that a manifest names, in bytes. */
export interface Content {
  readonly digest: string;
  readonly size: number;
}

/** One manifest as a registry serves it; its digest was computed from the bytes that arrived. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes of the manifest itself. */
  readonly size: number;
  /** Config and layers. */
  readonly content: readonly Content[];
  /** Digests of the manifests that an index lists. */
  readonly children: readonly string[];
  /** Digest of the manifest that this one refers to (OCI image specification 1.1, `subject`); null when it refers to none. */
  readonly subject: string | null;
  /** Digests of layers that registries elsewhere hold (foreign, non-distributable), which the service does not carry. */
  readonly foreign: readonly string[];
}

/** One manifest as a repository's listing tells of it, without its content. */
export interface ListedManifest {
  readonly digest: string;
  /** Null when the registry does not say. */
  readonly mediaType: string | null;
  /** Bytes of config and layers, as the registry tells; null when it does not say. */
  readonly size: number | null;
  readonly tags: readonly string[];
  readonly locks: Locks;
}

/** One tag as a repository's listing tells of it. */
export interface ListedTag {
  readonly name: string;
  readonly digest: string;
  /** When it was last pushed or moved, milliseconds since the epoch. */
  readonly pushedAt: number;
  readonly locks: Locks;
}

/** The repositories of a registry. Listing them is a right of its own where roles are given by repository (ABAC). */
export type Catalog =
  | { readonly kind: 'listed'; readonly names: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** What may be done with a tag or a manifest. */
export interface Locks {
  readonly readable: boolean;
  readonly writable: boolean;
  /** Held back until a scanner has passed it. */
  readonly quarantined: boolean;
}

/** A registry's data plane. Every method throws ACRT6004 when the registry cannot be read. */
export interface Registry {
  readonly loginServer: string;
  /** The manifest by tag or digest; null when it is not there. */
  readonly manifest: (repository: string, tagOrDigest: string) => Promise<Manifest | null>;
  /** Names of all repositories, or why the principal may not list them. */
  readonly repositories: () => Promise<Catalog>;
  /** Every manifest of a repository, tagged or not; null when there is no such repository. */
  readonly manifests: (repository: string) => Promise<readonly ListedManifest[] | null>;
  /** Every tag of a repository, with its time; null when there is no such repository. */
  readonly tags: (repository: string) => Promise<readonly ListedTag[] | null>;
  /** Digests of the manifests whose `subject` is this digest. */
  readonly referrers: (repository: string, digest: string) => Promise<readonly string[]>;
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
export type RunOrder =
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
  readonly start: (name: string, order: RunOrder, again: boolean) => Promise<PipelineRun>;
  /**
   * Runs that the source trigger of this pipeline made for a blob, newest last.
   * @param containerUri of the blob, without SAS
   */
  readonly triggered: (blob: string, containerUri: string) => Promise<readonly PipelineRun[]>;
}

/** Everything one side offers, signed in lazily: a side that only lends a container by SAS needs no credential. */
export interface SideServices {
  /** Null when there is no such pipeline. */
  readonly pipeline: (id: PipelineId) => Promise<PipelineFacts | null>;
  /** Null when there is no such registry. */
  readonly registryFacts: (id: PipelineId) => Promise<RegistryFacts | null>;
  readonly registry: (loginServer: string) => Promise<Registry>;
  readonly runs: (id: PipelineId) => Promise<PipelineRuns>;
  /** Runs that have ended, to be removed. */
  readonly archive: (id: PipelineId) => Promise<RunArchive>;
  readonly container: (uri: string) => Promise<BlobContainer>;
  /** Where people see this cloud in a browser (`https://portal.azure.com`); null when nobody knows. Never throws. */
  readonly portal: () => Promise<string | null>;
  /** What preflight looks around with. */
  readonly inspector: (id: PipelineId) => Inspector;
}

/** Time, so that waiting can be tested without waiting. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after that many seconds, or rejects when the signal aborts. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
}
