import { randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { CloudContext, TokenService } from '../contracts.ts';
import { grant, rightsOf } from './scope.ts';
import type { Rights, Scope } from './scope.ts';

/** The registry's own audience, the default of @azure/container-registry and `az acr login`. */
const OWN_AUDIENCE = 'https://containerregistry.azure.net';

/**
 * Audiences of Entra tokens that the registry accepts: its own, and Azure Resource Manager's (KnownContainerRegistryAudience of
 * @azure/container-registry) unless azureADAuthenticationAsArmPolicy is disabled.
 */
export const AUDIENCES = [OWN_AUDIENCE, 'https://management.azure.com', 'https://management.core.windows.net'] as const;

/** Result of an exchange: a refresh token, or the text of the refusal. */
export type ExchangeResult = { readonly token: string } | { readonly token?: undefined; readonly refused: string };

/** Refusal of a token of another audience or directory, or of a principal without a role (recorded). */
const NO_PERMISSIONS = { refused: 'retrieving permissions failed' };

/**
 * Refusal of a token for ARM if the policy is disabled (MicrosoftDocs/azure-docs#128528). Assumed: code and status of the
 * exchange.
 */
const ARM_DISABLED = { refused: 'token validation failed' };

/**
 * The refresh token is valid longer than the access token: three hours at the service (Azure/acr, docs/AAD-OAuth.md). Assumed:
 * the ratio.
 */
const REFRESH_LIFETIMES = 3;

/** Tokens are issued in the past (recorded), so `exp - iat` is longer than their lifetime. */
const BACKDATED_SECONDS = 900;

/** Maximum number of cached verifications. At the limit, the cache is emptied. */
const REMEMBERED_TOKENS = 1000;

/** The principal and the permissions of an access token. */
export interface Access {
  readonly objectId: string;
  readonly scopes: readonly Scope[];
}

/** The registry's own refresh and access tokens. */
export interface AccessService {
  readonly exchange: (entraToken: string) => Promise<ExchangeResult>;
  /** An access token with the permitted part of the scopes; null if the refresh token is invalid. */
  readonly accessToken: (refreshToken: string, scopes: readonly Scope[]) => Promise<string | null>;
  /** Null if the access token is invalid. */
  readonly verify: (accessToken: string) => Promise<Access | null>;
}

interface Claims {
  readonly sub?: string;
  readonly exp?: number;
  readonly access?: readonly Scope[];
}

/** A client sends the same token with thousands of requests. Its verification takes longer than the response. */
function remembering(verify: (token: string) => Promise<Claims | null>): typeof verify {
  const known = new Map<string, Claims>();
  return async (token) => {
    const remembered = known.get(token);
    if (remembered && (remembered.exp ?? 0) * 1000 > Date.now()) return remembered;
    const claims = await verify(token);
    if (known.size >= REMEMBERED_TOKENS) known.clear();
    if (claims) known.set(token, claims);
    return claims;
  };
}

/**
 * Every registry has its own signing key, so it rejects tokens of another registry.
 * @param audiences accepted in addition to the well-known ones: the cloud's own ARM endpoint
 */
export function createAccess(
  context: CloudContext,
  tokens: TokenService,
  audiences: readonly string[] = [],
): AccessService {
  const key = randomBytes(32);
  const withSlash = (all: readonly string[]): string[] => all.flatMap((each) => [each, `${each.replace(/\/$/, '')}/`]);
  const [own, accepted] = [withSlash([OWN_AUDIENCE]), withSlash([...AUDIENCES, ...audiences])];

  const issue = (kind: string, objectId: string, lifetimes: number, access?: readonly Scope[]): Promise<string> => {
    const seconds = Math.floor(Date.now() / 1000);
    return new SignJWT({ grant_type: kind, ...(access && { access }) })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer('Azure Container Registry')
      .setSubject(objectId)
      .setIssuedAt(seconds - BACKDATED_SECONDS)
      .setNotBefore(seconds - BACKDATED_SECONDS)
      .setExpirationTime(seconds + lifetimes * context.settings().tokenLifetimeSeconds)
      .sign(key);
  };

  const read = async (kind: string, token: string): Promise<Claims | null> => {
    try {
      const { payload } = await jwtVerify<Claims>(token, key, { algorithms: ['HS256'] });
      return payload['grant_type'] === kind ? payload : null;
    } catch {
      return null;
    }
  };

  const readAccess = remembering((token) => read('access_token', token));
  const rights = (objectId: string): Rights | null =>
    rightsOf(context.roles(), objectId, context.settings().registry.roleAssignmentMode);

  return {
    exchange: async (entraToken) => {
      const principal = await tokens.verifyToken(entraToken, accepted);
      const armAllowed = context.settings().registry.azureADAuthenticationAsArmPolicy === 'enabled';
      if (principal && !armAllowed && !(await tokens.verifyToken(entraToken, own))) return ARM_DISABLED;
      if (!principal || !rights(principal.objectId)) return NO_PERMISSIONS;
      return { token: await issue('refresh_token', principal.objectId, REFRESH_LIFETIMES) };
    },
    accessToken: async (refreshToken, scopes) => {
      const claims = await read('refresh_token', refreshToken);
      if (claims?.sub === undefined) return null;
      return issue('access_token', claims.sub, 1, grant(scopes, rights(claims.sub)));
    },
    verify: async (accessToken) => {
      const claims = await readAccess(accessToken);
      return claims?.sub === undefined ? null : { objectId: claims.sub, scopes: claims.access ?? [] };
    },
  };
}
