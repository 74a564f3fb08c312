/** Authorized reads, page by page. */
import type * as z from 'zod';
import { describeSchemaError } from '../../transfer/errors/index.ts';
import { nextUrl, readPages, retryIfInvalid, type RetryingSend } from '../http/index.ts';
import type { Tokens } from './tokens.ts';
import { responseError, type RegistryResponse, type Send } from './transport.ts';

/** Matches `<URL>; rel="next"` in a `Link` header (RFC 8288; OCI distribution 1.1, "Listing Tags"). */
const NEXT = /<([^>]*)>[^,<]*;\s*rel="?next"?/i;

/**
 * Returns the URL of the next page; null for the last page. The service sends a relative URL
 * (Azure/acr, docs/AAD-OAuth.md: `</v2/_catalog?last=…&n=2&orderby=>; rel="next"`).
 * @param link the `Link` header
 * @param url of the current page
 */
export function nextPage(link: string | undefined, url: string): string | null {
  const target = NEXT.exec(link ?? '')?.[1];
  return target === undefined ? null : nextUrl(target, url);
}

/** One read. */
interface RegistryRead {
  /** Path and query on the registry. */
  readonly path: string;
  /** Scope of the access token. */
  readonly scope: string;
  /** Media types. */
  readonly accept: string;
  /** A longer body is an error. */
  readonly maxBytes: number;
}

/** Parses a response. An error means that the response is damaged, and the request is retried. */
type ParseResponse<Result> = (response: RegistryResponse) => Result;

/** Authorized reads of one registry. Every status except 200 is thrown, as by the SDKs. */
export interface Reader {
  readonly read: <Result>(request: RegistryRead, parse: ParseResponse<Result>) => Promise<Result>;
  /** Reads all pages of a list. */
  readonly readPages: <Shape extends z.ZodType>(
    request: Omit<RegistryRead, 'maxBytes'>,
    page: Shape,
  ) => Promise<readonly z.infer<Shape>[]>;
}

/** A page of a thousand manifests with many tags each has a few MiB. */
const MAX_PAGE_BYTES = 32 * 1024 * 1024;

/** Parses a JSON body. Throws an error if it doesn't have the shape. */
export function parseBody<Shape extends z.ZodType>({ body }: RegistryResponse, shape: Shape): z.infer<Shape> {
  const parsed = shape.safeParse(JSON.parse(body.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`unexpected response: ${describeSchemaError(parsed.error)}`);
}

/**
 * Creates a reader. Every request contains a token, so all requests go to the registry's own host.
 * @param origin of the registry
 * @param send sends a request once
 */
export function registryReader(origin: string, tokens: Tokens, send: Send, retry: RetryingSend): Reader {
  const get = <Result>(
    url: string,
    { scope, accept, maxBytes }: Omit<RegistryRead, 'path'>,
    parse: ParseResponse<Result>,
  ): Promise<Result> =>
    tokens(scope).use(async (token) => {
      const headers = { accept, authorization: `Bearer ${token}` };
      const { parsed, ...response } = await retry(async () => {
        const received = await send({ method: 'GET', url, headers, maxBytes });
        return {
          ...received,
          parsed: received.status === 200 ? { result: retryIfInvalid(() => parse(received)) } : null,
        };
      });
      if (parsed === null) throw responseError(response);
      return parsed.result;
    });
  return {
    read: (request, parse) => get(`${origin}${request.path}`, request, parse),
    readPages: (request, page) =>
      readPages(async (position) => {
        const url = position ?? `${origin}${request.path}`;
        const [content, link] = await get(url, { ...request, maxBytes: MAX_PAGE_BYTES }, (response) => [
          parseBody(response, page),
          response.headers.get('link'),
        ]);
        return { content, next: nextPage(link, url) };
      }),
  };
}
