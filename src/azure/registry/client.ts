import type * as z from 'zod';
import { systemClock, type Clock } from '../../transfer/ports/clock.ts';
import type { Manifest, Registry, RepositoryList } from '../../transfer/ports/registry.ts';
import { createThrottle, retryingSend } from '../http/index.ts';
import { catchExpected, isDenied, isMissing, isMissingRepository, readError } from './errors.ts';
import { catalogPage, manifestsPage, PAGE_SIZE, referrersPage, tagsPage } from './listings.ts';
import { MANIFEST_TYPES, MAX_MANIFEST, toManifest } from './manifest.ts';
import { registryReader, type Reader } from './reader.ts';
import { CATALOG_SCOPE, registryTokens, repositoryScope, type TokenSource } from './tokens.ts';
import { createTransport, type Send } from './transport.ts';

const JSON_TYPE = 'application/json';
const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/** The slashes of a name and the colon of a digest are part of the path; nothing else that URLs know may be. */
const encoded = (name: string): string => encodeURIComponent(name).replaceAll('%2F', '/').replaceAll('%3A', ':');

const nothing = (): null => null;

const readManifest = (reader: Reader, repository: string, tagOrDigest: string): Promise<Manifest | null> =>
  catchExpected(isMissing, nothing, async () => {
    const path = `/v2/${encoded(repository)}/manifests/${encoded(tagOrDigest)}`;
    const reading = { path, scope: repositoryScope(repository), accept: MANIFEST_TYPES, largest: MAX_MANIFEST };
    return reader.read(reading, (answer) => toManifest(answer, tagOrDigest));
  });

const readCatalog = (reader: Reader): Promise<RepositoryList> =>
  catchExpected<RepositoryList, RepositoryList>(
    isDenied,
    ({ reason }) => ({ kind: 'refused', reason }),
    async () => {
      const reading = { path: `/v2/_catalog?n=${PAGE_SIZE}`, scope: CATALOG_SCOPE, accept: JSON_TYPE };
      return { kind: 'listed', names: (await reader.readPages(reading, catalogPage)).flat() };
    },
  );

const readList = <Entry>(
  reader: Reader,
  repository: string,
  list: '_manifests' | '_tags',
  page: z.ZodType<readonly Entry[]>,
): Promise<readonly Entry[] | null> =>
  catchExpected(isMissingRepository, nothing, async () => {
    const path = `/acr/v1/${encoded(repository)}/${list}?n=${PAGE_SIZE}`;
    return (await reader.readPages({ path, scope: repositoryScope(repository), accept: JSON_TYPE }, page)).flat();
  });

/** A registry without this API answers 404 (OCI distribution 1.1, "Unavailable Referrers API"). */
const readReferrers = (reader: Reader, repository: string, digest: string): Promise<readonly string[]> =>
  catchExpected(
    isMissing,
    () => [],
    async () => {
      const path = `/v2/${encoded(repository)}/referrers/${encoded(digest)}`;
      const reading = { path, scope: repositoryScope(repository), accept: INDEX_TYPE };
      return (await reader.readPages(reading, referrersPage)).flat();
    },
  );

/**
 * A registry's data plane. Digests are computed from the bytes that arrived, and compared with what the registry says of
 * them. Manifests come from the distribution API; lists from ACR's own, which alone has times and media types.
 */
export function connectRegistry(
  loginServer: string,
  signIn: Omit<TokenSource, 'origin'>,
  clock: Clock = systemClock,
): Registry {
  const origin = `https://${loginServer}`;
  const once = createTransport();
  const steady = retryingSend(createThrottle(clock), clock);
  const send: Send = (ask) => steady(() => once(ask));
  const reader = registryReader(origin, registryTokens({ origin, ...signIn }, send, clock), once, steady);
  const attempt = async <Result>(reference: string, work: Promise<Result>): Promise<Result> => {
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
      return attempt(reference, readManifest(reader, repository, tagOrDigest));
    },
    repositories: () => attempt('the list of repositories', readCatalog(reader)),
    manifests: (repository) => attempt(repository, readList(reader, repository, '_manifests', manifestsPage)),
    tags: (repository) => attempt(repository, readList(reader, repository, '_tags', tagsPage)),
    referrers: (repository, digest) => attempt(`${repository}@${digest}`, readReferrers(reader, repository, digest)),
  };
}
