/** Answers every HTTPS request of this process in memory, and records the host that each request was meant for. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent } from 'node:https';
import { duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { jest } from '@jest/globals';

/** A request as it arrived. */
export interface SentRequest {
  /** Host that the connection was opened to, without the port. */
  readonly host: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer. A body that is not a text is sent as JSON. */
export interface SentAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** HTTPS that never leaves the process. */
export interface InterceptedHttps {
  /** Every request, in order. */
  readonly requests: readonly SentRequest[];
  /** Puts back what was replaced. */
  readonly restore: () => void;
}

/** A proxy would receive all requests instead of their hosts. */
const PROXIES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/** Removes the proxies from the environment; the result puts them back. */
function withoutProxies(): () => void {
  const saved = PROXIES.map((name) => [name, process.env[name]] as const);
  for (const name of PROXIES) Reflect.deleteProperty(process.env, name);
  return () => {
    for (const [name, value] of saved) if (value !== undefined) process.env[name] = value;
  };
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '' }: SentAnswer): void {
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  const own = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) };
  response.writeHead(status, { ...own, ...headers, connection: 'close' });
  response.end(content);
}

/**
 * Replaces the connections of all HTTPS agents until `restore`. An error in `answer` is sent as status 500.
 * @param answer what a host answers
 */
export function interceptHttps(answer: (request: SentRequest) => SentAnswer): InterceptedHttps {
  const requests: SentRequest[] = [];
  const hosts = new WeakMap<object, string>();
  const handle = async (message: IncomingMessage): Promise<SentAnswer> => {
    const { method = '', url = '', headers } = message;
    const request = { host: hosts.get(message.socket) ?? '', method, path: url, headers, body: await text(message) };
    requests.push(request);
    return answer(request);
  };
  const server = createServer((message, response) => {
    handle(message).then(
      (answered) => {
        send(response, answered);
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
