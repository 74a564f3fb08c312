/**
 * Access inspector: resources that preflight reads although the transfer itself doesn't need them. The permission to read
 * them is optional. Without it, a check is reported as not possible, with the reason, and is not an error.
 */
import type { Result } from '../errors/index.ts';
import type { SasFacts } from '../model/sas.ts';

/** A value, or the reason in one line why it couldn't be read: a missing permission, a closed network, another subscription. */
export type Observation<Value> = Result<Value, string>;

/** Network access of a resource. */
export interface NetworkRules {
  /** False: only private endpoints have access. */
  readonly publicAccess: boolean;
  /** Whether only selected networks have access. */
  readonly restricted: boolean;
  /** Whether trusted Azure services are exempt from the rules. */
  readonly trustedServices: boolean;
}

/** The storage account of a container, as ARM describes it. */
export interface StorageAccountFacts {
  readonly name: string;
  readonly resourceId: string;
  readonly network: NetworkRules;
}

/** A Key Vault secret with the facts of its SAS, without its value. */
export type SecretFacts =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'found';
      readonly enabled: boolean;
      /** Milliseconds since the epoch; null if it isn't set. */
      readonly startsAt: number | null;
      readonly expiresAt: number | null;
      /** Null if the value isn't a SAS. */
      readonly sas: SasFacts | null;
    };

/** Permissions of roles on the blobs of a container. */
export interface BlobPermissions {
  readonly read: boolean;
  readonly write: boolean;
  readonly delete: boolean;
}

/** Reads resources of one side. A refusal is the problem of an observation, not an exception. */
export interface AccessInspector {
  /** Finds the storage account by its blob endpoint, in the subscription of the pipeline. */
  readonly storageAccount: (containerUri: string) => Promise<Observation<StorageAccountFacts>>;
  /** Permissions of a principal on a container by its role assignments, without those of its groups. */
  readonly blobPermissions: (principalId: string, containerUri: string) => Promise<Observation<BlobPermissions>>;
  /** Permissions of this step's own principal on a container. */
  readonly ownBlobPermissions: (containerUri: string) => Promise<Observation<BlobPermissions>>;
  /** The secret that a SasToken pipeline reads. Its value is masked, parsed as a SAS and discarded. */
  readonly secret: (secretUri: string) => Promise<Observation<SecretFacts>>;
  /** Whether a principal is allowed to read a secret, by role or by access policy. */
  readonly canReadSecret: (principalId: string, secretUri: string) => Promise<Observation<boolean>>;
  /** Whether this step's own principal is allowed to start pipeline runs of the registry. */
  readonly canStartRuns: () => Promise<Observation<boolean>>;
}
