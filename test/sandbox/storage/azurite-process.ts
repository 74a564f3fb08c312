/**
 * Azurite's blob service in its own process, forked with an IPC channel. It loads Azurite once for any number of storage
 * accounts, see {@link AzuriteOrder}. It ends with the channel, and thereby with its parent process.
 */
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import type { AzuriteAnswer, AzuriteOrder } from './azurite.ts';
import { computeChecksums } from './checksums.ts';

interface BlobServer {
  readonly httpServer: Server;
  /** Reads the accounts from the environment when it starts, and each minute. */
  readonly accountDataStore: { readonly timer?: NodeJS.Timeout };
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Azurite {
  /** Its CRC64, which it computes for every block without MD5, takes three times as long as ours. */
  readonly checksums: { computeTransactionalChecksums: typeof computeChecksums };
  readonly BlobConfiguration: { readonly default: new (...settings: unknown[]) => unknown };
  readonly BlobServer: { readonly default: new (configuration: unknown) => BlobServer };
}

/**
 * `overrides` in package.json replaces its telemetry and its SQL stores (200 MB) by empty packages, because this process
 * doesn't use them.
 */
const require = createRequire(import.meta.url);

/** Azurite's command line can't listen on a free port and report it, so its server is started directly. */
const azurite: Azurite = {
  checksums: require('azurite/dist/src/common/utils/utils.js') as Azurite['checksums'],
  BlobConfiguration: require('azurite/dist/src/blob/BlobConfiguration.js') as Azurite['BlobConfiguration'],
  BlobServer: require('azurite/dist/src/blob/BlobServer.js') as Azurite['BlobServer'],
};

azurite.checksums.computeTransactionalChecksums = computeChecksums;

const KEEP_ALIVE_SECONDS = 600;

function createServer(folder: string): BlobServer {
  const extents = [{ locationId: 'Default', locationPath: path.join(folder, 'extents'), maxConcurrency: 10 }];
  const unset = undefined;
  return new azurite.BlobServer.default(
    new azurite.BlobConfiguration.default(
      '127.0.0.1', // host
      0, // port: any free one
      KEEP_ALIVE_SECONDS,
      path.join(folder, 'blobs.json'), // metadata
      path.join(folder, 'extents.json'), // metadata of extents
      extents,
      false, // access log
      unset, // its stream
      false, // debug log
      unset, // its file
      false, // loose: what Azurite cannot do is refused, not ignored
      true, // skip the check of x-ms-version: the SDK is ahead of Azurite
      '', // certificate
      '', // its key
      '', // its password
      'basic', // bearer tokens are taken
      true, // path-style URLs only
      false, // in memory
    ),
  );
}

/**
 * TLS ends at the front end, and only the front end knows this port. Without this mark, Azurite would reject bearer tokens and
 * SAS with `spr=https`, and return URLs with http://.
 */
function markAsSecure(server: Server): void {
  server.on('connection', (socket: Socket) => Object.assign(socket, { encrypted: true }));
}

const servers = new Map<number, BlobServer>();

/** Each server has only its own account. It reads the environment before `start` returns, and must not read it again. */
async function open(id: number, folder: string, account: string): Promise<number> {
  const server = createServer(folder);
  markAsSecure(server.httpServer);
  servers.set(id, server);
  process.env['AZURITE_ACCOUNTS'] = account;
  await server.start();
  clearInterval(server.accountDataStore.timer);
  return (server.httpServer.address() as AddressInfo).port;
}

async function close(id: number): Promise<void> {
  const server = servers.get(id);
  servers.delete(id);
  server?.httpServer.closeAllConnections();
  await server?.close();
}

async function execute({ id, open: order }: AzuriteOrder): Promise<AzuriteAnswer> {
  try {
    if (order === undefined) {
      await close(id);
      return { id };
    }
    return { id, port: await open(id, order.folder, `${order.account.name}:${order.account.key}`) };
  } catch (error) {
    return { id, error: String(error) };
  }
}

process.on('message', (order: AzuriteOrder) => void execute(order).then((answer) => process.send?.(answer)));
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined); // Ctrl-C reaches the whole group; the end comes from the parent
