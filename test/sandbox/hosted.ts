/** Sandboxes for tests. Those of one process share only the process that runs them. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as startRequest } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { controlSandbox } from './client.ts';
import type { SandboxHandle } from './client.ts';
import type { SandboxDescription } from './description.ts';
import type { SettingsPatch } from './settings.ts';

/** The address of a host. */
export interface HostAddress {
  readonly url: string;
  readonly key: string;
}

/** A sandbox that a host starts, see `SandboxOptions`. */
export interface SandboxOrder {
  readonly settings?: SettingsPatch;
  readonly empty?: boolean;
  readonly trusts?: string;
}

/** A sandbox in a host. */
export interface HostedSandbox {
  readonly id: string;
  readonly description: SandboxDescription;
}

/** Jest gives every test file its own modules, so state of a worker must be outside of them. */
const ADDRESS_FILE = path.join(tmpdir(), `acr-transfer-host-${process.pid}.json`);

function ask({ url, key }: HostAddress, method: string, part: string, body?: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}` };
    const request = startRequest(new URL(part, url), { method, headers, agent: false });
    request.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', reject)
        .on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`sandbox host: ${response.statusCode ?? 0} ${text}`));
        });
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/**
 * The host of an earlier test file of this process; null if there is none. A file of another process with the same ID names no
 * running host.
 */
async function findHost(): Promise<HostAddress | null> {
  try {
    const address = JSON.parse(await readFile(ADDRESS_FILE, 'utf8')) as HostAddress;
    await ask(address, 'GET', '');
    return address;
  } catch {
    return null;
  }
}

/** Allows this process to end while the host runs. The host ends with it. */
function letGo(child: ChildProcess): void {
  child.removeAllListeners();
  child.stderr?.removeAllListeners('data').resume();
  (child.stderr as Socket | null)?.unref();
  child.channel?.unref();
  child.unref();
}

async function startHost(): Promise<HostAddress> {
  const child = fork(path.join(import.meta.dirname, 'host.ts'), [ADDRESS_FILE], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=DeprecationWarning'],
  });
  const errors: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The sandbox host did not start: ${Buffer.concat(errors).toString().trim()}`);
  });
  ended.catch(() => undefined);
  const [address] = (await Promise.race([once(child, 'message'), ended])) as [HostAddress];
  letGo(child);
  return address;
}

let host: Promise<HostAddress> | undefined;

/**
 * Starts a sandbox in the process that all sandboxes of this process share. It ends with `stop`, and when this process ends.
 * Its clouds are separate from those of other sandboxes, as with `spawnSandbox`.
 */
export async function hostSandbox(order: SandboxOrder = {}): Promise<SandboxHandle> {
  host ??= findHost().then((found) => found ?? startHost());
  const address = await host;
  const { id, description } = (await ask(address, 'POST', '', order)) as HostedSandbox;
  return {
    ...controlSandbox(description),
    stop: async () => {
      await ask(address, 'DELETE', id);
    },
  };
}
