/** Signed-in reads, page by page. */
import type * as z from 'zod';
import { describeSchemaError } from '../../transfer/errors/index.ts';
import { retryIfInvalid, type RetryingSend } from '../http/index.ts';
import type { Tokens } from './tokens.ts';
import { refusedResponse, type RegistryResponse, type Send } from './transport.ts';

/** `<URL>; rel="next"` among the links of a header (RFC 8288; OCI distribution 1.1, "Listing Tags"). */
const NEXT = /<([^>]*)>[^,<]*;\s*rel="?next"?/i;

/**
 * The URL of the page after this one; null when it is the last. The service gives a relative URL
 * (Azure/acr, docs/AAD-OAuth.md: `</v2/_catalog?last=…&n=2&orderby=>; rel="next"`).
 * @param link the `Link` header
 * @param url of this page
 */
export function nextPage(link: string | undefined, url: string): string | null {
  const target = NEXT.exec(link ?? '')?.[1];
  if (target === undefined) return null;
  const next = new URL(target, url);
  // The token goes with the request: never to another host, whatever an answer says.
  if (next.origin !== new URL(url).origin) throw new Error(`a list went on at another host: ${next.host}`);
  return next.href;
}

/** What is read, and with which right. */
export interface RegistryRead {
  /** Path and query on the registry. */
  readonly path: string;
  readonly scope: string;
  /** Media types. */
  readonly accept: string;
  /** Bytes at most. */
  readonly largest: number;
}

/** Makes something of an answer; throws when it cannot be what was meant, and then it is asked for again. */
export type ParseResponse<Result> = (answer: RegistryResponse) => Result;

/** Reads of one registry, signed in. Anything but HTTP 200 is thrown as the SDKs do. */
export interface Reader {
  readonly read: <Result>(reading: RegistryRead, understand: ParseResponse<Result>) => Promise<Result>;
  /** Every page of a list, to the last. */
  readonly readPages: <Shape extends z.ZodType>(
    reading: Omit<RegistryRead, 'largest'>,
    page: Shape,
  ) => Promise<readonly z.infer<Shape>[]>;
}

/** A page of a thousand manifests with many tags each has a few. Bytes. */
const MAX_PAGE = 32 * 1024 * 1024;

function parsePage<Shape extends z.ZodType>({ body }: RegistryResponse, page: Shape): z.infer<Shape> {
  const parsed = page.safeParse(JSON.parse(body.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`the answer is not understood: ${describeSchemaError(parsed.error)}`);
}

/**
 * Makes a reader. The token goes with every request, so none goes to another host than the registry's own.
 * @param origin of the registry
 * @param send sends a request once
 */
export function registryReader(origin: string, tokens: Tokens, send: Send, steady: RetryingSend): Reader {
  const get = <Result>(
    url: string,
    { scope, accept, largest }: Omit<RegistryRead, 'path'>,
    understand: ParseResponse<Result>,
  ): Promise<Result> =>
    tokens(scope).use(async (token) => {
      const headers = { accept, authorization: `Bearer ${token}` };
      const { understood, ...answer } = await steady(async () => {
        const came = await send({ method: 'GET', url, headers, largest });
        return { ...came, understood: came.status === 200 ? { result: retryIfInvalid(() => understand(came)) } : null };
      });
      if (understood === null) throw refusedResponse(answer);
      return understood.result;
    });
  return {
    read: (reading, understand) => get(`${origin}${reading.path}`, reading, understand),
    readPages: async (reading, page) => {
      const pages: z.infer<typeof page>[] = [];
      const seen = new Set<string>();
      for (let url: string | null = `${origin}${reading.path}`; url !== null;) {
        if (seen.has(url)) throw new Error('the list goes round in circles');
        seen.add(url);
        const [entries, link] = await get(url, { ...reading, largest: MAX_PAGE }, (answer) => [
          parsePage(answer, page),
          answer.headers.get('link'),
        ]);
        pages.push(entries);
        url = nextPage(link, url);
      }
      return pages;
    },
  };
}
