import type * as z from 'zod';
import { failed, ok } from '../../transfer/errors/index.ts';
import { systemClock, type Clock } from '../../transfer/ports/clock.ts';
import type { ListedTag, Manifest, Registry, RepositoryList } from '../../transfer/ports/registry.ts';
import { createThrottle, retryingSend } from '../http/index.ts';
import { catchExpected, isDenied, isMissing, isMissingRepository, readError } from './errors.ts';
import { catalogPage, manifestsPage, PAGE_SIZE, referrersPage, tagAttributes, tagsPage } from './listings.ts';
import { MANIFEST_TYPES, MAX_MANIFEST_BYTES, toManifest } from './manifest.ts';
import { parseBody, registryReader, type Reader } from './reader.ts';
import { CATALOG_SCOPE, registryTokens, repositoryScope, type TokenSource } from './tokens.ts';
import { createTransport, type Send } from './transport.ts';

const JSON_TYPE = 'application/json';
const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/** Encodes a name or a digest for a path. Slashes and colons stay; all other reserved characters are escaped. */
const encoded = (name: string): string => encodeURIComponent(name).replaceAll('%2F', '/').replaceAll('%3A', ':');

const orNull = (): null => null;

const readManifest = (reader: Reader, repository: string, tagOrDigest: string): Promise<Manifest | null> =>
  catchExpected(isMissing, orNull, async () => {
    const path = `/v2/${encoded(repository)}/manifests/${encoded(tagOrDigest)}`;
    const request = { path, scope: repositoryScope(repository), accept: MANIFEST_TYPES, maxBytes: MAX_MANIFEST_BYTES };
    return reader.read(request, (response) => toManifest(response, tagOrDigest));
  });

const readCatalog = (reader: Reader): Promise<RepositoryList> =>
  catchExpected<RepositoryList, RepositoryList>(
    isDenied,
    ({ reason }) => failed(reason),
    async () => {
      const request = { path: `/v2/_catalog?n=${PAGE_SIZE}`, scope: CATALOG_SCOPE, accept: JSON_TYPE };
      return ok((await reader.readPages(request, catalogPage)).flat());
    },
  );

const readList = <Entry>(
  reader: Reader,
  repository: string,
  list: '_manifests' | '_tags',
  page: z.ZodType<readonly Entry[]>,
): Promise<readonly Entry[] | null> =>
  catchExpected(isMissingRepository, orNull, async () => {
    const path = `/acr/v1/${encoded(repository)}/${list}?n=${PAGE_SIZE}`;
    return (await reader.readPages({ path, scope: repositoryScope(repository), accept: JSON_TYPE }, page)).flat();
  });

/** The attributes of a tag have a few hundred bytes. */
const MAX_TAG_BYTES = 64 * 1024;

const readTag = (reader: Reader, repository: string, tag: string): Promise<ListedTag | null> =>
  catchExpected(isMissing, orNull, async () => {
    const path = `/acr/v1/${encoded(repository)}/_tags/${encoded(tag)}`;
    const request = { path, scope: repositoryScope(repository), accept: JSON_TYPE, maxBytes: MAX_TAG_BYTES };
    return reader.read(request, (response) => parseBody(response, tagAttributes));
  });

/** Reads referrers. A registry without this API responds with 404 (OCI distribution 1.1, "Unavailable Referrers API"). */
const readReferrers = (reader: Reader, repository: string, digest: string): Promise<readonly string[]> =>
  catchExpected(
    isMissing,
    () => [],
    async () => {
      const path = `/v2/${encoded(repository)}/referrers/${encoded(digest)}`;
      const request = { path, scope: repositoryScope(repository), accept: INDEX_TYPE };
      return (await reader.readPages(request, referrersPage)).flat();
    },
  );

/**
 * Connects to a registry's data plane. Digests are computed from the received bytes and compared with the registry's
 * headers. Manifests come from the distribution API. Lists come from ACR's own API, because only it has times and media types.
 */
export function connectRegistry(
  loginServer: string,
  tokenSource: Omit<TokenSource, 'origin'>,
  clock: Clock = systemClock,
): Registry {
  const origin = `https://${loginServer}`;
  const sendOnce = createTransport();
  const retry = retryingSend(createThrottle(clock), clock);
  const send: Send = (request) => retry(() => sendOnce(request));
  const reader = registryReader(origin, registryTokens({ origin, ...tokenSource }, send, clock), sendOnce, retry);
  const withReadError = async <Result>(reference: string, work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      throw readError(error, loginServer, reference);
    }
  };
  return {
    loginServer,
    manifest: (repository, tagOrDigest) => {
      const reference = `${repository}${tagOrDigest.includes(':') ? '@' : ':'}${tagOrDigest}`;
      return withReadError(reference, readManifest(reader, repository, tagOrDigest));
    },
    repositories: () => withReadError('the list of repositories', readCatalog(reader)),
    manifests: (repository) => withReadError(repository, readList(reader, repository, '_manifests', manifestsPage)),
    tags: (repository) => withReadError(repository, readList(reader, repository, '_tags', tagsPage)),
    tag: (repository, tag) => withReadError(`${repository}:${tag}`, readTag(reader, repository, tag)),
    referrers: (repository, digest) =>
      withReadError(`${repository}@${digest}`, readReferrers(reader, repository, digest)),
  };
}
