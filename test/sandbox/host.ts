/**
 * A process that runs sandboxes, in sequence or at the same time. Each has its own clouds, keys, ports and files. Most of the
 * start time of a sandbox is loading modules, which happens once here. `hosted.ts` forks it with an IPC channel, and finds it
 * again by the address in FOLDER/host.json. It ends with the channel.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './http.ts';
import { startSandbox } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';
import { parsePatch } from './settings.ts';
import { startAzurite } from './storage/azurite.ts';
import type { HostAddress, HostedSandbox, SandboxOrder } from './hosted.ts';

const [, , addressFile = ''] = process.argv;
const azurite = startAzurite();
const running = new Map<string, Sandbox>();
const key = randomBytes(24).toString('base64url');

async function start(order: SandboxOrder): Promise<HostedSandbox> {
  const settings = parsePatch(order.settings ?? {});
  const sandbox = await startSandbox({ ...order, settings, azurite });
  const id = randomUUID();
  running.set(id, sandbox);
  return { id, description: sandbox.description };
}

async function stop(id: string): Promise<void> {
  const sandbox = running.get(id);
  running.delete(id);
  await sandbox?.stop();
}

async function answer(request: IncomingMessage): Promise<unknown> {
  if (request.method === 'POST') return start(JSON.parse((await readBody(request)).toString()) as SandboxOrder);
  if (request.method === 'DELETE') await stop((request.url ?? '').slice(1));
  return {};
}

const server = createServer((request, response) => {
  if (request.headers.authorization !== `Bearer ${key}`) {
    response.writeHead(401).end();
    return;
  }
  answer(request).then(
    (body) => response.end(JSON.stringify(body)),
    (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.stack : String(error)),
  );
});

async function end(): Promise<void> {
  await rm(addressFile, { force: true });
  await Promise.allSettled([...running.keys()].map(stop));
  process.exit();
}

process.on('disconnect', () => void end());
process.on('SIGINT', () => undefined); // Ctrl-C reaches the whole group; the end comes from the parent
server.listen(0, '127.0.0.1', () => {
  const address: HostAddress = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, key };
  void writeFile(addressFile, JSON.stringify(address), { mode: 0o600 }).then(() => process.send?.(address));
});
