/** A server that returns recorded responses, and clients of `src/` that send requests to it. */
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as tls from 'node:tls';
import type { TokenCredential } from '@azure/core-auth';
import { jest } from '@jest/globals';
import { connectArm, type Arm } from '../../../src/azure/arm/client.ts';
import type { Cloud } from '../../../src/azure/cloud/cloud.ts';
import { parsePipelineId, type PipelineId } from '../../../src/transfer/model/pipeline-id.ts';
import { systemClock } from '../../../src/transfer/ports/clock.ts';
import type { Fact } from '../../fixtures/contract/facts.ts';
import { PLACES } from '../../fixtures/contract/facts.ts';
import { createAuthority } from '../tls.ts';

/** A response of the server. */
export type Reply = Pick<Fact, 'status' | 'headers' | 'text'>;

/** A request to the server. */
export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers requests in order. */
export interface Replay {
  readonly origin: string;
  readonly host: string;
  /** Returns these responses from now on, and repeats the last one. Drops the recorded requests. */
  readonly answer: (...replies: readonly Reply[]) => void;
  readonly asked: readonly Asked[];
  /** Values that clients masked since the last `answer`. */
  readonly masked: string[];
  readonly close: () => Promise<void>;
}

const GOOD: Reply = { status: 200, headers: {}, text: '' };

/** A JSON response that isn't in the fixtures. */
export const json = (body: unknown, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify(body),
});

/** Lengths and times depend on the connection. */
const OWN = new Set(['content-length', 'date', 'connection', 'transfer-encoding']);

function send(response: ServerResponse, method: string | undefined, { status, headers, text: body }: Reply): void {
  for (const [name, value] of Object.entries(headers)) if (!OWN.has(name)) response.setHeader(name, value);
  const empty = method === 'HEAD' || status === 204 || status === 304;
  response.writeHead(status, empty ? {} : { 'content-length': String(Buffer.byteLength(body)) });
  response.end(empty ? undefined : body);
}

/** Waits end at once until the server is closed, because clients repeat some requests with pauses. */
function skipWaits(): () => void {
  let skipped = 0;
  const { now } = systemClock;
  const sleep = jest.spyOn(systemClock, 'sleep').mockImplementation((seconds) => {
    skipped += seconds * 1000;
    return Promise.resolve();
  });
  const clock = jest.spyOn(systemClock, 'now').mockImplementation(() => now() + skipped);
  return () => {
    sleep.mockRestore();
    clock.mockRestore();
  };
}

/** Starts the server. This process trusts it until it is closed. */
export async function startReplay(): Promise<Replay> {
  const authority = await createAuthority('replay test');
  const trusted = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...trusted, authority.certificate]);
  const restore = skipWaits();
  const asked: Asked[] = [];
  const masked: string[] = [];
  let queue: Reply[] = [];
  const server = createServer(await authority.issueServer('replay'), (request, response) => {
    void text(request).then((body) => {
      asked.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      const [next = GOOD] = queue;
      if (queue.length > 1) queue.shift();
      send(response, request.method, next);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    origin: `https://${host}`,
    answer: (...replies) => {
      queue = [...replies];
      asked.length = 0;
      masked.length = 0;
    },
    asked,
    masked,
    close: async () => {
      restore();
      tls.setDefaultCACertificates(trusted);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Returns a token that the server doesn't check. */
export const CREDENTIAL: TokenCredential = {
  getToken: () => Promise.resolve({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/** The cloud that the server replays. */
export const cloudAt = ({ origin }: Replay): Cloud => ({
  name: 'replay',
  arm: origin,
  armScope: `${origin}/.default`,
  authority: origin,
  registryAudiences: [origin],
  storageAudience: null,
  idTokenAudience: origin,
  custom: true,
  portal: null,
  suffixes: { storage: [], registry: [], vault: [] },
});

/** The action's client of ARM. */
export const armAt = (replay: Replay): Arm =>
  connectArm('source', cloudAt(replay), CREDENTIAL, PLACES.subscription.slice('/subscriptions/'.length));

/** The pipeline of the fixtures. */
export function pipelineId(kind: 'export' | 'import'): PipelineId {
  const parsed = parsePipelineId(`${PLACES.registry}/${kind}Pipelines/pipeline`, kind);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}
