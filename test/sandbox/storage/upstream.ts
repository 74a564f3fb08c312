import { Agent, request as startRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Headers as Node's `rawHeaders` has them: name, value, name, value. Names keep their case, which metadata does too. */
export type RawHeaders = readonly string[];

/** A request to Azurite. */
export interface UpstreamRequest {
  readonly method: string;
  /** Path and query, as the client encoded them: signatures hold over those bytes. */
  readonly path: string;
  readonly headers: RawHeaders;
  readonly body?: Readable | Buffer;
}

/** Azurite, as the front reaches it. */
export interface Upstream {
  /** Resolves when the answer's headers are there; the request's body may still be on its way. */
  readonly send: (request: UpstreamRequest) => Promise<IncomingMessage>;
  readonly close: () => void;
}

/** They belong to one connection, not to the message (RFC 9110, 7.6.1); `expect` has been answered by the front. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect'];

/** Pairs of name and value. */
export const pairs = (headers: RawHeaders): readonly (readonly [string, string])[] =>
  Array.from({ length: headers.length / 2 }, (_, index) => [headers[2 * index] ?? '', headers[2 * index + 1] ?? '']);

/**
 * Headers to pass on.
 * @param drop says which others to leave out; it is given names in lower case
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

/** Connects to Azurite on a port of the loopback interface, with as many connections as there are requests. */
export function connectUpstream(port: number): Upstream {
  const agent = new Agent({ keepAlive: true, scheduling: 'lifo' });
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const outgoing = startRequest({ host: '127.0.0.1', port, agent, method, path, headers });
        outgoing.once('response', resolve).on('error', reject);
        // An answer may come before the body has gone: then the answer counts, and the broken pipe does not.
        if (body instanceof Readable) pipeline(body, outgoing).catch(reject);
        else outgoing.end(body);
      }),
    close: () => {
      agent.destroy();
    },
  };
}

/** What is changed of an answer on its way to the client. */
export interface Changes {
  readonly status?: number;
  readonly add?: Readonly<Record<string, string>>;
  /** Names of headers to leave out, in lower case. */
  readonly drop?: readonly string[];
}

/** Hands an answer of Azurite to the client. */
export async function relay(answer: IncomingMessage, response: ServerResponse, changes: Changes = {}): Promise<void> {
  const { status = answer.statusCode ?? 502, add, drop = [] } = changes;
  response.writeHead(
    status,
    answer.statusMessage,
    passOn(answer.rawHeaders, (name) => drop.includes(name), add),
  );
  await pipeline(answer, response);
}
