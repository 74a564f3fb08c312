import { randomUUID } from 'node:crypto';
import { Agent } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange } from '../http.ts';
import { interrupted, lengthOf, openSource, renamed } from './copy-source.ts';
import type { TrafficMeter } from './traffic.ts';
import { pairs, passOn, relay } from './upstream.ts';
import type { Upstream } from './upstream.ts';

/**
 * The operations that read their bytes from a URL: `block` Put Block From URL, `blob` Put Blob From URL, `sync` Copy Blob From
 * URL, `async` Copy Blob.
 */
export type CopyKind = 'block' | 'blob' | 'sync' | 'async';

/** Copies from any HTTPS source with a trusted CA. Azurite itself copies only within one instance. */
export interface Copier {
  /**
   * Executes an authorized request.
   * @param authorization Authorization header for Azurite; undefined if the query has a SAS
   */
  readonly copy: (kind: CopyKind, exchange: Exchange, authorization: string | undefined) => Promise<void>;
  readonly close: () => void;
}

/** The copy operation of a request; null for other requests. */
export function copyKindOf(request: IncomingMessage, url: URL): CopyKind | null {
  if (request.method !== 'PUT' || request.headers['x-ms-copy-source'] === undefined) return null;
  const operation = url.searchParams.get('comp');
  if (operation === 'block') return 'block';
  if (operation !== null) return null;
  if (request.headers['x-ms-blob-type'] !== undefined) return 'blob';
  return request.headers['x-ms-requires-sync'] === 'true' ? 'sync' : 'async';
}

/** Properties that a copy takes from its source, with their names in a response and in a request. */
const PROPERTIES: Readonly<Record<string, string>> = {
  'content-type': 'x-ms-blob-content-type',
  'content-encoding': 'x-ms-blob-content-encoding',
  'content-language': 'x-ms-blob-content-language',
  'content-disposition': 'x-ms-blob-content-disposition',
  'cache-control': 'x-ms-blob-cache-control',
  'content-md5': 'x-ms-blob-content-md5',
};

/** Headers about the copy aren't forwarded. The others describe the new block or blob. */
const isAboutCopy = (name: string): boolean =>
  name.startsWith('x-ms-copy-source') ||
  name.startsWith('x-ms-source-') ||
  ['authorization', 'x-ms-requires-sync', 'content-length', 'content-md5', 'x-ms-content-crc64'].includes(name);

const isCondition = (name: string): boolean => name.startsWith('if-') || name === 'x-ms-if-tags';

const isBlobHeader = (name: string): boolean =>
  name.startsWith('x-ms-blob-') || name.startsWith('x-ms-meta-') || ['x-ms-tags', 'x-ms-access-tier'].includes(name);

/** Checksums of the source become checksums that Azurite compares with the body. */
const checksum = (request: IncomingMessage): Record<string, string> =>
  renamed(request, { 'x-ms-source-content-md5': 'content-md5' });

function inheritedMetadata(request: IncomingMessage, source: IncomingMessage): Record<string, string> {
  const isMetadata = ([name]: readonly [string, string]): boolean => name.toLowerCase().startsWith('x-ms-meta-');
  if (pairs(request.rawHeaders).some(isMetadata)) return {};
  return Object.fromEntries(pairs(source.rawHeaders).filter(isMetadata));
}

function inheritedProperties(request: IncomingMessage, source: IncomingMessage): Record<string, string> {
  const found = Object.entries(renamed(source, PROPERTIES));
  return Object.fromEntries(found.filter(([name]) => request.headers[name] === undefined));
}

const withQuery = (path: string, query: string): string => `${path}${path.includes('?') ? '&' : '?'}${query}`;

/** Everything that a copier needs. */
export interface CopierParts {
  readonly upstream: Upstream;
  /** PEM of the CAs of every cloud that it can copy from. */
  readonly trustedCas: readonly string[];
  /** Name of the account that copies. */
  readonly account: string;
  /** Whether the account can reach others. */
  readonly reaches: () => boolean;
  readonly meter: TrafficMeter;
}

