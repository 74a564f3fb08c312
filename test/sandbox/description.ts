import type { Service } from './fault-rule.ts';
import type { ListForm } from './list-forms.ts';

/**
 * The description of a running sandbox, in `.sandbox/sandbox.json`. It is all that a client of the sandbox knows. URLs are
 * origins without a trailing slash.
 */
export interface SandboxDescription {
  readonly pid: number;
  /** All processes of the sandbox, this one included. */
  readonly pids: readonly number[];
  /** PEM file with the CAs of both clouds and of the id-token issuer: for NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
  readonly control: { readonly url: string; readonly key: string };
  /** The id-token service of the runner: set as ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  readonly github: {
    readonly issuer: string;
    readonly requestUrl: string;
    readonly requestToken: string;
    /** Values for tokens of the default job. */
    readonly subject: string;
  };
  readonly source: CloudDescription;
  readonly target: CloudDescription;
}

/** One cloud. */
export interface CloudDescription {
  /** PEM file with the CA of this cloud. */
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
    /** SAS of that container with all permissions, without `?`. */
    readonly containerSas: string;
  };
  /** An app registration with a secret and a federated credential for the runner's id-token. It has all roles that it needs. */
  readonly client: { readonly clientId: string; readonly clientSecret: string; readonly objectId: string };
  /** A user-assigned identity with the endpoint of App Service: IDENTITY_ENDPOINT and IDENTITY_HEADER. */
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

/** Settings that can change while a cloud runs: `PATCH {control.url}/clouds/SIDE/settings` with any part of them. */
export interface CloudSettings {
  readonly runs: {
    /** `operation`: 201 with Azure-AsyncOperation. `body`: 201 without it, so that the client polls the run. */
    readonly style: 'operation' | 'body';
    /** Retry-After in responses about an unfinished run, seconds. Null: no such header. */
    readonly retryAfterSeconds: number | null;
    /** Minimum duration of runs: the k-th run takes the k-th value, seconds, and the last value repeats. */
    readonly seconds: readonly number[];
    /** The PUT of a run returns 200 with a failed run and this pipelineRunErrorMessage. Null: off. */
    readonly failAtOnce: string | null;
    /** Runs fail at their end with this pipelineRunErrorMessage. Null: off. */
    readonly failLate: string | null;
    /** `repository:tag` of artifacts that an import stores with another manifest. */
    readonly corruptImports: readonly string[];
    /** `response.status` of a succeeded run: the word of its provisioningState, blank, or absent. */
    readonly endStatus: 'state' | 'blank' | 'absent';
    /** Whether a run that skips artifacts and succeeds reports that in pipelineRunErrorMessage. */
    readonly partialMessages: boolean;
    /** `repository:tag` of artifacts that no export can read. The run fails, or skips them with ContinueOnErrors. */
    readonly brokenExports: readonly string[];
    /** `repository:tag` of artifacts that an import skips although it succeeds, as with ContinueOnErrors. */
    readonly skipImports: readonly string[];
    /** The form of `importedArtifacts` in the response of an import; see {@link ListForm}. */
    readonly importedArtifacts: ListForm;
    /** Additional entries of each list. */
    readonly alsoListed: readonly string[];
  };
  /** Interval at which the source trigger of import pipelines checks its container, seconds. The service: within 15 minutes. */
  readonly sourceTriggerSeconds: number;
  readonly tokenLifetimeSeconds: number;
  readonly registry: {
    readonly sku: 'Premium' | 'Standard' | 'Basic';
    readonly exportPolicy: 'enabled' | 'disabled';
    /** As ARM shows it. Null: disabled together with exports. The registry itself stays reachable. */
    readonly publicNetworkAccess: 'Enabled' | 'Disabled' | null;
    readonly networkDefaultAction: 'Allow' | 'Deny';
    readonly networkRuleBypassOptions: 'AzureServices' | 'None';
    /** The roles of the data plane: AcrPull and similar roles, or the repository roles. */
    readonly roleAssignmentMode: 'LegacyRegistryPermissions' | 'AbacRepositoryPermissions';
    /** `disabled`: only Entra tokens for the registry's own audience are exchanged. */
    readonly azureADAuthenticationAsArmPolicy: 'enabled' | 'disabled';
    readonly rateLimits: RateLimits;
  };
  readonly storage: {
    /** Whether principals with the role get user delegation keys. `refused`: none of them does (403). */
    readonly delegation: 'open' | 'refused';
    /**
     * Copies from other accounts. `unreachable`: this account can't reach them. `refused`: the firewall of this account admits
     * clients, but no other storage account that reads a blob.
     */
    readonly copySource: 'open' | 'unreachable' | 'refused';
    /** The network rules of the account. `closed`: only requests to ARM succeed. */
    readonly publicNetworkAccess: 'Enabled' | 'Disabled';
    readonly defaultAction: 'Allow' | 'Deny';
    readonly bypass: 'AzureServices' | 'None';
    /** Number of days by which the last write of every blob is earlier. */
    readonly ageDays: number;
    /** Whether a SAS signed with the account's key is accepted. */
    readonly allowSharedKeyAccess: boolean;
    /** Seconds by which its clock is ahead when it checks the times of a SAS. */
    readonly skewSeconds: number;
  };
  /** Members of each pipeline in ARM's responses. They replace those of its creation. */
  readonly pipelines: {
    readonly provisioningState: string;
    /** `none`: the member is absent. */
    readonly identity: 'given' | 'none';
    /** The origin of the refusal for a missing pipeline or run. It isn't known which one is right. */
    readonly missingAnsweredBy: 'provider' | 'gateway';
  };
  /** Whether the tenant knows the registry's own audience (`https://containerregistry.azure.net`). */
  readonly directory: { readonly registryAudience: 'known' | 'unknown' };
  /** How the vault grants permissions: by roles, or by its access policies and those for the same roles. */
  readonly vault: { readonly authorization: 'rbac' | 'policies' };
  /** Delay until assignments made over ARM, roles and access policies, apply in storage and vault, seconds. */
  readonly propagationSeconds: number;
}

