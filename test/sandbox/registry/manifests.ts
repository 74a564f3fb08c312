import { HttpAnswer, readBody } from '../http.ts';
import type { Exchange, Route } from '../http.ts';
import type { Guard } from './guard.ts';
import { outlineOf, requiredBlobs } from './manifest.ts';
import type { Outline } from './manifest.ts';
import { digestOf, isDigest, referenceName, repositoryName } from './name.ts';
import { digestInvalid, manifestUnknown, refuse } from './refusal.ts';
import type { ManifestRecord, Repository } from './repository.ts';
import { repositoryScope } from './scope.ts';
import type { Content } from './store.ts';

/** The limit that OCI distribution 1.1 recommends. Bytes. */
const MAX_MANIFEST = 4 * 1024 * 1024;

const PATTERN = /^\/v2\/(?<name>.+)\/manifests\/(?<reference>[^/]+)$/;

/** Whether an Accept header allows a type. Assumed: no header, and the wildcard, allow every type. */
const accepts = (header: string | undefined, mediaType: string): boolean =>
  (header ?? '*/*')
    .split(',')
    .map((each) => each.split(';')[0]?.trim())
    .some((each) => each === mediaType || each === '*/*');

/** distribution/distribution names every missing blob, children of an index included. */
function checkComplete(repository: Repository, outline: Outline): void {
  const missing = [
    ...requiredBlobs(outline).filter((digest) => !repository.blobs.has(digest)),
    ...outline.children.map(({ digest }) => digest).filter((digest) => !repository.manifests.has(digest)),
  ];
  if (!missing.length) return;
  const errors = missing.map((digest) => ({
    code: 'MANIFEST_BLOB_UNKNOWN',
    message: 'blob unknown to registry',
    detail: { digest },
  }));
  throw new HttpAnswer(400, { errors });
}

function sendManifest({ request, response }: Exchange, { stored }: ManifestRecord): void {
  response.writeHead(200, {
    'content-type': stored.mediaType,
    'content-length': String(stored.bytes.length),
    'docker-content-digest': stored.digest,
    etag: `"${stored.digest}"`,
  });
  response.end(request.method === 'HEAD' ? undefined : stored.bytes);
}

/** Pulls, pushes and deletes manifests. */
export function manifestRoutes(content: Content, guard: Guard): readonly Route[] {
  const get = async (exchange: Exchange): Promise<void> => {
    const name = repositoryName(exchange.params['name']);
    await guard(exchange, repositoryScope(name, 'pull'));
    const reference = exchange.params['reference'] ?? '';
    const repository = content.find(name);
    const found = repository?.find(reference);
    if (!found || !accepts(exchange.request.headers.accept, found.stored.mediaType)) throw manifestUnknown(reference);
    repository?.locks.checkRead(reference, found.stored.digest);
    sendManifest(exchange, found);
  };

  const put = async (exchange: Exchange): Promise<void> => {
    const name = repositoryName(exchange.params['name']);
    await guard(exchange, repositoryScope(name, 'pull', 'push'));
    const reference = referenceName(exchange.params['reference']);
    const bytes = await readBody(exchange.request, MAX_MANIFEST);
    const [mediaType = ''] = (exchange.request.headers['content-type'] ?? '').split(';');
    const stored = { digest: digestOf(bytes), mediaType, bytes };
    if (isDigest(reference) && reference !== stored.digest) throw digestInvalid(reference);
    const outline = outlineOf(stored);
    const repository = content.ensure(name);
    checkComplete(repository, outline);
    repository.put(stored, isDigest(reference) ? undefined : reference);
    exchange.response
      .writeHead(201, {
        location: `/v2/${name}/manifests/${stored.digest}`,
        'docker-content-digest': stored.digest,
        'content-length': '0',
        ...(outline.subject !== undefined && { 'oci-subject': outline.subject }),
      })
      .end();
  };

  /** By digest only (the service's REST reference: "a manifest can only be deleted by digest"). ACR's own API deletes tags. */
  const remove = async (exchange: Exchange): Promise<void> => {
    const name = repositoryName(exchange.params['name']);
    await guard(exchange, repositoryScope(name, 'delete'));
    const reference = exchange.params['reference'] ?? '';
    if (!isDigest(reference)) throw refuse(405, 'UNSUPPORTED', 'The operation is unsupported.');
    const repository = content.find(name);
    repository?.locks.checkDelete(reference);
    if (repository?.remove(reference) !== true) throw manifestUnknown(reference);
    exchange.response.writeHead(202, { 'content-length': '0' }).end();
  };

  return [
    { method: 'GET', pattern: PATTERN, handle: get },
    { method: 'HEAD', pattern: PATTERN, handle: get },
    { method: 'PUT', pattern: PATTERN, handle: put },
    { method: 'DELETE', pattern: PATTERN, handle: remove },
  ];
}
