import { HttpAnswer, sendJson } from '../http.ts';
import type { Exchange } from '../http.ts';
import type { AccessTokens } from './access-tokens.ts';
import { sameAudience } from './directory.ts';
import type { Directory, Identity } from './directory.ts';

/** Path of the endpoint on the server of the directory. On App Service, it is a server on the machine itself. */
export const MANAGED_IDENTITY_PATH = '/msi/token';

const refusal = (message: string): HttpAnswer => new HttpAnswer(400, { statusCode: 400, message });

/**
 * With a single identity, its ID is optional. Assumed: App Service returns the system-assigned identity, which the sandbox
 * doesn't have.
 */
function chosen(directory: Directory, query: URLSearchParams): Identity {
  const id = query.get('client_id');
  const found =
    id === null
      ? directory.managedIdentities[0]
      : directory.managedIdentities.find(({ clientId }) => clientId === id.toLowerCase());
  if (!found)
    throw refusal(
      `No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.`,
    );
  return found;
}

/**
 * Issues tokens of managed identities as App Service does: `?api-version=2019-08-01&resource=…&client_id=…` with the header
 * X-IDENTITY-HEADER (Microsoft Learn, "Managed identities in App Service", REST endpoint reference). Assumed: the texts of
 * refusals.
 */
export function managedIdentityEndpoint(
  directory: Directory,
  tokens: AccessTokens,
): (exchange: Exchange) => Promise<void> {
  return async ({ request, response, url }) => {
    if (request.headers['x-identity-header'] !== directory.identityHeader) {
      throw new HttpAnswer(403, { statusCode: 403, message: 'X-IDENTITY-HEADER is missing or wrong.' });
    }
    const resource = url.searchParams.get('resource') ?? '';
    if (!directory.resources().some((known) => sameAudience(known, resource))) {
      throw refusal(`The resource principal named ${resource} was not found in the tenant.`);
    }
    const identity = chosen(directory, url.searchParams);
    const { token, lifetimeSeconds } = await tokens.issue(identity, resource);
    sendJson(response, 200, {
      access_token: token,
      expires_on: String(Math.floor(Date.now() / 1000) + lifetimeSeconds),
      resource,
      token_type: 'Bearer',
      client_id: identity.clientId,
    });
  };
}
