/** An issuer whose tokens an application accepts in place of its secret. */
export interface FederatedCredential {
  readonly issuer: string;
  /** PEM of the CA of the issuer's server. The directory of Azure trusts public CAs. */
  readonly issuerCa: string;
  readonly subject: string;
  readonly audience: string;
}

/** A principal that can request tokens. */
export interface Identity {
  readonly clientId: string;
  readonly objectId: string;
}

/** An app registration with its service principal. */
export interface Application extends Identity {
  readonly secret: string;
  readonly federatedCredentials: readonly FederatedCredential[];
}

/** The content of one tenant. */
export interface Directory {
  readonly applications: readonly Application[];
  /** User-assigned identities of the managed identity endpoint. */
  readonly managedIdentities: readonly Identity[];
  /** Value of X-IDENTITY-HEADER, which the platform sets as IDENTITY_HEADER. */
  readonly identityHeader: string;
  /** Audiences of the resources with tokens. A trailing slash makes no difference. */
  readonly resources: () => readonly string[];
}

/** Audiences are compared without a trailing slash, because the services allow both forms. */
export const sameAudience = (left: string, right: string): boolean =>
  left.replace(/\/+$/, '') === right.replace(/\/+$/, '');
