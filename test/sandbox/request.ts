import { request as startRequest } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';

/** A request, and the CA that its server must have. */
export interface RequestOptions {
  /** PEM. Only these certificates are trusted. */
  readonly ca: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A response with its whole body. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * Sends one request over HTTPS with its own CA, which the global `fetch` doesn't support. Resolves for any status. Rejects
 * without a response.
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
