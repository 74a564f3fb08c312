/** Reads a secret. Its value is masked and parsed as a SAS. */
import type { TokenCredential } from '@azure/core-auth';
import { SecretClient, type KeyVaultSecret } from '@azure/keyvault-secrets';
import { readSas } from '../../transfer/model/sas.ts';
import type { SecretFacts } from '../../transfer/ports/access-inspector.ts';
import type { Cloud } from '../cloud/cloud.ts';
import type { HostGuard } from '../cloud/hosts.ts';
import { readServiceError, sdkOptions, USER_AGENT } from '../http/index.ts';
import type { SecretLocation } from './vaults.ts';

/** Access to secrets. */
export interface SecretReaderContext {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  readonly requireHost: HostGuard;
  /** Called with each value of a secret before it is used. */
  readonly mask: (secret: string) => void;
}

/** Short, because a vault behind a firewall often doesn't respond, and callers continue without the secret. */
const READ_TIMEOUT_SECONDS = 10;

/** `https://vault.azure.net` and similar. In every cloud, the audience of Key Vault starts with this label. */
const VAULT_AUDIENCE = /^https:\/\/vault\./i;

/**
 * Restricts a credential to tokens for Key Vault. A vault's challenge names the audience of the token. In a known cloud the
 * SDK compares it with the vault's host. The vaults of a custom cloud can have any host, and must not get a token that
 * another service accepts.
 */
const restrictToVault = (credential: TokenCredential): TokenCredential => ({
  getToken: (scopes, options) => {
    const foreign = [scopes].flat().find((scope) => !VAULT_AUDIENCE.test(scope));
    if (foreign !== undefined) throw new Error(`the vault asks for a token of ${foreign}`);
    return credential.getToken(scopes, options);
  },
});

/**
 * Creates a client for the vault of a secret.
 * @throws ACRT2017 if the vault's host doesn't belong to the cloud
 */
export function createVaultClient({ vault }: SecretLocation, context: SecretReaderContext): SecretClient {
  const { cloud, credential, requireHost } = context;
  requireHost('vault', vault);
  return new SecretClient(vault, cloud.custom ? restrictToVault(credential) : credential, {
    disableChallengeResourceVerification: cloud.custom,
    userAgentOptions: { userAgentPrefix: USER_AGENT },
    ...sdkOptions(),
  });
}

/** Facts of a secret. Its value is masked and dropped. */
function secretFacts(
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
 * Code of the inner error in an error of Key Vault: `{"error":{"code":"Forbidden","innererror":{"code":"SecretDisabled"}}}`;
 * null without one.
 */
export function innerCode(error: unknown): string | null {
  const { details } = error as { readonly details?: { readonly error?: { readonly innerError?: unknown } } };
  const { code } = (details?.error?.innerError ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : null;
}

/** A secret with its tags. */
interface ReadSecret {
  readonly facts: Extract<SecretFacts, { kind: 'found' }>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Reads a secret; null if it doesn't exist. Its value is masked, parsed as a SAS, and dropped.
 * @throws the SDK's errors, except for a missing or disabled secret
 */
export async function readSecret(location: SecretLocation, access: SecretReaderContext): Promise<ReadSecret | null> {
  try {
    const version = location.version === null ? {} : { version: location.version };
    const abortSignal = AbortSignal.timeout(READ_TIMEOUT_SECONDS * 1000);
    const secret = await createVaultClient(location, access).getSecret(location.name, { ...version, abortSignal });
    return { facts: secretFacts(secret, access.mask), tags: secret.properties.tags ?? {} };
  } catch (error) {
    if (innerCode(error) === 'SecretDisabled') return { facts: DISABLED, tags: {} };
    const { status, code } = readServiceError(error);
    if (status === 404 && code === 'SecretNotFound') return null;
    throw error;
  }
}
