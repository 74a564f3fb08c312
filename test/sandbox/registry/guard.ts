import { HttpAnswer } from '../http.ts';
import type { Exchange } from '../http.ts';
import type { AccessService } from './access.ts';
import type { RateLimiter } from './rate-limits.ts';
import type { RegistryError } from './refusal.ts';
import { covers, formatScope } from './scope.ts';
import type { Scope } from './scope.ts';

/** Admits a request or throws: the challenge (401 with the token service and the scope), or 429 if its identity sends too many. */
export type Guard = (exchange: Exchange, ...needed: readonly Scope[]) => Promise<readonly Scope[]>;

/**
 * Why a token isn't sufficient. `malformed_token` and `insufficient_scope` are recorded. Assumed: `invalid_token`, for an
 * invalid one.
 */
type Reason = 'malformed_token' | 'invalid_token' | 'insufficient_scope';

const MESSAGE = 'authentication required, visit https://aka.ms/acr/authorization for more information.';

/** The error of a request without a valid token, and of a refused token exchange. */
export const unauthorized = (detail: unknown): RegistryError => ({ code: 'UNAUTHORIZED', message: MESSAGE, detail });

const detailOf = (needed: readonly Scope[]): unknown =>
  needed.length
    ? needed.flatMap(({ type, name, actions }) => actions.map((Action) => ({ Type: type, Name: name, Action })))
    : null;

/** Header and body as recorded. `DENIED` comes first if the scope is insufficient (argoproj-labs/argocd-image-updater#473). */
function challenge({ url }: Exchange, needed: readonly Scope[], reason?: Reason): HttpAnswer {
  const parts = [
    `realm="${url.origin}/oauth2/token"`,
    `service="${url.host}"`,
    ...(needed.length ? [`scope="${needed.map(formatScope).join(' ')}"`] : []),
    ...(reason ? [`error="${reason}"`] : []),
  ];
  const denied = { code: 'DENIED', message: 'requested access to the resource is denied', detail: null };
  const errors = [...(reason === 'insufficient_scope' ? [denied] : []), unauthorized(detailOf(needed))];
  return new HttpAnswer(401, { errors }, { 'www-authenticate': `Bearer ${parts.join(',')}` });
}

/**
 * Guards the routes of the data plane. Resolves to all permissions of the token. Assumed: a request without a valid token isn't
 * counted.
 */
export function createGuard({ verify }: AccessService, { admit }: RateLimiter): Guard {
  return async (exchange, ...needed) => {
    const { authorization } = exchange.request.headers;
    if (authorization === undefined) throw challenge(exchange, needed);
    const [scheme, token = ''] = authorization.split(' ');
    if (scheme?.toLowerCase() !== 'bearer') throw challenge(exchange, needed, 'malformed_token');
    const access = await verify(token);
    if (!access) throw challenge(exchange, needed, 'invalid_token');
    const { objectId, scopes } = access;
    if (!needed.every((scope) => covers(scopes, scope))) throw challenge(exchange, needed, 'insufficient_scope');
    admit(exchange, objectId);
    return scopes;
  };
}
