import { Worker } from 'node:worker_threads';
import type { HashRequest, HashResponse, HashResult } from './protocol.ts';

/** A thread with what it has been asked and not answered yet. */
export interface WorkerHandle {
  readonly waiting: () => number;
  /** Whether it can still answer. */
  readonly alive: () => boolean;
  readonly ask: (order: Omit<HashRequest, 'id'>) => Promise<HashResult<Buffer>>;
  readonly close: () => void;
}

interface Waiter {
  readonly resolve: (result: HashResult<Buffer>) => void;
  readonly reject: (error: Error) => void;
}

/** Buffers come out of a message as plain arrays of bytes. */
const buffers = ({ md5, whole }: HashResult): HashResult<Buffer> => ({
  md5: Buffer.from(md5),
  whole: Buffer.from(whole),
});

// Beside the bundle lies the bundle of the thread. The names are no literals, or the bundler would take them for assets.
const ENTRIES = { bundled: './hash-worker.js', source: './worker.ts' };
const entry = (): URL => new URL(import.meta.url.endsWith('.ts') ? ENTRIES.source : ENTRIES.bundled, import.meta.url);

/** It holds a WebAssembly module and little else; the blocks lie in shared memory. */
const LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };

/** What has been asked of a thread. It keeps the process alive as long as something has not been answered. */
function waitersOf(worker: Worker) {
  const waiters = new Map<number, Waiter>();
  let asked = 0;
  return {
    count: () => waiters.size,
    add: (waiter: Waiter): number => {
      worker.ref();
      waiters.set((asked += 1), waiter);
      return asked;
    },
    take: (id: number): Waiter | undefined => {
      const waiter = waiters.get(id);
      waiters.delete(id);
      if (waiters.size === 0) worker.unref();
      return waiter;
    },
    rejectAll: (error: Error) => {
      for (const { reject } of waiters.values()) reject(error);
      waiters.clear();
    },
  };
}

/** Starts a thread. It does not keep the process alive while it has nothing to do. */
export function startWorker(): WorkerHandle {
  // Flags that the process was started with are not meant for this file.
  const worker = new Worker(entry(), { execArgv: [], resourceLimits: LIMITS });
  worker.unref();
  const waiters = waitersOf(worker);
  let ended: Error | null = null;
  const end = (reason: string): void => {
    ended ??= new Error(`the thread that hashes has ended: ${reason}`);
    waiters.rejectAll(ended);
  };
  worker.on('message', (answer: HashResponse) => {
    const waiter = waiters.take(answer.id);
    if (answer.ok) waiter?.resolve(buffers(answer.result));
    else waiter?.reject(new Error(answer.reason));
  });
  worker.on('error', (error) => {
    end(String(error));
  });
  worker.on('exit', (code) => {
    end(`exit code ${code}`);
  });
  return {
    waiting: waiters.count,
    alive: () => ended === null,
    ask: (order) =>
      new Promise((resolve, reject) => {
        const id = waiters.add({ resolve, reject });
        worker.postMessage({ ...order, id } satisfies HashRequest);
      }),
    close: () => {
      end('closed');
      void worker.terminate();
    },
  };
}
