/** Responds to every HTTPS request of this process in memory, and records the host of each request. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent } from 'node:https';
import { duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { jest } from '@jest/globals';

/** A request that was received. */
export interface SentRequest {
  /** Host that the connection was opened to, without the port. */
  readonly host: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A response. A body that isn't a string is sent as JSON. */
export interface SentResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** HTTPS connections that stay in this process. */
export interface InterceptedHttps {
  /** Every request, in order. */
  readonly requests: readonly SentRequest[];
  /** Restores the replaced connections and variables. */
  readonly restore: () => void;
}

/** A proxy would receive the requests in place of their hosts. */
const PROXIES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/** Removes the proxies from the environment; the returned function restores them. */
function withoutProxies(): () => void {
  const saved = PROXIES.map((name) => [name, process.env[name]] as const);
  for (const name of PROXIES) Reflect.deleteProperty(process.env, name);
  return () => {
    for (const [name, value] of saved) if (value !== undefined) process.env[name] = value;
  };
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '' }: SentResponse): void {
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  const own = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) };
  response.writeHead(status, { ...own, ...headers, connection: 'close' });
  response.end(content);
}

/**
 * Replaces the connections of all HTTPS agents until `restore`. An error in `respond` is sent as status 500.
 * @param respond returns the response to a request
 */
export function interceptHttps(respond: (request: SentRequest) => SentResponse): InterceptedHttps {
  const requests: SentRequest[] = [];
  const hosts = new WeakMap<object, string>();
  const handle = async (message: IncomingMessage): Promise<SentResponse> => {
    const { method = '', url = '', headers } = message;
    const request = { host: hosts.get(message.socket) ?? '', method, path: url, headers, body: await text(message) };
    requests.push(request);
    return respond(request);
  };
  const server = createServer((message, response) => {
    handle(message).then(
      (sent) => {
        send(response, sent);
      },
      (error: unknown) => {
        send(response, { status: 500, body: String(error) });
      },
    );
  });
  const restoreProxies = withoutProxies();
  const connections = jest.spyOn(Agent.prototype, 'createConnection').mockImplementation(({ host }) => {
    const [near, far] = duplexPair();
    hosts.set(far, host ?? '');
    server.emit('connection', far);
    return near;
  });
  return {
    requests,
    restore: () => {
      connections.mockRestore();
      restoreProxies();
    },
  };
}
