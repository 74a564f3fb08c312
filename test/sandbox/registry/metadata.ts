import { sendJson } from '../http.ts';
import type { Exchange, Route } from '../http.ts';
import { manifestAttributes, references, repositoryAttributes, tagAttributes } from './attributes.ts';
import type { Guard } from './guard.ts';
import { sendCatalog } from './listings.ts';
import { repositoryName } from './name.ts';
import { pageOf } from './paging.ts';
import { createPlatforms } from './platforms.ts';
import { manifestUnknown, nameUnknown, refuse } from './refusal.ts';
import type { Repository } from './repository.ts';
import { repositoryScope } from './scope.ts';
import type { Order } from './sorted.ts';
import type { Content } from './store.ts';

/** By name, or as `orderby` says. Assumed: an order that is not known is `timeasc`. */
function orderOf({ url }: Exchange): Order {
  const orderby = url.searchParams.get('orderby') ?? '';
  if (orderby === '') return 'name';
  return orderby === 'timedesc' ? 'timedesc' : 'timeasc';
}

/** Opens the repository of a request for one action, `metadata_read` or `delete`. */
type Open = (exchange: Exchange, action?: string) => Promise<Repository>;

const opener =
  (content: Content, guard: Guard): Open =>
  async (exchange, action = 'metadata_read') => {
    const name = repositoryName(exchange.params['name']);
    await guard(exchange, repositoryScope(name, action));
    const repository = content.find(name);
    if (!repository) throw nameUnknown(name);
    return repository;
  };

const heading = ({ url }: Exchange, { name }: Repository): object => ({ registry: url.host, imageName: name });

const tagUnknown = (tag: string): Error => refuse(404, 'TAG_UNKNOWN', 'the specified tag does not exist', { Tag: tag });

function tagRoutes(open: Open): readonly Route[] {
  const list = async (exchange: Exchange): Promise<void> => {
    const repository = await open(exchange);
    const digest = exchange.url.searchParams.get('digest');
    const all = repository.tagsSorted(orderOf(exchange));
    const wanted = digest === null ? all : all.filter((tag) => tag.digest === digest);
    const { items, headers } = pageOf(exchange, wanted, ({ name }) => name);
    sendJson(
      exchange.response,
      200,
      { ...heading(exchange, repository), tags: items.map((tag) => tagAttributes(repository, tag)) },
      headers,
    );
  };

  const get = async (exchange: Exchange): Promise<void> => {
    const repository = await open(exchange);
    const name = exchange.params['tag'] ?? '';
    const tag = repository.tags.get(name);
    if (!tag) throw tagUnknown(name);
    sendJson(exchange.response, 200, { ...heading(exchange, repository), tag: tagAttributes(repository, tag) });
  };

  const remove = async (exchange: Exchange): Promise<void> => {
    const repository = await open(exchange, 'delete');
    const name = exchange.params['tag'] ?? '';
    if (!repository.untag(name)) throw tagUnknown(name);
    exchange.response.writeHead(202, { 'content-length': '0' }).end();
  };

  const one = /^\/acr\/v1\/(?<name>.+)\/_tags\/(?<tag>[^/]+)$/;
  return [
    { method: 'GET', pattern: /^\/acr\/v1\/(?<name>.+)\/_tags$/, handle: list },
    { method: 'GET', pattern: one, handle: get },
    { method: 'DELETE', pattern: one, handle: remove },
  ];
}

function manifestRoutes({ blobs }: Content, open: Open): readonly Route[] {
  const platformOf = createPlatforms(blobs);

  const list = async (exchange: Exchange): Promise<void> => {
    const repository = await open(exchange);
    const all = repository.manifestsSorted(orderOf(exchange));
    const { items, headers } = pageOf(exchange, all, ({ stored }) => stored.digest);
    const manifests = await Promise.all(items.map((item) => manifestAttributes(platformOf, repository, item)));
    sendJson(exchange.response, 200, { ...heading(exchange, repository), manifests }, headers);
  };

  const get = async (exchange: Exchange): Promise<void> => {
    const repository = await open(exchange);
    const digest = exchange.params['digest'] ?? '';
    const found = repository.manifests.get(digest);
    if (!found) throw manifestUnknown(digest);
    const manifest = { ...(await manifestAttributes(platformOf, repository, found)), ...references(found) };
    sendJson(exchange.response, 200, { ...heading(exchange, repository), manifest });
  };

  return [
    { method: 'GET', pattern: /^\/acr\/v1\/(?<name>.+)\/_manifests$/, handle: list },
    { method: 'GET', pattern: /^\/acr\/v1\/(?<name>.+)\/_manifests\/(?<digest>[^/]+)$/, handle: get },
  ];
}

function repositoryRoutes(content: Content, open: Open): readonly Route[] {
  const get = async (exchange: Exchange): Promise<void> => {
    sendJson(exchange.response, 200, repositoryAttributes(exchange.url.host, await open(exchange)));
  };

  const remove = async (exchange: Exchange): Promise<void> => {
    const { name, manifests, tags } = await open(exchange, 'delete');
    content.drop(name);
    sendJson(exchange.response, 202, { manifestsDeleted: [...manifests.keys()], tagsDeleted: [...tags.keys()] });
  };

  const pattern = /^\/acr\/v1\/(?<name>.+)$/;
  return [
    { method: 'GET', pattern, handle: get },
    { method: 'DELETE', pattern, handle: remove },
  ];
}

/** ACR's own API, as far as clients read it; attributes cannot be changed. */
export function metadataRoutes(content: Content, guard: Guard): readonly Route[] {
  const open = opener(content, guard);
  const catalog: Route = {
    method: 'GET',
    pattern: /^\/acr\/v1\/_catalog$/,
    handle: (exchange) => sendCatalog(exchange, content, guard),
  };
  return [catalog, ...tagRoutes(open), ...manifestRoutes(content, open), ...repositoryRoutes(content, open)];
}
