import type { Service } from './fault-rule.ts';
import type { ListForm } from './list-forms.ts';

/**
 * What a running sandbox tells about itself: written to `.sandbox/sandbox.json`, and all that a client of the sandbox knows.
 * URLs are origins without a trailing slash.
 */
export interface SandboxDescription {
  readonly pid: number;
  /** Every process of the sandbox, the one above included. */
  readonly pids: readonly number[];
  /** PEM file with the CAs of both clouds and of the id-token issuer: for NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
  readonly control: { readonly url: string; readonly key: string };
  /** The id-token service of the runner: set as ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  readonly github: {
    readonly issuer: string;
    readonly requestUrl: string;
    readonly requestToken: string;
    /** Of the tokens of a job that says nothing of itself. */
    readonly subject: string;
  };
  readonly source: CloudDescription;
  readonly target: CloudDescription;
}

/** One cloud. */
export interface CloudDescription {
  /** PEM file with the CA of this cloud alone. */
  readonly caFile: string;
  /** Its ARM endpoint: the value of `source-cloud` or `target-cloud`. */
  readonly arm: string;
  readonly entra: string;
  readonly vault: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly registry: { readonly id: string; readonly name: string; readonly loginServer: string };
  readonly storage: {
    readonly account: string;
    /** Base64 account key. */
    readonly key: string;
    /** `https://127.0.0.1:PORT/ACCOUNT` (path style). */
    readonly endpoint: string;
    /** The container of the pipelines. */
    readonly containerUri: string;
    /** SAS of that container with every right, without `?`. */
    readonly containerSas: string;
  };
  /** An app registration with a secret and a federated credential for the runner's id-token; holds every role it needs. */
  readonly client: { readonly clientId: string; readonly clientSecret: string; readonly objectId: string };
  /** A user-assigned identity, reached as App Service hands it out: IDENTITY_ENDPOINT and IDENTITY_HEADER. */
  readonly managedIdentity: {
    /** Resource ID, for pipelines. */
    readonly resourceId: string;
    readonly endpoint: string;
    readonly header: string;
    readonly clientId: string;
    readonly objectId: string;
  };
  /** Resource IDs: export pipelines on `source`, import pipelines on `target`. */
  readonly pipelines: { readonly managedIdentity: string; readonly sasToken: string };
}

/** The two sides. */
export type Side = 'source' | 'target';

