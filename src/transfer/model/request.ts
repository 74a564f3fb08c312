import type { PipelineId } from './pipeline-id.ts';
import type { SelectionLine } from './selection.ts';
import type { Shard } from './shard.ts';

/** How a side signs in. */
export type IdentityRequest =
  | {
      readonly kind: 'oidc';
      readonly tenantId: string;
      readonly clientId: string;
      /** Audience of the id-token; null: the cloud's own. */
      readonly audience: string | null;
    }
  | { readonly kind: 'secret'; readonly tenantId: string; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'managed-identity'; readonly clientId: string }
  /** What the job already has: environment, workload identity, az login. */
  | { readonly kind: 'ambient'; readonly tenantId: string | null };

/** One side, as the user describes it. */
export interface SideRequest {
  /** A known cloud's name, or the ARM endpoint of any other. */
  readonly cloud: string;
  readonly identity: IdentityRequest;
  /** Container SAS without `?`, for the handoff where roles cannot be had; null: sign in. */
  readonly sas: string | null;
}

/** Where a container is known from. */
export type ContainerLocation =
  { readonly kind: 'uri'; readonly uri: string } | { readonly kind: 'pipeline'; readonly pipeline: PipelineId };

/** What a handoff goes from or to: a container, or a directory that crosses the gap as a medium. */
export type HandoffLocation = ContainerLocation | { readonly kind: 'directory'; readonly path: string };

/** What `handoff` and `import` take up. */
export type HandedOverSource =
  | {
      readonly kind: 'manifest';
      /** A file, or a blob beside the transfer blobs. */
      readonly place: string;
    }
  | { readonly kind: 'blobs'; readonly names: readonly string[] };

/** How imports are started. */
export type ImportBy = 'run' | 'trigger';

/** What the source is compared with, so that only what is new travels. */
export type Incremental =
  | { readonly kind: 'off' }
  | { readonly kind: 'target' }
  | {
      readonly kind: 'receipt';
      /** Files, or blobs in the source container; none: every receipt in that container. */
      readonly places: readonly string[];
    }
  | { readonly kind: 'history' };

/** Where the plan comes from. */
export type PlanSource =
  | {
      readonly kind: 'make';
      readonly selection: readonly SelectionLine[];
      readonly incremental: Incremental;
      readonly includeReferrers: boolean;
    }
  | {
      readonly kind: 'given';
      /** A file. */
      readonly place: string;
      readonly onDrift: OnDrift;
      /** The share that is carried out; null: all of it. */
      readonly shard: Shard | null;
    };

/** What to do when the source has moved since a plan was made. */
export type OnDrift = 'stop' | 'continue';

/** What every mode has. */
export interface Terms {
  /** Prefix of blob names. */
  readonly transferName: string;
  /** 1 to 50. */
  readonly artifactsPerRun: number;
  /** Runs at a time on each side. */
  readonly parallelRuns: number;
  /** Stop starting batches after the first failure. */
  readonly failFast: boolean;
  readonly timeoutMinutes: number;
  /** Remove what transfers have left that are older than so many days; null: nothing. */
  readonly cleanupDays: number | null;
}

/** What leaves. */
export interface ExportPart {
  readonly source: SideRequest;
  readonly exportPipeline: PipelineId;
  readonly sourceContainer: ContainerLocation;
  readonly order: PlanSource;
  /** Stop after the plan. */
  readonly dryRun: boolean;
  /** Bytes of one blob at most; null: no limit. */
  readonly maxBlobBytes: number | null;
  /** ARM resource ID of the registry that it is meant for; null when that is not known on this side. */
  readonly destination: string | null;
}

/** What arrives. */
export interface ImportPart {
  readonly target: SideRequest;
  readonly importPipeline: PipelineId;
  readonly targetContainer: ContainerLocation;
  readonly importBy: ImportBy;
  readonly verify: boolean;
}

/** How transfer blobs are carried. */
export interface HandoffPart {
  /** `server`: the target storage fetches them; `stream`: through the runner; `auto`: the first, if it can be. */
  readonly method: 'auto' | 'server' | 'stream';
  /** Whether a blob that is there and differs is replaced. */
  readonly overwrite: boolean;
  /** Access tier at the target; `source`: the one that the blob has there; null: the account's own. */
  readonly tier: string | null;
  /** Bytes a second; null: no limit. */
  readonly bandwidth: number | null;
  /** Bytes of one blob at most; null: no limit. */
  readonly maxBlobBytes: number | null;
}

/** Plan, export, write the transfer manifest beside the blobs. */
export type ExportRequest = Terms & ExportPart & { readonly mode: 'export' };

/** Carry transfer blobs and manifest between containers. */
export type HandoffRequest = Terms & {
  readonly mode: 'handoff';
  readonly source: SideRequest;
  readonly target: SideRequest;
  readonly sourceContainer: HandoffLocation;
  readonly targetContainer: HandoffLocation;
  readonly intake: HandedOverSource;
  readonly handoff: HandoffPart;
};

/** Take up what was handed over, verify, write the receipt. */
export type ImportRequest = Terms & ImportPart & { readonly mode: 'import'; readonly intake: HandedOverSource };

/** All of it. */
export type FullRequest = Terms & ExportPart & ImportPart & { readonly mode: 'full'; readonly handoff: HandoffPart };

/** A request that moves something. */
export type MovingRequest = ExportRequest | HandoffRequest | ImportRequest | FullRequest;

/** Preflight alone: everything is checked that a request needs, and nothing is started. */
export type DoctorRequest = Terms & { readonly mode: 'doctor'; readonly examined: MovingRequest };

/** What the user asked for; impossible combinations do not compile. */
export type TransferRequest = MovingRequest | DoctorRequest;

/** The modes. */
export type Mode = TransferRequest['mode'];
