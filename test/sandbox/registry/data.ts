import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { HttpAnswer } from '../http.ts';
import type { Exchange, Route } from '../http.ts';
import type { BlobStore, ByteRange } from './blob-store.ts';

/** The source of blob content. The service redirects clients to storage with a signed URL, which needs no token. */
export interface DataEndpoint {
  /** Absolute, valid for 20 minutes (recorded: `se` 19.6 minutes after the answer). */
  readonly urlOf: (origin: string, digest: string) => string;
  readonly routes: readonly Route[];
}

const VALID_MILLISECONDS = 20 * 60_000;

/**
 * The range of a Range header; null if there is none, or several, which a server can answer with the whole content. Throws 416
 * if it is outside.
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return null;
  const last = size - 1;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? last : Math.min(Number(to), last);
  if (start > end) throw new HttpAnswer(416, undefined, { 'content-range': `bytes */${size}` });
  return { start, end };
}

async function sendBlob(blobs: BlobStore, { request, response }: Exchange, digest: string): Promise<void> {
  const size = blobs.size(digest);
  const range = rangeOf(request.headers.range, size);
  response.writeHead(range ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'content-length': String(range ? range.end - range.start + 1 : size),
    'accept-ranges': 'bytes',
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${size}` }),
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(blobs.read(digest, range ?? undefined), response);
}

/** The storage side of the registry, at the registry's own address. */
export function createDataEndpoint(blobs: BlobStore): DataEndpoint {
  const key = randomBytes(32);
  const sign = (digest: string, expiry: string): Buffer =>
    createHmac('sha256', key).update(`${digest}\n${expiry}`).digest();

  const check = ({ url }: Exchange, digest: string): void => {
    const expiry = url.searchParams.get('se') ?? '';
    const [given, expected] = [Buffer.from(url.searchParams.get('sig') ?? '', 'base64'), sign(digest, expiry)];
    const genuine = given.length === expected.length && timingSafeEqual(given, expected);
    if (genuine && new Date(expiry).getTime() > Date.now() && blobs.has(digest)) return;
    throw new HttpAnswer(403, { error: { code: 'AuthenticationFailed', message: 'The signature does not hold.' } });
  };

  const handle = async (exchange: Exchange): Promise<void> => {
    const digest = `sha256:${exchange.params['hex'] ?? ''}`;
    check(exchange, digest);
    await sendBlob(blobs, exchange, digest);
  };

  const pattern = /^\/sandbox-data\/sha256\/(?<hex>[0-9a-f]{64})\/data$/;
  return {
    urlOf: (origin, digest) => {
      const se = new Date(Date.now() + VALID_MILLISECONDS).toISOString().replace(/\.\d+Z$/, 'Z');
      const query = new URLSearchParams({
        se,
        sig: sign(digest, se).toString('base64'),
        sp: 'r',
        spr: 'https',
        sr: 'b',
      });
      return `${origin}/sandbox-data/${digest.replace(':', '/')}/data?${query.toString()}`;
    },
    routes: ['GET', 'HEAD'].map((method) => ({ method, pattern, handle })),
  };
}