/** What can be changed while a cloud runs: `PATCH {control.url}/clouds/SIDE/settings` with any part of it. */
export interface CloudSettings {
  readonly runs: {
    /** `operation`: 201 with Azure-AsyncOperation; `body`: 201 without, the client looks at the run. */
    readonly style: 'operation' | 'body';
    /** Retry-After of answers that speak of an unfinished run, seconds; null: no such header. */
    readonly retryAfterSeconds: number | null;
    /** How long a run takes at least: the k-th run started takes the k-th value, seconds; the last one repeats. */
    readonly seconds: readonly number[];
    /** The PUT of a run answers 200 with a run that has failed, with this pipelineRunErrorMessage; null: off. */
    readonly failAtOnce: string | null;
    /** Runs fail when they end, with this pipelineRunErrorMessage; null: off. */
    readonly failLate: string | null;
    /** `repository:tag` of artifacts that an import writes with another manifest than the one that arrived. */
    readonly corruptImports: readonly string[];
    /** `response.status` of a run that has succeeded: the same word as its provisioningState, blank, or no such member. */
    readonly endStatus: 'state' | 'blank' | 'absent';
    /** Whether a run that leaves out something and succeeds says so in pipelineRunErrorMessage. */
    readonly partialMessages: boolean;
    /** `repository:tag` of artifacts that no export can read: the run fails, or leaves them out with ContinueOnErrors. */
    readonly brokenExports: readonly string[];
    /** `repository:tag` of artifacts that an import leaves out and still succeeds, as with ContinueOnErrors. */
    readonly skipImports: readonly string[];
    /** The form of `importedArtifacts` in the response of an import; see {@link ListForm}. */
    readonly importedArtifacts: ListForm;
    /** Additional entries of each list. */
    readonly alsoListed: readonly string[];
  };
  /** How often the source trigger of import pipelines looks at its container, seconds. The service: within 15 minutes. */
  readonly sourceTriggerSeconds: number;
  readonly tokenLifetimeSeconds: number;
  readonly registry: {
    readonly sku: 'Premium' | 'Standard' | 'Basic';
    readonly exportPolicy: 'enabled' | 'disabled';
    /** As ARM shows it; null: closed together with exports. The registry itself stays reachable. */
    readonly publicNetworkAccess: 'Enabled' | 'Disabled' | null;
    readonly networkDefaultAction: 'Allow' | 'Deny';
    readonly networkRuleBypassOptions: 'AzureServices' | 'None';
    /** Which family of roles counts on the data plane: AcrPull and its like, or the repository roles. */
    readonly roleAssignmentMode: 'LegacyRegistryPermissions' | 'AbacRepositoryPermissions';
    /** `disabled`: only Entra tokens for the registry's own audience are exchanged. */
    readonly azureADAuthenticationAsArmPolicy: 'enabled' | 'disabled';
    readonly rateLimits: RateLimits;
  };
  readonly storage: {
    /** Whether principals with the role get user delegation keys. `refused`: no principal does (403). */
    readonly delegation: 'open' | 'refused';
    /**
     * Copies from other accounts. `unreachable`: this account cannot reach them. `refused`: this account's own firewall admits its clients and
     * no other storage account that comes to fetch a blob.
     */
    readonly copySource: 'open' | 'unreachable' | 'refused';
    /** The network rules of the account. `closed`: only requests to ARM succeed. */
    readonly publicNetworkAccess: 'Enabled' | 'Disabled';
    readonly defaultAction: 'Allow' | 'Deny';
    readonly bypass: 'AzureServices' | 'None';
    /** So many days earlier than it was, every blob says that it was last written. */
    readonly ageDays: number;
    /** Whether a SAS signed with the account's key is accepted. */
    readonly allowSharedKeyAccess: boolean;
    /** So far its clock is ahead where it judges the time of a SAS, seconds. */
    readonly skewSeconds: number;
  };
  /** Members of each pipeline in ARM's responses. They replace those of its creation. */
  readonly pipelines: {
    readonly provisioningState: string;
    /** `none`: it is shown without. */
    readonly identity: 'given' | 'none';
    /** Whose words say that a pipeline or run isn't there; it isn't known which. */
    readonly missingAnsweredBy: 'provider' | 'gateway';
  };
  /** Whether the tenant has the registry's own audience (`https://containerregistry.azure.net`). */
  readonly directory: { readonly registryAudience: 'known' | 'unknown' };
  /** How the vault gives rights: by roles, or by access policies, its own and those made of the same roles. */
  readonly vault: { readonly authorization: 'rbac' | 'policies' };
  /** How long it takes until what was assigned over ARM, roles and access policies, holds in storage and vault, seconds. */
  readonly propagationSeconds: number;
}

/** What may be changed of a tag or a manifest (Microsoft REST reference, "changeableAttributes"). */
export interface LockAttributes {
  readonly deleteEnabled?: boolean;
  readonly writeEnabled?: boolean;
  readonly readEnabled?: boolean;
  readonly listEnabled?: boolean;
  /** Azure/acr docs/preview/quarantine. */
  readonly quarantineState?: 'Passed' | 'Quarantined';
}

/** A lock: `PUT {control.url}/clouds/SIDE/locks`. */
export interface LockOrder {
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
  readonly attributes: LockAttributes;
}

/** A new version of a secret, or its end: `PUT` and `DELETE {control.url}/clouds/SIDE/secrets`. */
export interface SecretOrder {
  readonly name: string;
  /** That of the version before when absent. */
  readonly value?: string;
  readonly enabled?: boolean;
  /** ISO 8601. */
  readonly expires?: string;
  readonly notBefore?: string;
}

/** Requests a minute before the registry answers 429; null: as many as come. A limit that is set starts afresh, with nothing used. */
export interface RateLimits {
  /** Reads of the data plane by one identity, lists of referrers among them. */
  readonly readsPerMinute: number | null;
  /** Lists of referrers by one identity. */
  readonly referrersPerMinute: number | null;
  /** Reads by all identities together. */
  readonly registryReadsPerMinute: number | null;
  /** Lists of referrers by all identities together. */
  readonly registryReferrersPerMinute: number | null;
  /** Requests to the token service, by all together. */
  readonly oauthPerMinute: number | null;
}

