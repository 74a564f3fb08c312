/** Starts a worker thread, and matches its responses to requests. */
import { Worker } from 'node:worker_threads';
import type { HashRequest, HashResponse, HashResult } from './protocol.ts';

/** A worker thread with its pending requests. */
export interface WorkerHandle {
  readonly pending: () => number;
  /** Whether the thread is still running. */
  readonly alive: () => boolean;
  readonly send: (request: Omit<HashRequest, 'id'>) => Promise<HashResult<Buffer>>;
  readonly close: () => void;
}

interface PendingRequest {
  readonly resolve: (result: HashResult<Buffer>) => void;
  readonly reject: (error: Error) => void;
}

/** Converts the buffers of a message, which arrive as plain arrays of bytes. */
const buffers = ({ md5, whole }: HashResult): HashResult<Buffer> => ({
  md5: Buffer.from(md5),
  whole: Buffer.from(whole),
});

// The bundle of the worker is in the same folder as the main bundle. The names aren't literals in the URL, because the
// bundler would treat them as assets.
const ENTRIES = { bundled: './hash-worker.js', source: './worker.ts' };
const entry = (): URL => new URL(import.meta.url.endsWith('.ts') ? ENTRIES.source : ENTRIES.bundled, import.meta.url);

/** The heap contains little more than a WebAssembly module. The blocks are in shared memory. */
const LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };

/** Pending requests of a thread. The thread keeps the process alive while there are any. */
function createPendingRequests(worker: Worker) {
  const requests = new Map<number, PendingRequest>();
  let lastId = 0;
  return {
    count: () => requests.size,
    add: (pendingRequest: PendingRequest): number => {
      worker.ref();
      requests.set((lastId += 1), pendingRequest);
      return lastId;
    },
    take: (id: number): PendingRequest | undefined => {
      const pendingRequest = requests.get(id);
      requests.delete(id);
      if (requests.size === 0) worker.unref();
      return pendingRequest;
    },
    rejectAll: (error: Error) => {
      for (const { reject } of requests.values()) reject(error);
      requests.clear();
    },
  };
}

/** Starts a thread. It doesn't keep the process alive while it is idle. */
export function startWorker(): WorkerHandle {
  // The flags of the process aren't valid for this file.
  const worker = new Worker(entry(), { execArgv: [], resourceLimits: LIMITS });
  worker.unref();
  const requests = createPendingRequests(worker);
  let ended: Error | null = null;
  const end = (reason: string): void => {
    ended ??= new Error(`The hash worker has ended: ${reason}`);
    requests.rejectAll(ended);
  };
  worker.on('message', (response: HashResponse) => {
    const pendingRequest = requests.take(response.id);
    if (response.ok) pendingRequest?.resolve(buffers(response.result));
    else pendingRequest?.reject(new Error(response.reason));
  });
  worker.on('error', (error) => {
    end(String(error));
  });
  worker.on('exit', (code) => {
    end(`exit code ${code}`);
  });
  return {
    pending: requests.count,
    alive: () => ended === null,
    send: (request) =>
      new Promise((resolve, reject) => {
        const id = requests.add({ resolve, reject });
        worker.postMessage({ ...request, id } satisfies HashRequest);
      }),
    close: () => {
      end('closed');
      void worker.terminate();
    },
  };
}
