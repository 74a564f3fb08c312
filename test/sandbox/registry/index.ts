import path from 'node:path';
import type { CloudContext, RegistryService, TokenService } from '../contracts.ts';
import { listen } from '../http.ts';
import type { Interceptor } from '../http.ts';
import { createAccess } from './access.ts';
import { blobRoutes } from './blobs.ts';
import { putManifests } from './bulk.ts';
import { createDataEndpoint } from './data.ts';
import { createGuard } from './guard.ts';
import { listingRoutes } from './listings.ts';
import { manifestRoutes } from './manifests.ts';
import { metadataRoutes } from './metadata.ts';
import { oauthRoutes } from './oauth.ts';
import { createRateLimiter } from './rate-limits.ts';
import { createStore, openContent } from './store.ts';
import { uploadRoutes } from './uploads.ts';

/** Recorded on every response of the service. */
const EVERYWHERE = {
  server: 'AzureContainerRegistry',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};

/** Recorded on the responses of the distribution API and of ACR's own API. */
const DATA_PLANE = {
  'access-control-expose-headers': 'Docker-Content-Digest',
  'docker-distribution-api-version': 'registry/2.0',
};

/** Adds the headers of every response, faults included. */
function withHeaders(intercept: Interceptor): Interceptor {
  return (request, response) => {
    const dataPlane = /^\/(?:v2|acr)\//.test(request.url ?? '');
    const headers = { ...EVERYWHERE, ...(dataPlane && DATA_PLANE) };
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return intercept(request, response);
  };
}

/**
 * Starts the registry of a cloud: the OCI distribution API 1.1, ACR's own API and its token service. Its content is in the
 * cloud's folder. Its login server is the host of `origin`.
 * @param audiences of Entra tokens, in addition to the well-known ones: the cloud's ARM endpoint
 */
export async function startRegistry(
  context: CloudContext,
  tokens: TokenService,
  audiences: readonly string[] = [],
): Promise<RegistryService> {
  const content = await openContent(path.join(context.folder, 'registry'));
  const access = createAccess(context, tokens, audiences);
  const limiter = createRateLimiter(() => context.settings().registry.rateLimits);
  const guard = createGuard(access, limiter);
  const data = createDataEndpoint(content.blobs);
  const routes = [
    ...oauthRoutes(context, access, limiter),
    ...data.routes,
    ...uploadRoutes(content, guard),
    ...blobRoutes(content, guard, data),
    ...manifestRoutes(content, guard),
    ...listingRoutes(content, guard),
    ...metadataRoutes(content, guard),
  ];
  const identity = await context.authority.issueServer(`${context.side} registry`);
  const listener = await listen(identity, routes, withHeaders(context.interceptor('registry')));
  return {
    ...listener,
    store: createStore(content),
    putManifests: (entries) => putManifests(content, entries),
    lock: ({ repository, reference, attributes }) => {
      content.ensure(repository).locks.set(reference, attributes);
    },
  };
}
