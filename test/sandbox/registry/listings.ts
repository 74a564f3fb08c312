import { sendJson } from '../http.ts';
import type { Exchange, Route } from '../http.ts';
import type { Guard } from './guard.ts';
import { digestName, repositoryName } from './name.ts';
import { pageOf } from './paging.ts';
import { nameUnknown } from './refusal.ts';
import type { ManifestRecord } from './repository.ts';
import { CATALOG, repositoryScope } from './scope.ts';
import type { Content } from './store.ts';

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

const byDigest = (a: ManifestRecord, b: ManifestRecord): number => (a.stored.digest < b.stored.digest ? -1 : 1);

/** A referrer in a list (OCI distribution 1.1, "Listing Referrers"). */
const describe = ({ stored, outline }: ManifestRecord): object => ({
  mediaType: stored.mediaType,
  digest: stored.digest,
  size: stored.bytes.length,
  ...(outline.artifactType !== undefined && { artifactType: outline.artifactType }),
  ...(outline.annotations && { annotations: outline.annotations }),
});

/** The repositories in the lists of both APIs. */
export async function sendCatalog(exchange: Exchange, content: Content, guard: Guard): Promise<void> {
  await guard(exchange, CATALOG);
  const names = content.repositories().map(({ name }) => name);
  const { items, headers } = pageOf(exchange, names, (name) => name);
  sendJson(exchange.response, 200, { repositories: items }, headers);
}

/** The lists of the distribution API: repositories, tags, referrers. */
export function listingRoutes(content: Content, guard: Guard): readonly Route[] {
  const base = async (exchange: Exchange): Promise<void> => {
    await guard(exchange);
    sendJson(exchange.response, 200, {});
  };

  /** Needs `metadata_read` and not `pull` (argoproj-labs/argocd-image-updater#473). */
  const tags = async (exchange: Exchange): Promise<void> => {
    const name = repositoryName(exchange.params['name']);
    await guard(exchange, repositoryScope(name, 'metadata_read'));
    const repository = content.find(name);
    if (!repository) throw nameUnknown(name);
    const { items, headers } = pageOf(exchange, repository.tagsSorted('name'), (tag) => tag.name);
    sendJson(exchange.response, 200, { name, tags: items.map((tag) => tag.name) }, headers);
  };

  /** An empty index also for a missing subject or repository. Only a registry without this API returns 404. */
  const referrers = async (exchange: Exchange): Promise<void> => {
    const name = repositoryName(exchange.params['name']);
    await guard(exchange, repositoryScope(name, 'pull'));
    const artifactType = exchange.url.searchParams.get('artifactType');
    const all = content.find(name)?.referrers(digestName(exchange.params['digest'])) ?? [];
    const wanted = all.filter(({ outline }) => artifactType === null || outline.artifactType === artifactType);
    const { items, headers } = pageOf(exchange, [...wanted].sort(byDigest), ({ stored }) => stored.digest);
    sendJson(
      exchange.response,
      200,
      { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: items.map(describe) },
      {
        'content-type': INDEX_TYPE,
        ...headers,
        ...(artifactType !== null && { 'oci-filters-applied': 'artifactType' }),
      },
    );
  };

  return [
    { method: 'GET', pattern: /^\/v2\/?$/, handle: base },
    { method: 'GET', pattern: /^\/v2\/_catalog$/, handle: (exchange) => sendCatalog(exchange, content, guard) },
    { method: 'GET', pattern: /^\/v2\/(?<name>.+)\/tags\/list$/, handle: tags },
    { method: 'GET', pattern: /^\/v2\/(?<name>.+)\/referrers\/(?<digest>[^/]+)$/, handle: referrers },
  ];
}
