import type { CloudContext } from '../contracts.ts';
import { HttpAnswer, readBody, sendJson } from '../http.ts';
import type { Exchange, Route } from '../http.ts';
import type { AccessService } from './access.ts';
import { unauthorized } from './guard.ts';
import type { RateLimiter } from './rate-limits.ts';
import { refuse, refuseShortly } from './refusal.ts';
import { parseScopes } from './scope.ts';
import type { Scope } from './scope.ts';

/** The user name that means "the password is a token" (recorded; `az acr login --expose-token`). */
const TOKEN_USER = '00000000-0000-0000-0000-000000000000';

/** Recorded as 166.65 and similar. */
const RATE = { 'x-ms-ratelimit-remaining-calls-per-second': '166.65' };

const denied = (): HttpAnswer => new HttpAnswer(401, { errors: [unauthorized(null)] });

/** A token that isn't exchanged: without challenge and detail (recorded). */
const exchangeRefused = (message: string): HttpAnswer =>
  refuseShortly(401, 'UNAUTHORIZED', message, { 'content-type': 'application/json' });

const SECRET_FIELDS = ['access_token', 'refresh_token', 'password'];

async function readForm({ request }: Exchange, { noteSecret }: CloudContext): Promise<URLSearchParams> {
  const form = new URLSearchParams((await readBody(request, 256 * 1024)).toString('utf8'));
  for (const field of SECRET_FIELDS) noteSecret(form.get(field));
  return form;
}

/** Assumed: no token is issued for the name of another registry. */
function checkService({ url }: Exchange, parameters: URLSearchParams): void {
  if (parameters.get('service') !== url.host) throw denied();
}

const scopesIn = (parameters: URLSearchParams): readonly Scope[] => parameters.getAll('scope').flatMap(parseScopes);

async function required(token: Promise<string | null>): Promise<string> {
  const given = await token;
  if (given === null) throw denied();
  return given;
}

function basicPassword({ request }: Exchange): string {
  const encoded = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const [user, ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (user !== TOKEN_USER) throw denied();
  return password.join(':');
}

/** The registry's own token service: `/oauth2/exchange` and `/oauth2/token`. */
export function oauthRoutes(
  context: CloudContext,
  access: AccessService,
  { admitLogin }: RateLimiter,
): readonly Route[] {
  const limited =
    (handle: Route['handle']): Route['handle'] =>
    (exchange) => {
      admitLogin();
      return handle(exchange);
    };

  const withPassword = async (exchange: Exchange, password: string, scopes: readonly Scope[]): Promise<void> => {
    const { token: refreshToken = password } = await access.exchange(password);
    const accessToken = await required(access.accessToken(refreshToken, scopes));
    sendJson(exchange.response, 200, { access_token: accessToken, refresh_token: refreshToken }, RATE);
  };

  const exchangeToken = async (exchange: Exchange): Promise<void> => {
    const form = await readForm(exchange, context);
    checkService(exchange, form);
    const tenant = form.get('tenant') ?? context.tenantId;
    if (form.get('grant_type') !== 'access_token') throw refuse(400, 'UNSUPPORTED', 'unsupported grant_type');
    if (tenant !== context.tenantId) throw denied();
    const exchanged = await access.exchange(form.get('access_token') ?? '');
    if (exchanged.token === undefined) throw exchangeRefused(exchanged.refused);
    sendJson(exchange.response, 200, { refresh_token: exchanged.token }, RATE);
  };

  const postToken = async (exchange: Exchange): Promise<void> => {
    const form = await readForm(exchange, context);
    checkService(exchange, form);
    const scopes = scopesIn(form);
    switch (form.get('grant_type')) {
      case 'refresh_token': {
        const accessToken = await required(access.accessToken(form.get('refresh_token') ?? '', scopes));
        sendJson(exchange.response, 200, { access_token: accessToken }, RATE);
        return;
      }
      case 'password':
        if (form.get('username') !== TOKEN_USER) throw denied();
        await withPassword(exchange, form.get('password') ?? '', scopes);
        return;
      default:
        throw refuse(400, 'UNSUPPORTED', 'unsupported grant_type');
    }
  };

  const getToken = async (exchange: Exchange): Promise<void> => {
    const { searchParams } = exchange.url;
    checkService(exchange, searchParams);
    await withPassword(exchange, basicPassword(exchange), scopesIn(searchParams));
  };

  return [
    { method: 'POST', pattern: /^\/oauth2\/exchange$/, handle: limited(exchangeToken) },
    { method: 'POST', pattern: /^\/oauth2\/token$/, handle: limited(postToken) },
    { method: 'GET', pattern: /^\/oauth2\/token$/, handle: limited(getToken) },
  ];
}
