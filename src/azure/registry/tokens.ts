import type { TokenCredential } from '@azure/core-auth';
import * as z from 'zod';
import { isUnknownAudience } from '../../transfer/errors/index.ts';
import type { Clock } from '../../transfer/ports/clock.ts';
import { readServiceError } from '../http/index.ts';
import { tokenCache, type CachedToken, type FreshToken } from './token-cache.ts';
import { responseError, type RegistryResponse, type Send } from './transport.ts';

/** Returns the access token of a scope. */
export type Tokens = (scope: string) => CachedToken;

/**
 * Scope that reads content and lists of one repository. The token leaves out actions that the principal isn't allowed to
 * do, and the request itself is then denied (Azure/acr, docs/AAD-OAuth.md).
 */
export const repositoryScope = (repository: string): string => `repository:${repository}:pull,metadata_read`;

/** Scope that lists the repositories (Azure/acr, docs/AAD-OAuth.md). */
export const CATALOG_SCOPE = 'registry:catalog:*';

/** What a registry's tokens are requested with. */
export interface TokenSource {
  /** `https://` and the login server. */
  readonly origin: string;
  readonly credential: TokenCredential;
  /** Audiences of Entra tokens, in order of preference. */
  readonly audiences: readonly string[];
  /** Called with the audience of each Entra token that the registry has accepted. */
  readonly onAudience: (audience: string) => void;
  /** Masks a token in the log and in messages. */
  readonly mask: (secret: string) => void;
}

/** A token has a few thousand bytes. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

const FORM = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };

const responseSchema = z.object({ access_token: z.string().nullish(), refresh_token: z.string().nullish() });

type Member = keyof z.infer<typeof responseSchema>;

function dateOf({ headers }: RegistryResponse): number | null {
  const date = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(date) ? null : date;
}

async function requestToken(
  send: Send,
  url: string,
  member: Member,
  form: Record<string, string>,
): Promise<FreshToken> {
  const body = new URLSearchParams(form).toString();
  const response = await send({ method: 'POST', url, headers: FORM, body, maxBytes: MAX_RESPONSE_BYTES });
  // For other requests, a 404 means that an artifact doesn't exist.
  if (response.status === 404) throw new Error(`${url} doesn't exist: the host is not an Azure container registry`);
  if (response.status !== 200) throw responseError(response);
  // The message doesn't quote an invalid response, because it can contain a token.
  const parsed = responseSchema.safeParse(parseJson(response.body));
  const token = parsed.success ? parsed.data[member] : null;
  if (!token) throw new Error(`${new URL(url).pathname} returned no ${member}`);
  return { token, issuedAt: dateOf(response) };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

async function entraToken({ credential }: TokenSource, audience: string): Promise<string> {
  const token = await credential.getToken(`${audience}/.default`);
  if (token === null) throw new Error('the credential returned no token for the registry');
  return token.token;
}

/** Recorded: a registry refuses the token of an audience that it doesn't accept with 401. */
const isRefusedToken = (error: unknown): boolean => readServiceError(error).status === 401;

const isUnknownToDirectory = (error: unknown): boolean => error instanceof Error && isUnknownAudience(error.message);

/**
 * Exchanges an Entra token of the first audience that the directory knows and the registry accepts. Later exchanges begin with
 * this audience. If all fail, throws the registry's refusal, or the directory's if there is none.
 */
function exchangeFirstAccepted(
  source: TokenSource,
  exchange: (entraToken: string) => Promise<FreshToken>,
): () => Promise<FreshToken> {
  let { audiences } = source;
  return async () => {
    let refusal: unknown = new Error('no audience of the registry is known');
    for (const audience of audiences) {
      try {
        const fresh = await exchange(await entraToken(source, audience));
        source.onAudience(audience);
        audiences = [audience, ...source.audiences.filter((other) => other !== audience)];
        return fresh;
      } catch (error) {
        const refused = isRefusedToken(error);
        if (!refused && !isUnknownToDirectory(error)) throw error;
        if (refused || !isRefusedToken(refusal)) refusal = error;
      }
    }
    throw refusal;
  };
}

/**
 * Gets tokens from ACR. An Entra token is exchanged for a refresh token, and the refresh token for one access token per
 * scope. The scopes are known, so no 401 challenge is needed (Azure/acr, docs/AAD-OAuth.md; like Microsoft's SDKs, the
 * exchange leaves out `tenant`).
 */
export function registryTokens(source: TokenSource, send: Send, clock: Clock): Tokens {
  const { origin, mask } = source;
  const masked = async (request: Promise<FreshToken>): Promise<FreshToken> => {
    const fresh = await request;
    mask(fresh.token);
    return fresh;
  };
  const service = new URL(origin).host;
  const exchange = (entra: string): Promise<FreshToken> => {
    const form = { grant_type: 'access_token', service, access_token: entra };
    return masked(requestToken(send, `${origin}/oauth2/exchange`, 'refresh_token', form));
  };
  const refreshToken = tokenCache(exchangeFirstAccepted(source, exchange), clock);
  const accessTokens = new Map<string, CachedToken>();
  const fetch = (scope: string): Promise<FreshToken> =>
    refreshToken.use((token) => {
      const form = { grant_type: 'refresh_token', service, scope, refresh_token: token };
      return masked(requestToken(send, `${origin}/oauth2/token`, 'access_token', form));
    });
  return (scope) => {
    const token = accessTokens.get(scope) ?? tokenCache(() => fetch(scope), clock);
    accessTokens.set(scope, token);
    return token;
  };
}
