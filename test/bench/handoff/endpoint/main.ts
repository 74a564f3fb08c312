/**
 * A minimal endpoint in its own process: HTTPS, and the part of the Blob API that this action, rclone and azcopy need. It is
 * faster than every client: only cached checksums, no permissions, no disk. It counts written bytes and discards them.
 *
 * With limits it behaves like a storage account of another cloud over a WAN: a response takes a round trip, the round trip and
 * the window limit a single connection, and the line of the runner limits all connections. Without limits, the cores that the
 * client shares with both endpoints limit it, which doesn't happen on a runner: then mainly the hashing of clients that verify
 * is measured. The WAN is the most realistic regime.
 */
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { answer, answerXml, refuse, type Call, type EndpointState } from './call.ts';
import { createContent } from './content.ts';
import { distance, meters, type Limits } from './pace.ts';
import { listBlobs, listBlocks, readBlob } from './read.ts';
import { createStore, seed } from './store.ts';
import { write } from './write.ts';

/** Settings of an endpoint, in its first message. */
export interface EndpointOptions {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly limits: Limits | null;
  /** Whether it has the workloads. */
  readonly seeded: boolean;
}

/** The response to `/stats?container=…`. */
export interface EndpointStats {
  /** Bytes of blobs since its start. */
  readonly given: number;
  readonly taken: number;
  readonly cpuSeconds: number;
  /** Committed blobs in the container. */
  readonly blobs: number;
  readonly bytes: number;
}

function stats(call: Call): void {
  const { user, system } = process.cpuUsage();
  const kept = [...call.store.container(call.query.get('container') ?? '').values()];
  const bytes = kept.reduce((sum, { size }) => sum + size, 0);
  const found: EndpointStats = { ...call.moved, cpuSeconds: (user + system) / 1e6, blobs: kept.length, bytes };
  call.response.end(JSON.stringify(found));
}

function readContainer(call: Call): void {
  if (call.query.get('comp') === 'list') listBlobs(call);
  else answer(call, 200, { etag: '"0x8DE0"', 'x-ms-account-kind': 'StorageV2', 'x-ms-sku-name': 'Standard_LRS' });
}

function route(call: Call): void {
  const { method } = call.request;
  if (method === 'PUT') void write(call);
  else if (method === 'DELETE') refuse(call, 403, 'AuthorizationPermissionMismatch');
  else if (call.blob === '') readContainer(call);
  else if (call.query.get('comp') === 'blocklist') listBlocks(call);
  else if (call.query.has('comp')) answerXml(call, 200, '<Tags><TagSet /></Tags>');
  else readBlob(call);
}

function serve({ cert, key, ca, limits, seeded }: EndpointOptions): void {
  const content = createContent();
  const store = createStore();
  if (seeded) seed(store, content);
  const state: EndpointState = {
    store,
    content,
    gives: meters(limits),
    takes: meters(limits),
    agent: new Agent({ ca, keepAlive: true, maxFreeSockets: 256 }),
    moved: { given: 0, taken: 0 },
  };
  const wait = distance(limits ?? { roundTrip: 0 });
  const server = createServer({ cert, key, keepAliveTimeout: 60_000 }, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://endpoint');
    const [, first, container = '', ...blob] = url.pathname.split('/');
    const call = {
      ...state,
      request,
      response,
      container,
      blob: decodeURIComponent(blob.join('/')),
      query: url.searchParams,
    };
    const away = first === 'stats' ? 0 : wait(request.socket);
    const answered = first === 'stats' ? stats : route;
    if (away === 0) answered(call);
    else setTimeout(answered, away, call);
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

process.once('message', (options) => {
  serve(options as EndpointOptions);
});
// The endpoint ends with the bench.
process.once('disconnect', () => {
  process.exit();
});
