import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/** A storage account: its name and its base64 key. */
export interface Account {
  readonly name: string;
  readonly key: string;
}

/** Azurite's blob service, running. */
export interface Azurite {
  readonly pid: number;
  /** Its port on 127.0.0.1, plain HTTP: for the front alone. */
  readonly port: number;
  readonly close: () => Promise<void>;
}

async function firstMessage(child: ChildProcess): Promise<{ readonly port: number }> {
  const errors: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  const exit = once(child, 'exit').then(() => {
    throw new Error(`Azurite did not start: ${Buffer.concat(errors).toString().trim()}`);
  });
  const [message] = (await Promise.race([once(child, 'message'), exit])) as [{ readonly port: number }];
  exit.catch(() => undefined);
  return message;
}

/**
 * Starts Azurite with one account, in a process that ends with this one.
 * @param folder where it keeps the account's content: on disk, because its memory mode grows to several times what it holds
 */
export async function startAzurite(folder: string, account: Account): Promise<Azurite> {
  await mkdir(folder, { recursive: true });
  const child = fork(path.join(import.meta.dirname, 'azurite-process.ts'), [folder], {
    env: { ...process.env, AZURITE_ACCOUNTS: `${account.name}:${account.key}` },
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=DeprecationWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const { port } = await firstMessage(child);
  return {
    pid: child.pid ?? 0,
    port,
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL'); // nothing to save: the folder goes away with the sandbox
      await exited;
    },
  };
}
