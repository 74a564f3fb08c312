import { ContainerRegistryContentClient } from '@azure/container-registry';
import type { TokenCredential } from '@azure/core-auth';
import * as z from 'zod';
import { failure, Failure } from '../transfer/failure.ts';
import { schemaReason } from '../transfer/schema-reason.ts';
import type { Manifest, Registry } from '../transfer/services.ts';
import { networkFailure, refusalOf } from './service-error.ts';
import { TIME_LIMITED } from './time-limit.ts';
import { USER_AGENT } from './user-agent.ts';

const descriptor = z.object({ digest: z.string(), size: z.number().int().nonnegative() });

// An image has config and layers, an index manifests; OCI and Docker media types agree in these members.
const manifestSchema = z.object({
  config: descriptor.nullish(),
  layers: z.array(descriptor).nullish(),
  manifests: z.array(descriptor).nullish(),
  // Older and other kinds (Docker schema 1, ORAS) have neither, but say what they are.
  schemaVersion: z.number().nullish(),
  mediaType: z.string().nullish(),
});

function toManifest(digest: string, mediaType: string, bytes: Buffer): Manifest {
  const parsed = manifestSchema.safeParse(JSON.parse(bytes.toString('utf8')));
  if (!parsed.success) throw new Error(`it is not a manifest: ${schemaReason(parsed.error)}`);
  const { config, layers, manifests, schemaVersion, mediaType: stated } = parsed.data;
  if (!config && !layers && !manifests && !schemaVersion && !stated) throw new Error('it is not a manifest');
  return {
    digest,
    mediaType,
    size: bytes.length,
    content: [...(config ? [config] : []), ...(layers ?? [])],
    children: (manifests ?? []).map((child) => child.digest),
  };
}

/**
 * A registry's data plane. Digests are computed from the bytes that arrived, and compared with what the registry says of
 * them, by the client library.
 */
export function connectRegistry(loginServer: string, credential: TokenCredential, audience: string): Registry {
  const endpoint = `https://${loginServer}`;
  const clients = new Map<string, ContainerRegistryContentClient>();
  // One client for each repository: a registry token is scoped to a repository, and a client keeps just one.
  const clientOf = (repository: string): ContainerRegistryContentClient => {
    const kept = clients.get(repository);
    if (kept !== undefined) return kept;
    const options = { audience, userAgentOptions: { userAgentPrefix: USER_AGENT }, ...TIME_LIMITED };
    const client = new ContainerRegistryContentClient(endpoint, repository, credential, options);
    clients.set(repository, client);
    return client;
  };
  return {
    loginServer,
    manifest: async (repository, tagOrDigest) => {
      try {
        const { digest, mediaType, content } = await clientOf(repository).getManifest(tagOrDigest);
        return toManifest(digest, mediaType, content);
      } catch (error) {
        if (error instanceof Failure) throw error;
        const refusal = refusalOf(error);
        if (refusal.status === 404) return null;
        const reference = `${repository}${tagOrDigest.includes(':') ? '@' : ':'}${tagOrDigest}`;
        const values = { registry: loginServer, reference, reason: refusal.reason };
        const context = { cause: error, correlationId: refusal.correlationId };
        throw networkFailure(error, endpoint) ?? failure('ACRT6004', values, context);
      }
    },
  };
}
