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

/** Azurite's blob service with one account. */
export interface Azurite {
  /** Its port on 127.0.0.1, plain HTTP, for the front end only. */
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** A process that runs Azurite for any number of accounts. Most of its start time is loading Azurite. */
export interface AzuriteProcess {
  readonly pid: number;
  /**
   * Opens an account with its own server.
   * @param folder for the account's content. The memory mode would take several times its size
   */
  readonly open: (folder: string, account: Account) => Promise<Azurite>;
  readonly close: () => Promise<void>;
}

/** A request to the process: opens an account, or closes the account with this ID. */
export interface AzuriteOrder {
  readonly id: number;
  readonly open?: { readonly folder: string; readonly account: Account };
}

/** Response to a request. */
export interface AzuriteAnswer {
  readonly id: number;
  readonly port?: number;
  readonly error?: string;
}

type Ask = (order: AzuriteOrder) => Promise<AzuriteAnswer>;

/** Sends requests, and matches the responses by their ID. */
function asker(child: ChildProcess): Ask {
  const errors: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  const waiting = new Map<number, PromiseWithResolvers<AzuriteAnswer>>();
  child.on('message', (answer: AzuriteAnswer) => waiting.get(answer.id)?.resolve(answer));
  child.on('exit', () => {
    for (const { reject } of waiting.values())
      reject(new Error(`Azurite has ended: ${Buffer.concat(errors).toString().trim()}`));
  });
  return async (order) => {
    const answered = Promise.withResolvers<AzuriteAnswer>();
    waiting.set(order.id, answered);
    child.send(order);
    const answer = await answered.promise.finally(() => waiting.delete(order.id));
    if (answer.error !== undefined) throw new Error(`Azurite: ${answer.error}`);
    return answer;
  };
}

/** Starts Azurite in a process that ends with this one. */
export function startAzurite(): AzuriteProcess {
  const child = fork(path.join(import.meta.dirname, 'azurite-process.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=DeprecationWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ask = asker(child);
  let opened = 0;
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    open: async (folder, account) => {
      await mkdir(folder, { recursive: true });
      const id = (opened += 1);
      const { port = 0 } = await ask({ id, open: { folder, account } });
      return {
        port,
        close: async () => {
          if (!isGone()) await ask({ id });
        },
      };
    },
    close: async () => {
      if (isGone()) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL'); // nothing to save: the folders go away with the sandbox
      await exited;
    },
  };
}
