import type { CloudContext, Principal, RunningService, TokenService } from '../contracts.ts';
import { listen, sendJson } from '../http.ts';
import type { Route } from '../http.ts';
import { createAccessTokens } from './access-tokens.ts';
import { verifyBearer } from './bearer.ts';
import type { Directory } from './directory.ts';
import { instanceMetadata, openidConfiguration } from './discovery.ts';
import { directoryErrors } from './errors.ts';
import { MANAGED_IDENTITY_PATH, managedIdentityEndpoint } from './managed-identity.ts';
import { tokenEndpoint } from './token-endpoint.ts';

/** A running directory. */
export interface EntraService extends TokenService, RunningService {
  /** The value of IDENTITY_ENDPOINT on App Service. */
  readonly managedIdentityEndpoint: string;
}

/** The client ID of an object ID. An unregistered identity, such as that of a pipeline, has none, and its object ID is used. */
function principalOf(directory: Directory, objectId: string): Principal {
  const known = [...directory.applications, ...directory.managedIdentities];
  return known.find((identity) => identity.objectId === objectId) ?? { objectId, clientId: objectId };
}

/**
 * Starts the directory of one cloud: discovery, client credentials with a secret or a federated assertion, managed identities, and the
 * verification of its tokens for the other services.
 */
export async function startEntra(context: CloudContext, directory: Directory): Promise<EntraService> {
  const { tenantId } = context;
  const tokens = await createAccessTokens(tenantId, () => context.settings().tokenLifetimeSeconds);
  const routes: Route[] = [];
  const tls = await context.authority.issueServer('entra');
  const { origin, close } = await listen(tls, routes, context.interceptor('entra'));
  const errors = directoryErrors(origin, tenantId);

  const describe = (document: unknown): Route['handle'] => {
    return ({ response, params }) => {
      if (params['tenant'] !== tenantId) throw errors.unknownTenant(params['tenant'] ?? '');
      sendJson(response, 200, document);
    };
  };
  routes.push(
    {
      method: 'GET',
      pattern: /^\/(?<tenant>[^/]+)\/v2\.0\/\.well-known\/openid-configuration$/,
      handle: describe(openidConfiguration(origin, tenantId)),
    },
    { method: 'GET', pattern: /^\/(?<tenant>[^/]+)\/discovery\/v2\.0\/keys$/, handle: describe(tokens.keys) },
    {
      method: 'GET',
      pattern: /^\/common\/discovery\/instance$/,
      handle: ({ response }) => {
        sendJson(response, 200, instanceMetadata(origin, tenantId));
      },
    },
    {
      method: 'POST',
      pattern: /^\/(?<tenant>[^/]+)\/oauth2\/v2\.0\/token$/,
      handle: tokenEndpoint({ tenantId, directory, tokens, errors, noteSecret: context.noteSecret }),
    },
    {
      method: 'GET',
      pattern: new RegExp(`^${MANAGED_IDENTITY_PATH}$`),
      handle: managedIdentityEndpoint(directory, tokens),
    },
  );

  return {
    origin,
    close,
    managedIdentityEndpoint: `${origin}${MANAGED_IDENTITY_PATH}`,
    verifyBearer: (request, audiences) => verifyBearer(request, audiences, tokens, `${origin}/${tenantId}`),
    verifyToken: async (token, audiences) => {
      const verdict = await tokens.inspect(token, audiences);
      return verdict.holds ? verdict.principal : null;
    },
    mintFor: async (objectId, audience) => (await tokens.issue(principalOf(directory, objectId), audience)).token,
  };
}
