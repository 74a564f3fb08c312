import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TlsIdentity } from './tls.ts';

/** One request in progress, with everything that handlers need of it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The absolute URL of the request. */
  readonly url: URL;
  /** Named groups of the route's pattern, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** A path and its handler. The pattern is matched with the raw (still encoded) path. */
export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly handle: (exchange: Exchange) => Promise<void> | void;
}

/** Runs before every route. Returns true if it has responded itself. */
export type Interceptor = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** A server of the sandbox. */
export interface Listener {
  /** `https://127.0.0.1:PORT`, no trailing slash. */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** A response that ends a handler early. The server converts the thrown value to a response. */
export class HttpAnswer extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** Sends JSON with its length; `undefined` sends no body. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const bytes = Buffer.from(JSON.stringify(body));
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(bytes.length),
      ...headers,
    })
    .end(bytes);
}

/**
 * Reads a small body.
 * @param limit maximum number of bytes. A larger body gets 413
 */
export async function readBody(request: IncomingMessage, limit = 8 * 1024 * 1024): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new HttpAnswer(413, { error: { code: 'RequestTooLarge', message: `over ${limit} bytes` } });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function find(routes: readonly Route[], method: string, path: string): { route: Route; match: RegExpExecArray } | null {
  for (const route of routes) {
    if (route.method !== method) continue;
    const match = route.pattern.exec(path);
    if (match) return { route, match };
  }
  return null;
}

async function answer(routes: readonly Route[], exchange: Omit<Exchange, 'params'>): Promise<void> {
  const found = find(routes, exchange.request.method ?? 'GET', exchange.url.pathname);
  if (!found) throw new HttpAnswer(404, { error: { code: 'NotFound', message: `no route ${exchange.url.pathname}` } });
  const groups = Object.entries(found.match.groups ?? {}) as [string, string | undefined][];
  const params = Object.fromEntries(groups.map(([name, value]) => [name, decodeURIComponent(value ?? '')]));
  await found.route.handle({ ...exchange, params });
}

function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof HttpAnswer) {
    sendJson(response, error.status, error.body, error.headers);
    return;
  }
  sendJson(response, 500, { error: { code: 'SandboxError', message: String(error) } });
}

/**
 * Starts an HTTPS server on a free port of the loopback interface.
 * @param identity its certificate
 * @param routes checked in order
 * @param intercept gets every request first, for counters and faults
 */
export async function listen(
  identity: TlsIdentity,
  routes: readonly Route[],
  intercept: Interceptor = () => Promise.resolve(false),
): Promise<Listener> {
  const server = createServer({ ...identity, keepAliveTimeout: 30_000 }, (request, response) => {
    const url = new URL(request.url ?? '/', origin);
    response.on('error', () => undefined);
    void intercept(request, response)
      .then((handled) => (handled ? undefined : answer(routes, { request, response, url })))
      .catch((error: unknown) => {
        answerError(response, error);
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
