import type { Readable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import type { CloudSettings, LockOrder, ManifestEntry, RoleAssignment, StorageTraffic } from './description.ts';
import type { Service } from './fault-rule.ts';
import type { Interceptor } from './http.ts';
import type { PolicyList } from './policies.ts';
import type { RoleList } from './roles.ts';
import type { CertificateAuthority } from './tls.ts';

/** The interfaces between the services of one cloud. A service knows only these, and no internals of another service. */
export interface CloudContext {
  readonly side: 'source' | 'target';
  readonly authority: CertificateAuthority;
  readonly tenantId: string;
  /** A folder for the files of this cloud. Removed when the sandbox stops. */
  readonly folder: string;
  /** Always the current settings. */
  readonly settings: () => CloudSettings;
  /** Roles that apply now. */
  readonly roles: () => readonly RoleAssignment[];
  /** All roles in ARM, which ARM can change. */
  readonly assigned: RoleList;
  /** Policies of the vault. */
  readonly policies: PolicyList;
  /** Counts the requests of a service, and applies the faults of that service. */
  readonly interceptor: (service: Service) => Interceptor;
  /** Records a secret that a client has sent in a body. */
  readonly noteSecret: (secret: string | null | undefined) => void;
}

/** The principal of a verified token. */
export interface Principal {
  readonly objectId: string;
  readonly clientId: string;
}

/** Entra, for the other services of the same cloud. */
export interface TokenService {
  readonly origin: string;
  /**
   * Verifies signature, issuer, audience and time of the bearer token of a request. Throws HttpAnswer 401 in the form of the
   * service.
   */
  readonly verifyBearer: (request: IncomingMessage, audiences: readonly string[]) => Promise<Principal>;
  /** Verifies a token from another place (registry exchange). Null if it is invalid. */
  readonly verifyToken: (token: string, audiences: readonly string[]) => Promise<Principal | null>;
  /** A token for the identity of a resource (a pipeline). Audience without `/.default`. */
  readonly mintFor: (objectId: string, audience: string) => Promise<string>;
}

/** One OCI manifest as stored, with the exact bytes of its push. */
export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** The registry's content for the transfer engine. Blobs are on disk, so no layer is in memory. */
export interface RegistryStore {
  readonly manifest: (repository: string, reference: string) => StoredManifest | null;
  readonly putManifest: (repository: string, manifest: StoredManifest, tag?: string) => void;
  readonly hasBlob: (digest: string) => boolean;
  /** Bytes. */
  readonly blobSize: (digest: string) => number;
  readonly readBlob: (digest: string) => Readable;
  /** Writes and verifies. Throws if the content has another digest. */
  readonly writeBlob: (repository: string, digest: string, content: Readable) => Promise<void>;
  /** Whether the repository contains the tag or digest. */
  readonly digestOf: (repository: string, reference: string) => string | null;
}

/** The access of a pipeline to its container. */
export type PipelineAccess =
  | { readonly kind: 'ManagedIdentity'; readonly principalId: string }
  | { readonly kind: 'SasToken'; readonly principalId: string; readonly secretUri: string };

/** Options of an export or import pipeline, with the names of the service. */
export type PipelineOption = 'OverwriteBlobs' | 'OverwriteTags' | 'DeleteSourceBlobOnSuccess' | 'ContinueOnErrors';

/** One run, as ARM passes it to the engine. */
export interface RunOrder {
  readonly kind: 'export' | 'import';
  readonly containerUri: string;
  readonly access: PipelineAccess;
  readonly options: readonly PipelineOption[];
  readonly blobName: string;
  /** `repository:tag` or `repository@digest`; empty for an import of everything in the blob. */
  readonly artifacts: readonly string[];
  /** 0 to 100. */
  readonly progress: (percentage: number) => void;
}

/** The result of a run. A failure is thrown as RunFailure. */
export interface RunOutcome {
  /** The imported artifacts: `repository:tag` or `repository@digest`. */
  readonly importedArtifacts: readonly string[];
  /** The list in the response. Undefined: the member is absent. */
  readonly listed?: readonly string[] | null | undefined;
  /** `sha256:…` of the tar. */
  readonly catalogDigest: string;
  /** Artifacts that ContinueOnErrors skipped, one sentence each. */
  readonly leftOut?: readonly string[];
}

/** A failed run. The message becomes pipelineRunErrorMessage. */
export class RunFailure extends Error {}

/** A blob that the source trigger sees. */
export interface TriggerBlob {
  readonly name: string;
  readonly etag: string;
}

/** The transfer service behind ARM. */
export interface TransferEngine {
  /** Throws RunFailure. */
  readonly run: (order: RunOrder) => Promise<RunOutcome>;
  /** Blobs in the container that meet the conditions of the trigger (MD5, metadata, age, List permission). Empty without access. */
  readonly triggerBlobs: (containerUri: string, access: PipelineAccess) => Promise<readonly TriggerBlob[]>;
}

/** A started service. */
export interface RunningService {
  /** `https://127.0.0.1:PORT` */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** The registry: the OCI API and ACR's own API, over one store. */
export interface RegistryService extends RunningService {
  readonly store: RegistryStore;
  /** Stores manifests without the API and without a check of their content. Returns their digests. Throws HttpAnswer 400. */
  readonly putManifests: (entries: readonly ManifestEntry[]) => readonly string[];
  /** Locks a tag or a manifest, or unlocks it. */
  readonly lock: (order: LockOrder) => void;
}

/** The storage account: Azurite in its own process, behind the front end at `origin`. */
export interface StorageService extends RunningService {
  readonly account: string;
  readonly key: string;
  /** `${origin}/${account}` */
  readonly endpoint: string;
  readonly traffic: () => StorageTraffic;
  readonly resetTraffic: () => void;
}
