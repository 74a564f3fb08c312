/** A real forward proxy (tinyproxy) on the loopback interface, and what it was asked for. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const COMMAND = 'tinyproxy';

/** Whether tinyproxy is installed (Debian package tinyproxy-bin). */
export const hasProxy = (): boolean => spawnSync(COMMAND, ['-v']).status === 0;

/** A running proxy. */
export interface Proxy {
  /** `http://127.0.0.1:PORT`, without credentials. */
  readonly url: string;
  /** `HOST:PORT` of every CONNECT since the start, in order. */
  readonly connects: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/** How a proxy treats requests. */
export interface ProxyOptions {
  /** Name and password that it asks for; absent: none. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Refuses every host (HTTP 403). */
  readonly refuses?: boolean;
}

/** A port of the loopback interface on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function untilReady(child: ChildProcess, port: number): Promise<void> {
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`${COMMAND} ended with ${child.exitCode}`);
    await wait(50);
  }
}

function configure(folder: string, port: number, { login, refuses }: ProxyOptions): string {
  const lines = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Timeout 60',
    'MaxClients 200',
    'LogLevel Connect',
    `LogFile "${join(folder, 'log')}"`,
    ...(login === undefined ? [] : [`BasicAuth ${login.user} ${login.password}`]),
    ...(refuses === true ? [`Filter "${join(folder, 'filter')}"`] : []),
  ];
  writeFileSync(join(folder, 'filter'), '.\n');
  writeFileSync(join(folder, 'log'), '');
  const file = join(folder, 'tinyproxy.conf');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** Starts a proxy on a free port. */
export async function startProxy(options: ProxyOptions = {}): Promise<Proxy> {
  if (!hasProxy()) throw new Error(`${COMMAND} is not installed: apt-get install tinyproxy-bin`);
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-proxy-'));
  const port = await freePort();
  const child = spawn(COMMAND, ['-d', '-c', configure(folder, port, options)], { stdio: 'ignore' });
  const end = (): void => {
    child.kill();
  };
  process.once('exit', end);
  await untilReady(child, port);
  return {
    url: `http://127.0.0.1:${port}`,
    connects: () => {
      const log = readFileSync(join(folder, 'log'), 'utf8');
      return [...log.matchAll(/Request \(file descriptor \d+\): CONNECT (\S+) /g)].map(([, host = '']) => host);
    },
    stop: async () => {
      process.off('exit', end);
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.kill()) await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
