/** Reads a secret, its value masked and parsed as a SAS. */
import type { TokenCredential } from '@azure/core-auth';
import { SecretClient, type KeyVaultSecret } from '@azure/keyvault-secrets';
import { readSas } from '../../transfer/model/sas.ts';
import type { SecretFacts } from '../../transfer/ports/access-inspector.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { readServiceError, sdkOptions, USER_AGENT } from '../http/index.ts';
import type { SecretLocation } from './vaults.ts';

/** What reading secrets needs. */
export interface SecretReaderContext {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  /** Called with every value before anything else sees it. */
  readonly mask: (secret: string) => void;
}

/** A vault that lets nobody in from here often does not answer at all; nothing depends on this look. */
const LOOK_SECONDS = 10;

/** `https://vault.azure.net` and the like: in every cloud the audience of Key Vault has this first label. */
const VAULT_AUDIENCE = /^https:\/\/vault\./i;

/**
 * A vault names the audience of the tokens that it wants. In a known cloud the SDK compares it with the vault's host; the
 * vaults of others may be called anything, and must not get a token that another service would take.
 */
const vaultTokensOnly = (credential: TokenCredential): TokenCredential => ({
  getToken: (scopes, options) => {
    const foreign = [scopes].flat().find((scope) => !VAULT_AUDIENCE.test(scope));
    if (foreign !== undefined) throw new Error(`the vault asks for a token of ${foreign}`);
    return credential.getToken(scopes, options);
  },
});

/** A client of the vault that a secret is in. */
export function createVaultClient({ vault }: SecretLocation, { cloud, credential }: SecretReaderContext): SecretClient {
  return new SecretClient(vault, cloud.custom ? vaultTokensOnly(credential) : credential, {
    disableChallengeResourceVerification: cloud.custom,
    userAgentOptions: { userAgentPrefix: USER_AGENT },
    ...sdkOptions(),
  });
}

/** What a secret says of itself; its value is masked and forgotten. */
export function secretFacts(
  { value = '', properties }: KeyVaultSecret,
  mask: SecretReaderContext['mask'],
): Extract<SecretFacts, { kind: 'found' }> {
  if (value !== '') mask(value);
  return {
    kind: 'found',
    enabled: properties.enabled !== false,
    startsAt: properties.notBefore?.getTime() ?? null,
    expiresAt: properties.expiresOn?.getTime() ?? null,
    sas: readSas(value),
  };
}

const DISABLED: Extract<SecretFacts, { kind: 'found' }> = {
  kind: 'found',
  enabled: false,
  startsAt: null,
  expiresAt: null,
  sas: null,
};

/**
 * What the vault tells in an error inside of the error: `{"error":{"code":"Forbidden","innererror":{"code":"SecretDisabled"}}}`;
 * null when there is none.
 */
export function innerCode(error: unknown): string | null {
  const { details } = error as { readonly details?: { readonly error?: { readonly innerError?: unknown } } };
  const { code } = (details?.error?.innerError ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : null;
}

/** A secret, with the tags that somebody has put on it; null when there is none. */
export interface ReadSecret {
  readonly facts: Extract<SecretFacts, { kind: 'found' }>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Reads a secret. Its value is masked, read as a SAS and forgotten.
 * @throws what the SDK throws, other than for a secret that is not there or disabled
 */
export async function readSecret(place: SecretLocation, access: SecretReaderContext): Promise<ReadSecret | null> {
  try {
    const version = place.version === null ? {} : { version: place.version };
    const abortSignal = AbortSignal.timeout(LOOK_SECONDS * 1000);
    const secret = await createVaultClient(place, access).getSecret(place.name, { ...version, abortSignal });
    return { facts: secretFacts(secret, access.mask), tags: secret.properties.tags ?? {} };
  } catch (error) {
    if (innerCode(error) === 'SecretDisabled') return { facts: DISABLED, tags: {} };
    const { status, code } = readServiceError(error);
    if (status === 404 && code === 'SecretNotFound') return null;
    throw error;
  }
}
