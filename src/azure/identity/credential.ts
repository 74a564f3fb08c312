/** Credential of one side: masks and caches its tokens. */
import type { AccessToken, TokenCredential } from '@azure/core-auth';
import {
  ClientAssertionCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
} from '@azure/identity';
import { classifySignIn, TransferError, transferError } from '../../transfer/errors/index.ts';
import type { IdentityRequest } from '../../transfer/model/request.ts';
import type { Side, SignedInIdentity } from '../../transfer/model/side.ts';
import type { Clock } from '../../transfer/ports/clock.ts';
import { withDeadline } from '../../transfer/resilience/deadline.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { httpClient, networkError, proxyOptions, sdkOptions, serviceReason } from '../http/index.ts';
import { idTokenError } from './id-token-error.ts';
import { outageObserver, type OutageObserver } from './outage-observer.ts';
import { identityOf } from './token-identity.ts';

/** Requests an id-token of this job from GitHub. Null if the job lacks the permission. */
type IdTokenSource = (audience: string) => Promise<string | null>;

/** Services of the runner that a connection needs. */
export interface ConnectOptions {
  readonly idToken: IdTokenSource;
  readonly mask: (secret: string) => void;
  readonly clock: Clock;
  /** Writes a line to the log. */
  readonly log: (line: string) => void;
  /** Called once for a side that signs in with the identity of the job. */
  readonly onJobIdentity?: (side: Side, identity: SignedInIdentity) => void;
}

/** A cached token is used while its remaining lifetime is longer than this, or half of a shorter lifetime. No request takes longer. */
const MIN_LIFETIME_MS = 5 * 60_000;

/**
 * Moves the expiry to the time at which a new token is requested, for the cache and for the caches of the SDK clients, which
 * use a token until a second before its expiry. Managed identities can return tokens that expire soon: to request another
 * one for each request would double the number of requests.
 */
function withMargin(token: AccessToken): AccessToken {
  const margin = Math.min(MIN_LIFETIME_MS, Math.max(0, token.expiresOnTimestamp - Date.now()) / 2);
  return { ...token, expiresOnTimestamp: token.expiresOnTimestamp - margin };
}

/**
 * Caches the tokens of a credential for all clients. Concurrent callers share one request, and its error. The SDK clients
 * cache tokens only for themselves, and some credentials cache none: the Azure CLI credential starts a process for each token.
 */
export function cachedTokens(credential: TokenCredential): TokenCredential {
  const pending = new Map<string, Promise<AccessToken | null>>();
  const cache = new Map<string, AccessToken>();
  return {
    getToken: (scopes, options) => {
      const [scope, claims] = [[scopes].flat().join(' '), options?.claims];
      const cached = cache.get(scope);
      const isFresh = cached !== undefined && cached.expiresOnTimestamp > Date.now();
      // A service challenges with claims when it no longer accepts tokens without them. Such a token neither answers a request
      // with claims, nor replaces a token with claims that arrived in the meantime.
      if (isFresh && claims === undefined) return Promise.resolve(cached);
      const fetch = async (): Promise<AccessToken | null> => {
        const { abortSignal: _, ...shared } = options ?? {};
        const received = await credential.getToken(scopes, shared);
        const token = received === null ? null : withMargin(received);
        if (token !== null && (claims !== undefined || cache.get(scope) === cached)) cache.set(scope, token);
        return token;
      };
      const key = JSON.stringify([scope, claims]);
      const request = pending.get(key) ?? fetch().finally(() => pending.delete(key));
      pending.set(key, request);
      // The request is shared, so the signal of one caller ends only the wait of this caller.
      const signal = options?.abortSignal;
      return signal instanceof AbortSignal ? withDeadline(signal, () => request) : request;
    },
  };
}

/** Context of a credential, in addition to its request. */
export interface CredentialContext {
  readonly side: Side;
  readonly cloud: Cloud;
  readonly idToken: IdTokenSource;
  /** Called with each token before it is used. */
  readonly mask: (secret: string) => void;
  readonly onJobIdentity?: ConnectOptions['onJobIdentity'];
}

/**
 * An id-token is reused this long. GitHub's id-tokens are valid for at least five minutes, and the identity library requests
 * two per token.
 */
const ID_TOKEN_SECONDS = 120;

async function requestIdToken(audience: string, { idToken }: CredentialContext): Promise<string | null> {
  try {
    return await idToken(audience);
  } catch (cause) {
    throw idTokenError(cause);
  }
}