/** A role that a principal holds: `GET`/`PUT {control.url}/clouds/SIDE/roles` reads and replaces the whole list. */
export interface RoleAssignment {
  /** Object id. */
  readonly principalId: string;
  readonly role:
    | 'Storage Blob Data Contributor'
    | 'Storage Blob Data Reader'
    | 'Storage Blob Delegator'
    | 'Container Registry Transfer Pipeline Contributor'
    | 'Reader'
    | 'AcrPull'
    | 'AcrPush'
    | 'AcrDelete'
    | 'Container Registry Repository Reader'
    | 'Container Registry Repository Writer'
    | 'Container Registry Repository Contributor'
    | 'Container Registry Repository Catalog Lister'
    | 'Key Vault Secrets User'
    | 'Key Vault Secrets Officer'
    | 'Key Vault Contributor'
    | 'Storage Account Key Operator Service Role'
    | 'Role Based Access Control Administrator'
    | 'User Access Administrator'
    | 'Managed Identity Operator';
  /** Container name, for storage roles; absent: the whole cloud. */
  readonly container?: string;
  /** Name of a secret, for roles of the vault; absent: all of them. */
  readonly secret?: string;
  /** Resource ID of what it holds on, where that is neither a container nor a secret; absent: the whole cloud. */
  readonly scope?: string;
  /** GUID of the assignment; absent: one that follows from the rest. */
  readonly name?: string;
  /** From when on it holds outside of ARM, milliseconds since the epoch; absent: always has. */
  readonly since?: number;
}

/** What a cloud holds that setting up may leave behind: `GET {control.url}/clouds/SIDE/inventory`. */
export interface Inventory {
  /** Resource IDs. */
  readonly pipelines: readonly string[];
  readonly runs: readonly string[];
  readonly roles: readonly RoleAssignment[];
  /** By object id, the permissions on secrets. */
  readonly policies: Readonly<Record<string, readonly string[]>>;
  /** Names of secrets that can be read. */
  readonly secrets: readonly string[];
}

/**
 * A manifest to be put into a registry past its API, with nothing that it names: `POST {control.url}/clouds/SIDE/manifests` takes a list
 * and answers with their digests in order.
 */
export interface ManifestEntry {
  readonly repository: string;
  /** One of the manifest types of OCI and Docker. */
  readonly mediaType: string;
  /** The manifest; its bytes are what `JSON.stringify` makes of it. */
  readonly content: object;
  /** Set, or moved here from another manifest. */
  readonly tag?: string;
}

/**
 * A run that the transfer service has executed, oldest first: `GET {control.url}/clouds/SIDE/transfers`. A PUT that starts nothing
 * leaves none, and neither do the settings that let runs fail.
 */
export interface TransferRecord {
  readonly kind: 'export' | 'import';
  /** Name of the run. */
  readonly run: string;
  readonly blob: string;
  /** What was asked for; of an import that has succeeded, what it imported. */
  readonly artifacts: readonly string[];
  /** How the work ended; a run may last longer than its work. */
  readonly outcome: 'succeeded' | 'failed' | 'running';
  readonly bySourceTrigger: boolean;
}

/** Requests seen since the last reset, by service: `GET {control.url}/clouds/SIDE/requests`, `DELETE` resets. */
export type RequestCounts = Readonly<Record<Service, number>>;

/** Bytes of one blob that a storage account has moved since the last reset; those of refused and broken requests too. */
export interface BlobTraffic {
  /** In answers to clients; not to other storage accounts that copy. */
  readonly downloaded: number;
  /** In the bodies of Put Blob and Put Block. */
  readonly uploaded: number;
  /** Fetched by the account itself, from URLs. */
  readonly pulled: number;
}

/** By `CONTAINER/BLOB`: `GET {control.url}/clouds/SIDE/traffic`; `DELETE …/requests` resets it too. */
export type StorageTraffic = Readonly<Record<string, BlobTraffic>>;
