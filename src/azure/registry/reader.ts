import type * as z from 'zod';
import { schemaReason } from '../../transfer/schema-reason.ts';
import { nextPage } from './next-page.ts';
import type { Tokens } from './tokens.ts';
import { refusedAnswer, type Answer, type Send } from './transport.ts';

/** What is read, and with which right. */
export interface Reading {
  /** Path and query on the registry. */
  readonly path: string;
  readonly scope: string;
  /** Media types. */
  readonly accept: string;
  /** Bytes at most. */
  readonly largest: number;
}

/** Reads of one registry, signed in. Anything but HTTP 200 is thrown as the SDKs do. */
export interface Reader {
  readonly read: (reading: Reading) => Promise<Answer>;
  /** Every page of a list, to the last. */
  readonly readPages: <Shape extends z.ZodType>(
    reading: Omit<Reading, 'largest'>,
    page: Shape,
  ) => Promise<readonly z.infer<Shape>[]>;
}

/** A page of a thousand manifests with many tags each has a few. Bytes. */
const LARGEST_PAGE = 32 * 1024 * 1024;

function parsePage<Shape extends z.ZodType>({ body }: Answer, page: Shape): z.infer<Shape> {
  const parsed = page.safeParse(JSON.parse(body.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`the answer is not understood: ${schemaReason(parsed.error)}`);
}

/**
 * Makes a reader. The token goes with every request, so none goes to another host than the registry's own.
 * @param origin of the registry
 */
export function registryReader(origin: string, tokens: Tokens, send: Send): Reader {
  const get = (url: string, { scope, accept, largest }: Omit<Reading, 'path'>): Promise<Answer> =>
    tokens(scope).use(async (token) => {
      const headers = { accept, authorization: `Bearer ${token}` };
      const answer = await send({ method: 'GET', url, headers, largest });
      if (answer.status !== 200) throw refusedAnswer(answer);
      return answer;
    });
  return {
    read: (reading) => get(`${origin}${reading.path}`, reading),
    readPages: async (reading, page) => {
      const pages: z.infer<typeof page>[] = [];
      const seen = new Set<string>();
      for (let url: string | null = `${origin}${reading.path}`; url !== null;) {
        if (seen.has(url)) throw new Error('the list goes round in circles');
        seen.add(url);
        const answer: Answer = await get(url, { ...reading, largest: LARGEST_PAGE });
        pages.push(parsePage(answer, page));
        url = nextPage(answer.headers.get('link'), url);
      }
      return pages;
    },
  };
}
