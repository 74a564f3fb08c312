import type { Readable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import type { CloudSettings, LockOrder, ManifestEntry, RoleAssignment, StorageTraffic } from './description.ts';
import type { Service } from './fault-rule.ts';
import type { Interceptor } from './http.ts';
import type { PolicyList } from './policies.ts';
import type { RoleList } from './roles.ts';
import type { CertificateAuthority } from './tls.ts';

/** What the services of one cloud share. The seams between them: each service takes this and knows no other service's inside. */
export interface CloudContext {
  readonly side: 'source' | 'target';
  readonly authority: CertificateAuthority;
  readonly tenantId: string;
  /** A folder for the files of this cloud. Removed when the sandbox stops. */
  readonly folder: string;
  /** Always the present settings. */
  readonly settings: () => CloudSettings;
  /** Those that hold by now. */
  readonly roles: () => readonly RoleAssignment[];
  /** All that ARM knows, to be changed by it. */
  readonly assigned: RoleList;
  /** Of the vault. */
  readonly policies: PolicyList;
  /** Counts a service's requests and does the faults that are switched on for it. */
  readonly interceptor: (service: Service) => Interceptor;
  /** Keeps a secret that a client has shown in a body. */
  readonly noteSecret: (secret: string | null | undefined) => void;
}

/** Who a verified token speaks for. */
export interface Principal {
  readonly objectId: string;
  readonly clientId: string;
}

/** Entra, as the other services of the same cloud use it. */
export interface TokenService {
  readonly origin: string;
  /** Verifies signature, issuer, audience and time of the bearer token of a request. Throws HttpAnswer 401 in the service's own manner. */
  readonly verifyBearer: (request: IncomingMessage, audiences: readonly string[]) => Promise<Principal>;
  /** Verifies a token that came otherwise (registry exchange). Null when it does not hold. */
  readonly verifyToken: (token: string, audiences: readonly string[]) => Promise<Principal | null>;
  /** A token for a resource's own identity (a pipeline's). Audience without `/.default`. */
  readonly mintFor: (objectId: string, audience: string) => Promise<string>;
}

/** One OCI manifest as stored: exactly the bytes that were pushed. */
export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** The registry's content as the transfer engine sees it. Blobs lie on disk; nothing here holds a layer in memory. */
export interface RegistryStore {
  readonly manifest: (repository: string, reference: string) => StoredManifest | null;
  readonly putManifest: (repository: string, manifest: StoredManifest, tag?: string) => void;
  readonly hasBlob: (digest: string) => boolean;
  /** Bytes. */
  readonly blobSize: (digest: string) => number;
  readonly readBlob: (digest: string) => Readable;
  /** Writes and verifies; throws when the content does not have this digest. */
  readonly writeBlob: (repository: string, digest: string, content: Readable) => Promise<void>;
  /** Whether anything is stored under the repository's tag or digest. */
  readonly digestOf: (repository: string, reference: string) => string | null;
}

/** How a pipeline gets at its container. */
export type PipelineAccess =
  | { readonly kind: 'ManagedIdentity'; readonly principalId: string }
  | { readonly kind: 'SasToken'; readonly principalId: string; readonly secretUri: string };

/** What an export or import pipeline allows. Names as in the service. */
export type PipelineOption = 'OverwriteBlobs' | 'OverwriteTags' | 'DeleteSourceBlobOnSuccess' | 'ContinueOnErrors';

/** One run, as ARM hands it to the engine. */
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

/** What a run ends with. A failure is thrown as RunFailure instead. */
export interface RunOutcome {
  /** What was really imported: `repository:tag` or `repository@digest`. */
  readonly importedArtifacts: readonly string[];
  /** The list as the response has it; undefined: no such member. */
  readonly listed?: readonly string[] | null | undefined;
  /** `sha256:…` of the tar. */
  readonly catalogDigest: string;
  /** What ContinueOnErrors left out, one sentence each. */
  readonly leftOut?: readonly string[];
}

/** A run that fails: the message becomes pipelineRunErrorMessage. */
export class RunFailure extends Error {}

/** A blob that the source trigger would see. */
export interface TriggerBlob {
  readonly name: string;
  readonly etag: string;
}

/** The transfer service behind ARM. */
export interface TransferEngine {
  /** Throws RunFailure. */
  readonly run: (order: RunOrder) => Promise<RunOutcome>;
  /** Blobs in the container that satisfy the trigger's conditions (MD5, metadata, age, List right). Empty when it has no access. */
  readonly triggerBlobs: (containerUri: string, access: PipelineAccess) => Promise<readonly TriggerBlob[]>;
}

/** A started service. */
export interface RunningService {
  /** `https://127.0.0.1:PORT` */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** The registry: the OCI API and ACR's own, over one store. */
export interface RegistryService extends RunningService {
  readonly store: RegistryStore;
  /** Puts manifests past the API and past the check for what they name; returns their digests. Throws HttpAnswer 400. */
  readonly putManifests: (entries: readonly ManifestEntry[]) => readonly string[];
  /** Locks a tag or a manifest, or unlocks it. */
  readonly lock: (order: LockOrder) => void;
}

/** The storage account: Azurite in a process of its own, behind the front at `origin`. */
export interface StorageService extends RunningService {
  readonly account: string;
  readonly key: string;
  /** `${origin}/${account}` */
  readonly endpoint: string;
  readonly traffic: () => StorageTraffic;
  readonly resetTraffic: () => void;
}
