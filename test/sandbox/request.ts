import { request as startRequest } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';

/** What to ask, and which CA the other side must be certified by. */
export interface RequestOptions {
  /** PEM. Only these certificates are trusted. */
  readonly ca: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * Sends one request over HTTPS with a CA of its own, which the global `fetch` cannot.
 * Rejects when no answer comes; an answer of any status resolves.
 */
export function send(url: string | URL, options: RequestOptions): Promise<Answer> {
  const { ca, method = 'GET', headers = {}, body } = options;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = startRequest(url, { ca, method, headers: { ...length, ...headers }, agent: false });
    request.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', reject)
        .on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          });
        });
    });
    request.end(body);
  });
}