interface Transfer {
  readonly exchange: Exchange;
  readonly source: IncomingMessage;
  readonly upstream: Upstream;
  /** The header for Azurite, or none. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** Put Block From URL and Put Blob From URL, converted to the request with the bytes as its body. */
async function putOnce(
  { exchange, source, upstream, credentials }: Transfer,
  kind: 'block' | 'blob',
): Promise<IncomingMessage> {
  const { request } = exchange;
  const inherits = kind === 'blob' && request.headers['x-ms-copy-source-blob-properties'] !== 'false';
  const add = {
    ...credentials,
    ...checksum(request),
    ...(inherits ? inheritedProperties(request, source) : {}),
    'content-length': lengthOf(source),
  };
  return upstream.send({
    method: 'PUT',
    path: request.url ?? '/',
    headers: passOn(request.rawHeaders, isAboutCopy, add),
    body: source,
  });
}

/**
 * Copy Blob: one block and its block list, so that the copy has exactly the source's Content-MD5, or none. Put Blob would
 * compute it.
 */
async function putWhole({ exchange, source, upstream, credentials }: Transfer): Promise<IncomingMessage> {
  const { request } = exchange;
  const path = request.url ?? '/';
  const id = Buffer.from(randomUUID()).toString('base64');
  const staged = await upstream.send({
    method: 'PUT',
    path: withQuery(path, `comp=block&blockid=${encodeURIComponent(id)}`),
    headers: passOn(request.rawHeaders, (name) => isAboutCopy(name) || isCondition(name) || isBlobHeader(name), {
      ...credentials,
      ...checksum(request),
      'content-length': lengthOf(source),
    }),
    body: source,
  });
  if (staged.statusCode !== 201) return staged;
  staged.resume();
  const list = Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?><BlockList><Uncommitted>${id}</Uncommitted></BlockList>`,
  );
  return upstream.send({
    method: 'PUT',
    path: withQuery(path, 'comp=blocklist'),
    headers: passOn(request.rawHeaders, isAboutCopy, {
      ...credentials,
      ...inheritedProperties(request, source),
      ...inheritedMetadata(request, source),
      'content-length': String(list.length),
    }),
    body: list,
  });
}

async function answerCopy(kind: CopyKind, answer: IncomingMessage, response: ServerResponse): Promise<void> {
  if (answer.statusCode !== 201 || kind === 'block' || kind === 'blob') {
    await relay(answer, response);
    return;
  }
  await relay(answer, response, {
    status: 202,
    add: { 'x-ms-copy-id': randomUUID(), 'x-ms-copy-status': 'success' },
    // Recorded: only blocks and blobs from a URL have it.
    drop: ['x-ms-request-server-encrypted'],
  });
}

/** A client that disconnects ends its copy. Otherwise a stalled source would block it forever. */
function endWith(response: ServerResponse, source: IncomingMessage): void {
  response.once('close', () => {
    source.destroy();
  });
}

/** Creates the copier of one account. */
export function createCopier({ upstream, trustedCas, account, reaches, meter }: CopierParts): Copier {
  const agent = new Agent({ ca: [...trustedCas], keepAlive: true });
  return {
    copy: async (kind, exchange, authorization) => {
      const single = kind === 'block' || kind === 'blob';
      const sourceConditions = single ? 'unverified' : 'named';
      const source = await openSource(exchange, { account, agent, reaches, sourceConditions });
      endWith(exchange.response, source);
      const credentials: Record<string, string> = authorization === undefined ? {} : { authorization };
      const transfer = { exchange, source, upstream, credentials };
      meter.watch(source, 'pulled', exchange.url);
      const copying = single ? putOnce(transfer, kind) : putWhole(transfer);
      const answer = await copying.catch((error: unknown) => {
        throw source.complete ? error : interrupted();
      });
      await answerCopy(kind, answer, exchange.response);
    },
    close: () => {
      agent.destroy();
    },
  };
}
