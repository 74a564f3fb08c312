/** Credential of a side, masked and shared; ConnectOptions. */
import type { AccessToken, TokenCredential } from '@azure/core-auth';
import {
  ClientAssertionCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
} from '@azure/identity';
import { classifySignIn, TransferError, transferError } from '../../transfer/errors/index.ts';
import type { IdentityRequest } from '../../transfer/model/request.ts';
import type { Side } from '../../transfer/model/side.ts';
import type { Clock } from '../../transfer/ports/clock.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { networkError, sdkOptions, serviceReason } from '../http/index.ts';

/** What connecting needs of the runner. */
export interface ConnectOptions {
  readonly idToken: IdTokenSource;
  readonly mask: (secret: string) => void;
  readonly clock: Clock;
}

/** A token is given out as long as it lives this long: nobody's requests take longer. */
const MIN_LIFE_MILLISECONDS = 5 * 60_000;

/**
 * One token for all who ask: those who ask at the same time share one request, and so one refusal. Clients keep their tokens,
 * but each its own, and of the credentials not every one keeps any: that of az starts a process for each.
 */
export function sharedTokens(credential: TokenCredential): TokenCredential {
  const pending = new Map<string, Promise<AccessToken | null>>();
  const kept = new Map<string, AccessToken>();
  return {
    getToken: (scopes, options) => {
      const key = [scopes].flat().join(' ');
      const known = kept.get(key);
      const isGood = known !== undefined && known.expiresOnTimestamp - Date.now() > MIN_LIFE_MILLISECONDS;
      // Claims are what a service answers to a token that it does not take any more.
      if (isGood && options?.claims === undefined) return Promise.resolve(known);
      const ask = async (): Promise<AccessToken | null> => {
        const token = await credential.getToken(scopes, options);
        if (token !== null) kept.set(key, token);
        return token;
      };
      const asked = pending.get(key) ?? ask().finally(() => pending.delete(key));
      pending.set(key, asked);
      return asked;
    },
  };
}

/** Asks GitHub for this job's id-token. Null when the job may not have one. */
export type IdTokenSource = (audience: string) => Promise<string | null>;

/** What a credential needs besides its request. */
export interface CredentialContext {
  readonly side: Side;
  readonly cloud: Cloud;
  readonly idToken: IdTokenSource;
  /** Called with every token before anything else sees it. */
  readonly mask: (secret: string) => void;
}

/** GitHub's id-tokens live five minutes and more; the identity library asks twice for every token that it gets. */
const ID_TOKEN_SECONDS = 120;

function assertionSource(audience: string, context: CredentialContext): () => Promise<string> {
  let kept: { readonly token: Promise<string>; readonly until: number } | undefined;
  const fetch = async (): Promise<string> => {
    const token = await context.idToken(audience);
    if (token === null) throw transferError('ACRT2002', { side: context.side });
    context.mask(token);
    return token;
  };
  return () => {
    if (kept === undefined || kept.until < Date.now()) {
      const token = fetch();
      kept = { token, until: Date.now() + ID_TOKEN_SECONDS * 1000 };
      // A refusal is not kept: the next one who asks may have better luck.
      token.catch(() => {
        kept = undefined;
      });
    }
    return kept.token;
  };
}

/** What the identity library offers, for a request. */
function createCredential(request: IdentityRequest, context: CredentialContext): TokenCredential {
  const { cloud } = context;
  // A cloud that Entra does not list publicly cannot be validated against that list.
  const authority = { authorityHost: cloud.authority, disableInstanceDiscovery: cloud.custom, ...sdkOptions() };
  switch (request.kind) {
    case 'oidc': {
      const assertion = assertionSource(request.audience ?? cloud.idTokenAudience, context);
      const credential = new ClientAssertionCredential(request.tenantId, request.clientId, assertion, authority);
      // Asked for outside of the library first, which would bury the reason of a refusal in an error of its own.
      return { getToken: async (...options) => assertion().then(() => credential.getToken(...options)) };
    }
    case 'secret':
      return new ClientSecretCredential(request.tenantId, request.clientId, request.clientSecret, authority);
    case 'managed-identity':
      return new ManagedIdentityCredential({ clientId: request.clientId });
    case 'ambient':
      return new DefaultAzureCredential({
        ...authority,
        ...(request.tenantId === null ? {} : { tenantId: request.tenantId }),
      });
  }
}

const tenantOf = (request: IdentityRequest): string =>
  ('tenantId' in request ? request.tenantId : null) ?? 'of the job';

function signInError(error: unknown, request: IdentityRequest, { side, cloud }: CredentialContext): TransferError {
  if (error instanceof TransferError) return error;
  const reason = serviceReason(error);
  if (request.kind === 'ambient') return transferError('ACRT2003', { side, reason }, { cause: error });
  const correlationId = /Correlation ID: ([\da-f-]{36})/i.exec(reason)?.[1] ?? null;
  const values = { side, authority: cloud.authority, tenant: tenantOf(request), reason };
  return transferError(classifySignIn(reason), values, { cause: error, correlationId });
}

/**
 * The credential of one side. Tokens are masked before anyone sees them, and what refuses them is told as a failure.
 * Clients that ask at the same time share one request, and so one refusal.
 * @throws (when a token is asked for) ACRT2001 to ACRT2003, ACRT2006 to ACRT2011
 */
export function sideCredential(request: IdentityRequest, context: CredentialContext): TokenCredential {
  const credential = createCredential(request, context);
  const ask = async (...[scopes, options]: Parameters<TokenCredential['getToken']>): Promise<AccessToken | null> => {
    try {
      // The request is shared, so nobody's own signal may end it.
      const { abortSignal: _, ...shared } = options ?? {};
      const token = await credential.getToken(scopes, shared);
      if (token !== null) context.mask(token.token);
      return token;
    } catch (error) {
      throw networkError(error, context.cloud.authority) ?? signInError(error, request, context);
    }
  };
  return sharedTokens({ getToken: ask });
}
