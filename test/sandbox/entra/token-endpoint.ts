import type { Principal } from '../contracts.ts';
import { readBody, sendJson } from '../http.ts';
import type { Exchange } from '../http.ts';
import type { AccessTokens } from './access-tokens.ts';
import { issuerKeys, verifyAssertion } from './assertion.ts';
import { sameAudience } from './directory.ts';
import type { Application, Directory } from './directory.ts';
import type { DirectoryErrors } from './errors.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const DEFAULT_SCOPE = '/.default';

/** Everything that the endpoint needs. */
export interface TokenEndpointParts {
  readonly tenantId: string;
  readonly directory: Directory;
  readonly tokens: AccessTokens;
  readonly errors: DirectoryErrors;
  readonly noteSecret: (secret: string | null) => void;
}

function required(form: URLSearchParams, name: string, errors: DirectoryErrors): string {
  const value = form.get(name);
  if (value === null || value === '') throw errors.missingParameter(name);
  return value;
}

/**
 * `X/.default` requests a token for X. Only the suffix is removed, so `https://management.core.windows.net//.default` gives an
 * audience with a trailing slash (Microsoft Learn, "Scopes and permissions", trailing slash and .default).
 */
function audienceOf(scope: string, { directory, errors }: TokenEndpointParts): string {
  if (!scope.endsWith(DEFAULT_SCOPE)) throw errors.invalidScope(scope);
  const audience = scope.slice(0, -DEFAULT_SCOPE.length);
  if (!directory.resources().some((resource) => sameAudience(resource, audience)))
    throw errors.unknownResource(audience);
  return audience;
}

/** Handles `POST /TENANT/oauth2/v2.0/token` for client credentials: a secret, or a federated assertion. */
export function tokenEndpoint(parts: TokenEndpointParts): (exchange: Exchange) => Promise<void> {
  const { tenantId, directory, tokens, errors, noteSecret } = parts;
  const keysOf = issuerKeys();

  const authenticate = async (form: URLSearchParams, application: Application): Promise<Principal> => {
    const [secret, assertion] = [form.get('client_secret'), form.get('client_assertion')];
    noteSecret(secret);
    noteSecret(assertion);
    if (assertion !== null && form.get('client_assertion_type') === ASSERTION_TYPE) {
      await verifyAssertion(assertion, application.federatedCredentials, keysOf, errors);
    } else if (secret === null) {
      throw errors.noCredential();
    } else if (secret !== application.secret) {
      throw errors.wrongSecret(application.clientId);
    }
    return application;
  };

  return async ({ request, response, params }) => {
    if (params['tenant'] !== tenantId) throw errors.unknownTenant(params['tenant'] ?? '');
    const form = new URLSearchParams((await readBody(request)).toString());
    const grant = required(form, 'grant_type', errors);
    if (grant !== 'client_credentials') throw errors.unsupportedGrant(grant);
    const clientId = required(form, 'client_id', errors);
    const application = directory.applications.find((candidate) => candidate.clientId === clientId);
    if (!application) throw errors.unknownClient(clientId);
    const principal = await authenticate(form, application);
    const { token, lifetimeSeconds } = await tokens.issue(
      principal,
      audienceOf(required(form, 'scope', errors), parts),
    );
    sendJson(
      response,
      200,
      { token_type: 'Bearer', expires_in: lifetimeSeconds, ext_expires_in: lifetimeSeconds, access_token: token },
      { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' },
    );
  };
}