function assertionSource(audience: string, context: CredentialContext): () => Promise<string> {
  let cached: { readonly token: Promise<string>; readonly until: number } | undefined;
  const fetch = async (): Promise<string> => {
    const token = await requestIdToken(audience, context);
    if (token === null) throw transferError('ACRT2002', { side: context.side });
    context.mask(token);
    return token;
  };
  return () => {
    if (cached === undefined || cached.until < Date.now()) {
      const token = fetch();
      cached = { token, until: Date.now() + ID_TOKEN_SECONDS * 1000 };
      // An error isn't cached, so the next call sends a new request.
      token.catch(() => {
        cached = undefined;
      });
    }
    return cached.token;
  };
}

/** Creates the identity library's credential for a request. */
function createCredential(
  request: IdentityRequest,
  context: CredentialContext,
  observer: OutageObserver,
): TokenCredential {
  const { cloud } = context;
  const { httpClient } = observer;
  const authority = {
    authorityHost: cloud.authority,
    // Instance discovery would reject a cloud that isn't in Entra's public list.
    disableInstanceDiscovery: cloud.custom,
    ...sdkOptions(),
    httpClient,
  };
  switch (request.kind) {
    case 'oidc': {
      const assertion = assertionSource(request.audience ?? cloud.idTokenAudience, context);
      const credential = new ClientAssertionCredential(request.tenantId, request.clientId, assertion, authority);
      // The id-token is requested first, because the library would wrap its error and hide the reason.
      return { getToken: async (...options) => assertion().then(() => credential.getToken(...options)) };
    }
    case 'secret':
      return new ClientSecretCredential(request.tenantId, request.clientId, request.clientSecret, authority);
    case 'managed-identity':
      return new ManagedIdentityCredential({ clientId: request.clientId, ...proxyOptions(), httpClient });
    case 'ambient':
      return new DefaultAzureCredential(authority);
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

/** An error code of Entra: Entra has answered this request, so the outage of another request is not the cause. */
const ENTRA_CODE = /AADSTS\d+/;

const outageOf = (error: unknown, observer: OutageObserver): TransferError | null =>
  error instanceof TransferError || ENTRA_CODE.test(serviceReason(error)) ? null : observer.last();

/**
 * Longest wait for a token, its retries and Retry-After included, in seconds. Managed identities and the Azure CLI have no limit
 * of their own.
 */
const TOKEN_SECONDS = 240;

/** The error of a wait for a token that took too long. */
function tokenTimeout(request: IdentityRequest, { side, cloud }: CredentialContext, cause: unknown): TransferError {
  const reason = `no token within ${TOKEN_SECONDS} s`;
  if (request.kind === 'ambient') return transferError('ACRT2003', { side, reason }, { cause });
  const host =
    request.kind === 'managed-identity' ? 'the endpoint of managed identities' : new URL(cloud.authority).host;
  return transferError('ACRT2005', { host, reason }, { cause });
}

/**
 * Creates the credential of one side. Tokens are masked and cached. Concurrent callers share one request, and its error.
 * @throws (from getToken) ACRT2001 to ACRT2003, ACRT2005 to ACRT2013, ACRT2018 to ACRT2020
 */
export function sideCredential(request: IdentityRequest, context: CredentialContext): TokenCredential {
  const observer = outageObserver(httpClient, request.kind === 'managed-identity' ? null : context.cloud.authority);
  const credential = createCredential(request, context, observer);
  let isNamed = request.kind !== 'ambient';
  const nameIdentity = (token: string): void => {
    if (!isNamed) context.onJobIdentity?.(context.side, identityOf(token));
    isNamed = true;
  };
  const getToken = async (
    ...[scopes, options]: Parameters<TokenCredential['getToken']>
  ): Promise<AccessToken | null> => {
    const limit = AbortSignal.timeout(TOKEN_SECONDS * 1000);
    try {
      const token = await withDeadline(limit, () => credential.getToken(scopes, options));
      if (token !== null) {
        context.mask(token.token);
        nameIdentity(token.token);
      }
      return token;
    } catch (error) {
      if (error === limit.reason) throw tokenTimeout(request, context, error);
      throw (
        networkError(error, context.cloud.authority) ??
        outageOf(error, observer) ??
        signInError(error, request, context)
      );
    }
  };
  return cachedTokens({ getToken });
}