/** Attributes of a tag or a manifest that can be changed (Microsoft REST reference, "changeableAttributes"). */
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

/** A new version of a secret, or its deletion: `PUT` and `DELETE {control.url}/clouds/SIDE/secrets`. */
export interface SecretOrder {
  readonly name: string;
  /** Absent: that of the earlier version. */
  readonly value?: string;
  readonly enabled?: boolean;
  /** ISO 8601. */
  readonly expires?: string;
  readonly notBefore?: string;
}

/** Requests per minute before the registry returns 429. Null: no limit. A new limit starts unused. */
export interface RateLimits {
  /** Reads of the data plane by one identity, lists of referrers included. */
  readonly readsPerMinute: number | null;
  /** Lists of referrers by one identity. */
  readonly referrersPerMinute: number | null;
  /** Reads by all identities together. */
  readonly registryReadsPerMinute: number | null;
  /** Lists of referrers by all identities together. */
  readonly registryReferrersPerMinute: number | null;
  /** Requests to the token service, by all identities together. */
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
  /** Resource ID of its scope, if that is neither a container nor a secret. Absent: the whole cloud. */
  readonly scope?: string;
  /** GUID of the assignment. Absent: derived from the rest. */
  readonly name?: string;
  /** Time from which it applies outside of ARM, milliseconds since the epoch. Absent: always. */
  readonly since?: number;
}

/** Resources of a cloud that a setup can leave behind: `GET {control.url}/clouds/SIDE/inventory`. */
export interface Inventory {
  /** Resource IDs. */
  readonly pipelines: readonly string[];
  readonly runs: readonly string[];
  readonly roles: readonly RoleAssignment[];
  /** Permissions on secrets by object ID. */
  readonly policies: Readonly<Record<string, readonly string[]>>;
  /** Names of the readable secrets. */
  readonly secrets: readonly string[];
}

/**
 * A manifest that is stored in a registry without its API and without its content: `POST {control.url}/clouds/SIDE/manifests`
 * takes a list and returns the digests in order.
 */
export interface ManifestEntry {
  readonly repository: string;
  /** One of the manifest types of OCI and Docker. */
  readonly mediaType: string;
  /** The manifest. Its bytes are those of `JSON.stringify`. */
  readonly content: object;
  /** Created, or moved from another manifest. */
  readonly tag?: string;
}

/**
 * A run that the transfer service has executed, oldest first: `GET {control.url}/clouds/SIDE/transfers`. A PUT that starts
 * nothing isn't listed, and neither are runs that fail by a setting.
 */
export interface TransferRecord {
  readonly kind: 'export' | 'import';
  /** Name of the run. */
  readonly run: string;
  readonly blob: string;
  /** The requested artifacts. For a succeeded import: the imported ones. */
  readonly artifacts: readonly string[];
  /** The result of the work. A run can last longer than its work. */
  readonly outcome: 'succeeded' | 'failed' | 'running';
  readonly bySourceTrigger: boolean;
}

/** Requests since the last reset, by service: `GET {control.url}/clouds/SIDE/requests`. `DELETE` resets them. */
export type RequestCounts = Readonly<Record<Service, number>>;

/** Bytes of one blob that a storage account has transferred since the last reset, refused and broken requests included. */
export interface BlobTraffic {
  /** In responses to clients, without other storage accounts that copy. */
  readonly downloaded: number;
  /** In the bodies of Put Blob and Put Block. */
  readonly uploaded: number;
  /** Read by the account itself, from URLs. */
  readonly pulled: number;
}

/** By `CONTAINER/BLOB`: `GET {control.url}/clouds/SIDE/traffic`. `DELETE …/requests` resets it too. */
export type StorageTraffic = Readonly<Record<string, BlobTraffic>>;
