/** Whose tokens an application accepts in place of its secret. */
export interface FederatedCredential {
  readonly issuer: string;
  /** PEM of the CA that certifies the issuer's server; the real directory trusts public CAs here. */
  readonly issuerCa: string;
  readonly subject: string;
  readonly audience: string;
}

/** Something that can ask for tokens. */
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
  /** User-assigned identities that the managed identity endpoint hands out. */
  readonly managedIdentities: readonly Identity[];
  /** Value of X-IDENTITY-HEADER: what the platform puts into IDENTITY_HEADER. */
  readonly identityHeader: string;
  /** Resources for which tokens are issued, as audiences; a trailing slash makes no difference. */
  readonly resources: () => readonly string[];
}

/** Audiences are compared without their trailing slash: the services list both forms as allowed. */
export const sameAudience = (left: string, right: string): boolean =>
  left.replace(/\/+$/, '') === right.replace(/\/+$/, '');
