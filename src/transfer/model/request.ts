/** The request: everything that the inputs of a transfer define. */
import type { PipelineId } from './pipeline-id.ts';
import type { SelectionLine } from './selection.ts';
import type { Shard } from './shard.ts';

/** How a side signs in. */
export type IdentityRequest =
  | {
      readonly kind: 'oidc';
      readonly tenantId: string;
      readonly clientId: string;
      /** Audience of the id-token; null: the default of the cloud. */
      readonly audience: string | null;
    }
  | { readonly kind: 'secret'; readonly tenantId: string; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'managed-identity'; readonly clientId: string }
  /** The credential of the job: environment, workload identity, managed identity, az login. */
  | { readonly kind: 'ambient' };

/** One side, as the inputs define it. */
export interface SideRequest {
  /** Name of a known cloud, or the ARM endpoint of a custom cloud. */
  readonly cloud: string;
  readonly identity: IdentityRequest;
  /** Hosts that get tokens although they don't have a suffix of the cloud: `host`, `host:port`, or `*.domain`. */
  readonly allowedHosts: readonly string[];
  /** Container SAS without `?`; null: sign in. */
  readonly sas: string | null;
}

/** A container, by its URI or by the pipeline that uses it. */
export type ContainerLocation =
  { readonly kind: 'uri'; readonly uri: string } | { readonly kind: 'pipeline'; readonly pipeline: PipelineId };

/** Source or target of a handoff: a container, or a directory on a medium that crosses the air gap. */
export type HandoffLocation = ContainerLocation | { readonly kind: 'directory'; readonly path: string };

/** The transfer blobs that `handoff` and `import` process. */
export type HandedOverSource =
  | {
      readonly kind: 'manifest';
      /** Name of a blob in the container of the transfer blobs. If `named`, also a path of a file. */
      readonly place: string;
      /** Whether the input `manifest` names it. Files are read only in this case. */
      readonly named: boolean;
      /** The transfer name that the manifest must have; null: any. */
      readonly transferName: string | null;
      /** Login servers of the registries whose manifests are accepted; empty: any. */
      readonly allowedSources: readonly string[];
    }
  | { readonly kind: 'blobs'; readonly names: readonly string[] };

/** How imports start. */
export type ImportBy = 'run' | 'trigger';

/** The baseline that the source is compared with, so that only new and changed artifacts are transferred. */
export type Incremental =
  | { readonly kind: 'off' }
  | { readonly kind: 'target' }
  | {
      readonly kind: 'receipt';
      /** Files, or blobs in the source container; empty: all receipts in that container. */
      readonly places: readonly string[];
    }
  | { readonly kind: 'history' };

/** How the plan is created: from a selection, or from an approved plan. */
export type PlanSource =
  | {
      readonly kind: 'new';
      readonly selection: readonly SelectionLine[];
      readonly incremental: Incremental;
      readonly includeReferrers: boolean;
    }
  | {
      readonly kind: 'approved';
      /** A file. */
      readonly place: string;
      readonly onDrift: OnDrift;
      /** The shard to execute; null: the whole plan. */
      readonly shard: Shard | null;
    };

/** What to do if the source has changed since the plan was created. */
export type OnDrift = 'stop' | 'continue';

/** Terms that apply to every mode. */
export interface Terms {
  /** Prefix of the blob names. */
  readonly transferName: string;
  /** 1 to 50. */
  readonly artifactsPerRun: number;
  /** Concurrent runs on each side. */
  readonly parallelRuns: number;
  /** Start no more batches after the first failure. */
  readonly failFast: boolean;
  readonly timeoutMinutes: number;
  /** Clean up after transfers that are older than this number of days; null: no cleanup. */
  readonly cleanupDays: number | null;
}

/** Terms of an export. */
export interface ExportPart {
  readonly source: SideRequest;
  readonly exportPipeline: PipelineId;
  readonly sourceContainer: ContainerLocation;
  readonly order: PlanSource;
  /** Stop after planning. */
  readonly dryRun: boolean;
  /** Limit of the blob size, bytes; null: no limit. */
  readonly maxBlobBytes: number | null;
  /** ARM resource ID of the target registry; null if this side doesn't know it. */
  readonly destination: string | null;
}

/** Terms of an import. */
export interface ImportPart {
  readonly target: SideRequest;
  readonly importPipeline: PipelineId;
  readonly targetContainer: ContainerLocation;
  readonly importBy: ImportBy;
  readonly verify: boolean;
}

/** Terms of a handoff. */
export interface HandoffPart {
  /** `server`: the target storage copies; `stream`: copies through the runner; `auto`: `server` if possible. */
  readonly method: 'auto' | 'server' | 'stream';
  /** Whether to replace an existing blob with different content. */
  readonly overwrite: boolean;
  /** Access tier at the target; `source`: the tier of the source blob; null: the default of the account. */
  readonly tier: string | null;
  /** Bytes per second; null: no limit. */
  readonly bandwidth: number | null;
  /** Limit of the blob size, bytes; null: no limit. */
  readonly maxBlobBytes: number | null;
}

/** Plans, exports, and writes the transfer manifest to the source container. */
export type ExportRequest = Terms & ExportPart & { readonly mode: 'export' };

/** Copies transfer blobs and manifest between containers. */
export type HandoffRequest = Terms & {
  readonly mode: 'handoff';
  readonly source: SideRequest;
  readonly target: SideRequest;
  readonly sourceContainer: HandoffLocation;
  readonly targetContainer: HandoffLocation;
  /** ARM resource ID of the target registry; null if this step doesn't know it. */
  readonly destination: string | null;
  readonly intake: HandedOverSource;
  readonly handoff: HandoffPart;
};

/** Imports transfer blobs, verifies, and writes the receipt. */
export type ImportRequest = Terms & ImportPart & { readonly mode: 'import'; readonly intake: HandedOverSource };

/** Export, handoff and import in one job. */
export type FullRequest = Terms & ExportPart & ImportPart & { readonly mode: 'full'; readonly handoff: HandoffPart };

/** A request that transfers artifacts or blobs. */
export type MovingRequest = ExportRequest | HandoffRequest | ImportRequest | FullRequest;

/** Preflight only: checks everything that another request needs, and starts nothing. */
export type DoctorRequest = Terms & { readonly mode: 'doctor'; readonly examined: MovingRequest };

/** A request. Impossible combinations of inputs don't compile. */
export type TransferRequest = MovingRequest | DoctorRequest;

/** The modes. */
export type Mode = TransferRequest['mode'];
