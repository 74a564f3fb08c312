import { Agent, request as startRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Headers in the form of Node's `rawHeaders`: name, value, name, value. Names keep their case, because metadata does too. */
export type RawHeaders = readonly string[];

/** A request to Azurite. */
export interface UpstreamRequest {
  readonly method: string;
  /** Path and query in the client's encoding, which signatures cover. */
  readonly path: string;
  readonly headers: RawHeaders;
  readonly body?: Readable | Buffer;
}

/** The connection of the front end to Azurite. */
export interface Upstream {
  /** Resolves with the headers of the response. The body of the request can still be in transit. */
  readonly send: (request: UpstreamRequest) => Promise<IncomingMessage>;
  readonly close: () => void;
}

/** Headers of one connection, not of the message (RFC 9110, 7.6.1). The front end has answered `expect`. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect'];

/** Pairs of name and value. */
export const pairs = (headers: RawHeaders): readonly (readonly [string, string])[] =>
  Array.from({ length: headers.length / 2 }, (_, index) => [headers[2 * index] ?? '', headers[2 * index + 1] ?? '']);

/**
 * Headers to forward.
 * @param drop selects others to drop; its names are in lower case
 */
export function passOn(
  headers: RawHeaders,
  drop: (name: string) => boolean = () => false,
  add: Readonly<Record<string, string>> = {},
): string[] {
  const kept = pairs(headers).filter(([name]) => {
    const lower = name.toLowerCase();
    return !HOP_BY_HOP.includes(lower) && !(lower in add) && !drop(lower);
  });
  return [...kept, ...Object.entries(add)].flat();
}

/** Connects to Azurite on a port of the loopback interface, with one connection for each request. */
export function connectUpstream(port: number): Upstream {
  const agent = new Agent({ keepAlive: true, scheduling: 'lifo' });
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const outgoing = startRequest({ host: '127.0.0.1', port, agent, method, path, headers });
        outgoing.once('response', resolve).on('error', reject);
        // A response can arrive before the body was sent. Then the response counts, and the broken pipe doesn't.
        if (body instanceof Readable) pipeline(body, outgoing).catch(reject);
        else outgoing.end(body);
      }),
    close: () => {
      agent.destroy();
    },
  };
}

/** Changes of a response. */
export interface Changes {
  readonly status?: number;
  readonly add?: Readonly<Record<string, string>>;
  /** Names of headers to drop, in lower case. */
  readonly drop?: readonly string[];
}

/** Forwards a response of Azurite to the client. */
export async function relay(answer: IncomingMessage, response: ServerResponse, changes: Changes = {}): Promise<void> {
  const { status = answer.statusCode ?? 502, add, drop = [] } = changes;
  response.writeHead(
    status,
    answer.statusMessage,
    passOn(answer.rawHeaders, (name) => drop.includes(name), add),
  );
  await pipeline(answer, response);
}
