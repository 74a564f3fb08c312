import { z } from 'zod';
import type { LockAttributes } from '../description.ts';
import { readBody, sendJson } from '../http.ts';
import type { Exchange, Route } from '../http.ts';
import { manifestAttributes, references, repositoryAttributes, tagAttributes } from './attributes.ts';
import type { Guard } from './guard.ts';
import { sendCatalog } from './listings.ts';
import { repositoryName } from './name.ts';
import { pageOf } from './paging.ts';
import { createPlatforms } from './platforms.ts';
import { manifestUnknown, nameUnknown, refuseShortly } from './refusal.ts';
import type { Repository } from './repository.ts';
import { repositoryScope } from './scope.ts';
import type { Order } from './sorted.ts';
import type { Content } from './store.ts';

/** By name, or by `orderby`. Assumed: an unknown order is `timeasc`. */
function orderOf({ url }: Exchange): Order {
  const orderby = url.searchParams.get('orderby') ?? '';
  if (orderby === '') return 'name';
  return orderby === 'timedesc' ? 'timedesc' : 'timeasc';
}

/** Opens the repository of a request for one action: `metadata_read`, `metadata_write` or `delete`. */
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

const tagUnknown = (): Error => refuseShortly(404, 'TAG_UNKNOWN', 'the specified tag does not exist');

/** Recorded on every deletion. */
const DELETIONS = { 'x-ms-ratelimit-remaining-calls-per-second': '8.000000' };

const lockSchema = z.strictObject({
  deleteEnabled: z.boolean().optional(),
  writeEnabled: z.boolean().optional(),
  readEnabled: z.boolean().optional(),
  listEnabled: z.boolean().optional(),
});

/** The attributes that a PATCH sets. They can change while the artifact is locked (recorded). */
const readLock = async ({ request }: Exchange): Promise<LockAttributes> =>
  lockSchema.parse(JSON.parse((await readBody(request)).toString('utf8'))) as LockAttributes;

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
    if (!tag) throw tagUnknown();
    sendJson(exchange.response, 200, { ...heading(exchange, repository), tag: tagAttributes(repository, tag) });
  };

  const change = async (exchange: Exchange): Promise<void> => {
    const repository = await open(exchange, 'metadata_write');
    const tag = repository.tags.get(exchange.params['tag'] ?? '');
    if (!tag) throw tagUnknown();
    repository.locks.set(tag.name, await readLock(exchange));
    sendJson(exchange.response, 200, { ...heading(exchange, repository), tag: tagAttributes(repository, tag) });
  };

  const remove = async (exchange: Exchange): Promise<void> => {
    const repository = await open(exchange, 'delete');
    const name = exchange.params['tag'] ?? '';
    if (repository.tags.has(name)) repository.locks.checkDelete(name);
    if (!repository.untag(name)) throw tagUnknown();
    exchange.response.writeHead(202, { 'content-length': '0', ...DELETIONS }).end();
  };

  const one = /^\/acr\/v1\/(?<name>.+)\/_tags\/(?<tag>[^/]+)$/;
  return [
    { method: 'GET', pattern: /^\/acr\/v1\/(?<name>.+)\/_tags$/, handle: list },
    { method: 'GET', pattern: one, handle: get },
    { method: 'PATCH', pattern: one, handle: change },
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

  const change = async (exchange: Exchange): Promise<void> => {
    const repository = await open(exchange, 'metadata_write');
    const digest = exchange.params['digest'] ?? '';
    const found = repository.manifests.get(digest);
    if (!found) throw manifestUnknown(digest);
    repository.locks.set(digest, await readLock(exchange));
    const manifest = await manifestAttributes(platformOf, repository, found);
    sendJson(exchange.response, 200, { ...heading(exchange, repository), manifest });
  };

  const one = /^\/acr\/v1\/(?<name>.+)\/_manifests\/(?<digest>[^/]+)$/;
  return [
    { method: 'GET', pattern: /^\/acr\/v1\/(?<name>.+)\/_manifests$/, handle: list },
    { method: 'GET', pattern: one, handle: get },
    { method: 'PATCH', pattern: one, handle: change },
  ];
}

function repositoryRoutes(content: Content, open: Open): readonly Route[] {
  const get = async (exchange: Exchange): Promise<void> => {
    sendJson(exchange.response, 200, repositoryAttributes(exchange.url.host, await open(exchange)));
  };

  const remove = async (exchange: Exchange): Promise<void> => {
    const { name, manifests, tags } = await open(exchange, 'delete');
    content.drop(name);
    const body = { manifestsDeleted: [...manifests.keys()], tagsDeleted: [...tags.keys()] };
    sendJson(exchange.response, 202, body, DELETIONS);
  };

  const pattern = /^\/acr\/v1\/(?<name>.+)$/;
  return [
    { method: 'GET', pattern, handle: get },
    { method: 'DELETE', pattern, handle: remove },
  ];
}

/** The part of ACR's own API that clients read. Attributes of a repository can't be changed. */
export function metadataRoutes(content: Content, guard: Guard): readonly Route[] {
  const open = opener(content, guard);
  const catalog: Route = {
    method: 'GET',
    pattern: /^\/acr\/v1\/_catalog$/,
    handle: (exchange) => sendCatalog(exchange, content, guard),
  };
  return [catalog, ...tagRoutes(open), ...manifestRoutes(content, open), ...repositoryRoutes(content, open)];
}
