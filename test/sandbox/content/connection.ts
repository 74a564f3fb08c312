import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request as startRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A request. A stream as body needs its length in the headers. */
export interface Ask {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | Readable;
}

/** A response with its whole body. All of them are small. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Shared connections that are kept alive. */
export interface Connection {
  /** Resolves to a response with one of the statuses. Otherwise rejects with the text of the response. */
  readonly ask: (request: Ask, ...statuses: readonly number[]) => Promise<Answer>;
  readonly close: () => void;
}

/** Enough for two cores on both ends. */
const CONNECTIONS = 8;

async function send(agent: Agent, { method, url, headers, body }: Ask): Promise<Answer> {
  const length = Buffer.isBuffer(body) ? { 'content-length': String(body.length) } : {};
  const request = startRequest(url, { agent, method, headers: { ...length, ...headers } });
  const answered = new Promise<Answer>((resolve, reject) => {
    request.on('error', reject).on('response', (response) => {
      response.toArray().then((chunks) => {
        const { statusCode: status = 0, headers: received } = response;
        resolve({ status, headers: received, body: Buffer.concat(chunks as Buffer[]) });
      }, reject);
    });
  });
  if (body instanceof Readable) await Promise.all([pipeline(body, request), answered]);
  else request.end(body);
  return answered;
}

/**
 * Opens connections to servers of one cloud.
 * @param ca PEM. Only these certificates are trusted. Absent: those that the process trusts
 */
export function connect(ca?: string): Connection {
  const agent = new Agent({ ...(ca !== undefined && { ca }), keepAlive: true, maxSockets: CONNECTIONS });
  return {
    ask: async (request, ...statuses) => {
      const answer = await send(agent, request);
      if (statuses.includes(answer.status)) return answer;
      throw new Error(`${request.method} ${request.url} answered ${answer.status}: ${answer.body.toString('utf8')}`);
    },
    close: () => {
      agent.destroy();
    },
  };
}
