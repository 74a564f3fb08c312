import { decodeJwt } from 'jose';
import type { CloudDescription } from '../description.ts';
import { connect } from './connection.ts';
import type { Connection } from './connection.ts';

/** Returns an access token of the registry for a scope, `repository:team/app:pull,push`. */
export type AccessTokens = (scope: string) => Promise<string>;

/** The registry's own audience, and the default of @azure/container-registry. */
const REGISTRY_SCOPE = 'https://containerregistry.azure.net/.default';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

async function post(connection: Connection, url: string, member: string, form: object): Promise<string> {
  const body = Buffer.from(new URLSearchParams({ ...form }).toString());
  const answer = await connection.ask({ method: 'POST', url, headers: FORM, body }, 200);
  const token = (JSON.parse(answer.body.toString('utf8')) as Record<string, unknown>)[member];
  if (typeof token !== 'string') throw new Error(`${url} gave no ${member}`);
  return token;
}

const expired = (token: string): boolean => (decodeJwt(token).exp ?? 0) * 1000 <= Date.now();

/** Caches the value of a key until it expires. Concurrent callers share one request. Errors aren't cached. */
function cached(get: (key: string) => Promise<string>): (key: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  const fetch = (key: string): Promise<string> => {
    const token = get(key);
    known.set(key, token);
    token.catch(() => known.delete(key));
    return token;
  };
  return async (key) => {
    const token = await (known.get(key) ?? fetch(key));
    return expired(token) ? fetch(key) : token;
  };
}

/** A registry that exchanges Entra tokens, and the source of these tokens. */
export interface Exchange {
  /** Host and port. */
  readonly loginServer: string;
  /** An Entra token for the registry. */
  readonly entraToken: () => Promise<string>;
  /** Registries accept tokens without it. */
  readonly tenantId?: string;
}

/**
 * Gets access tokens as every client of ACR does: exchanges an Entra token for a refresh token, and the refresh token for an
 * access token of each scope.
 */
export function exchangedTokens(
  { loginServer: service, entraToken, tenantId }: Exchange,
  connection: Connection,
): AccessTokens {
  const refreshToken = cached(async () => {
    const tenant = tenantId === undefined ? {} : { tenant: tenantId };
    const form = { grant_type: 'access_token', service, ...tenant, access_token: await entraToken() };
    return post(connection, `https://${service}/oauth2/exchange`, 'refresh_token', form);
  });

  return cached(async (scope) => {
    const form = { grant_type: 'refresh_token', service, scope, refresh_token: await refreshToken('') };
    return post(connection, `https://${service}/oauth2/token`, 'access_token', form);
  });
}

/** The endpoint and the credential of a sign-in. */
export type SignIn = Pick<CloudDescription, 'entra' | 'tenantId' | 'client' | 'registry'>;

/**
 * Signs in to a cloud's registry with the client secret of its description.
 * @param ca PEM of the cloud's CA
 */
export function registryLogin(cloud: SignIn, ca: string): AccessTokens {
  const connection = connect(ca);
  const entraToken = (): Promise<string> =>
    post(connection, `${cloud.entra}/${cloud.tenantId}/oauth2/v2.0/token`, 'access_token', {
      grant_type: 'client_credentials',
      client_id: cloud.client.clientId,
      client_secret: cloud.client.clientSecret,
      scope: REGISTRY_SCOPE,
    });
  return exchangedTokens({ loginServer: cloud.registry.loginServer, tenantId: cloud.tenantId, entraToken }, connection);
}
