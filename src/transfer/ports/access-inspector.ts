/**
 * What preflight may look at beyond what a transfer itself needs. Nobody has to have the right to look: what could not be
 * seen is said, with the reason, and is no fault.
 */
import type { SasFacts } from '../model/sas.ts';

/** What a look came to. */
export type Observation<Value> =
  | { readonly kind: 'seen'; readonly value: Value }
  /** Why not, in one line: a missing right, a network that is closed, a subscription of somebody else. */
  | { readonly kind: 'unseen'; readonly why: string };

/** How far a resource is open to the network. */
export interface NetworkRules {
  /** False: only private endpoints. */
  readonly publicAccess: boolean;
  /** Whether only chosen networks are let in. */
  readonly restricted: boolean;
  /** Whether trusted services of Azure are let past the rules. */
  readonly trustedServices: boolean;
}

/** The storage account of a container, as ARM describes it. */
export interface StorageAccountFacts {
  readonly name: string;
  readonly resourceId: string;
  readonly network: NetworkRules;
}

/** A secret of Key Vault, without its value: of that only what it says of itself as a SAS. */
export type SecretFacts =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'found';
      readonly enabled: boolean;
      /** Milliseconds since the epoch; null when it does not say. */
      readonly startsAt: number | null;
      readonly expiresAt: number | null;
      /** Null when the value is no SAS. */
      readonly sas: SasFacts | null;
    };

/** What roles allow on blobs of a container. */
export interface BlobPermissions {
  readonly read: boolean;
  readonly write: boolean;
  readonly delete: boolean;
}

/** Looks around one side. Nothing here throws for a refusal: that is a look that saw nothing. */
export interface AccessInspector {
  /** Found by its blob endpoint among the accounts of the pipeline's subscription. */
  readonly storageAccount: (containerUri: string) => Promise<Observation<StorageAccountFacts>>;
  /** What the role assignments of a principal allow on a container; groups that it is in are not looked through. */
  readonly blobRights: (principalId: string, containerUri: string) => Promise<Observation<BlobPermissions>>;
  /** What this step's own principal may do on a container. */
  readonly ownBlobRights: (containerUri: string) => Promise<Observation<BlobPermissions>>;
  /** The secret that a SasToken pipeline reads. Its value is masked, read as a SAS and forgotten. */
  readonly secret: (secretUri: string) => Promise<Observation<SecretFacts>>;
  /** Whether a principal may read a secret, by role or by access policy. */
  readonly mayReadSecret: (principalId: string, secretUri: string) => Promise<Observation<boolean>>;
  /** Whether this step's own principal may start pipeline runs of the registry. */
  readonly mayStartRuns: () => Promise<Observation<boolean>>;
}
