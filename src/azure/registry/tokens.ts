import type { TokenCredential } from '@azure/core-auth';
import * as z from 'zod';
import type { Clock } from '../../transfer/ports/clock.ts';
import { tokenCache, type CachedToken, type FreshToken } from './token-cache.ts';
import { refusedResponse, type RegistryResponse, type Send } from './transport.ts';

/** The registry's access tokens, one for each scope. */
export type Tokens = (scope: string) => CachedToken;

/**
 * Reading content and lists of one repository. What the principal may not have of it is left out of the token, and then the
 * request itself is refused (Azure/acr, docs/AAD-OAuth.md).
 */
export const repositoryScope = (repository: string): string => `repository:${repository}:pull,metadata_read`;

/** Listing the repositories (Azure/acr, docs/AAD-OAuth.md). */
export const CATALOG_SCOPE = 'registry:catalog:*';

/** Where the registry's tokens come from. */
export interface TokenSource {
  /** `https://` and the login server. */
  readonly origin: string;
  readonly credential: TokenCredential;
  /** Of the Entra token that the registry takes. */
  readonly audience: string;
  /** Keeps a token out of everything that is shown. */
  readonly mask: (secret: string) => void;
}

/** Bytes; a token has a few thousand. */
const MAX_ANSWER = 1024 * 1024;

const FORM = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };

const answerSchema = z.object({ access_token: z.string().nullish(), refresh_token: z.string().nullish() });

type Member = keyof z.infer<typeof answerSchema>;

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
  const answer = await send({ method: 'POST', url, headers: FORM, body, largest: MAX_ANSWER });
  // Elsewhere a 404 says that an artifact is not there.
  if (answer.status === 404) throw new Error(`${url} is not there: this is no Azure container registry`);
  if (answer.status !== 200) throw refusedResponse(answer);
  // An answer that cannot be read is not quoted: it may hold a token.
  const parsed = answerSchema.safeParse(parse(answer.body));
  const token = parsed.success ? parsed.data[member] : null;
  if (!token) throw new Error(`${new URL(url).pathname} gave no ${member}`);
  return { token, issuedAt: dateOf(answer) };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

async function entraToken({ credential, audience }: TokenSource): Promise<string> {
  const token = await credential.getToken(`${audience}/.default`);
  if (token === null) throw new Error('the credential gave no token for the registry');
  return token.token;
}

/**
 * Gets tokens the way of ACR: an Entra token is exchanged for a refresh token, once, and that one for an access token of
 * each scope, asked for directly: the scopes are known, so no request need be refused first
 * (Azure/acr, docs/AAD-OAuth.md; `tenant` is left out as Microsoft's SDKs do).
 */
export function registryTokens(source: TokenSource, send: Send, clock: Clock): Tokens {
  const { origin, mask } = source;
  const masked = async (asked: Promise<FreshToken>): Promise<FreshToken> => {
    const fresh = await asked;
    mask(fresh.token);
    return fresh;
  };
  const service = new URL(origin).host;
  const refreshToken = tokenCache(async () => {
    const form = { grant_type: 'access_token', service, access_token: await entraToken(source) };
    return masked(requestToken(send, `${origin}/oauth2/exchange`, 'refresh_token', form));
  }, clock);
  const kept = new Map<string, CachedToken>();
  const fetch = (scope: string): Promise<FreshToken> =>
    refreshToken.use((token) => {
      const form = { grant_type: 'refresh_token', service, scope, refresh_token: token };
      return masked(requestToken(send, `${origin}/oauth2/token`, 'access_token', form));
    });
  return (scope) => {
    const token = kept.get(scope) ?? tokenCache(() => fetch(scope), clock);
    kept.set(scope, token);
    return token;
  };
}
