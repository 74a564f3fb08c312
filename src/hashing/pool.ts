/** Hashes on a pool of worker threads. */
import { createHash } from 'node:crypto';
import type { Hasher, Md5Chain } from '../transfer/ports/hasher.ts';
import type { HashRequest, HashResult, SharedBytes } from './protocol.ts';
import { startWorker, type WorkerHandle } from './worker-handle.ts';

/** Below this size, a message to a thread takes longer than the hash. */
const SMALL_BYTES = 64 * 1024;

const md5OnThisThread = (bytes: Buffer): Buffer => createHash('md5').update(bytes).digest();

/** Converts a buffer to shared memory. Copies it if necessary. */
function sharedBytes(bytes: Buffer): SharedBytes {
  const { buffer, byteOffset, length } = bytes;
  if (buffer instanceof SharedArrayBuffer) return { buffer, offset: byteOffset, length };
  const copy = new SharedArrayBuffer(length);
  new Uint8Array(copy).set(bytes);
  return { buffer: copy, offset: 0, length };
}

/** The thread with the fewest pending requests. */
const leastBusy = (threads: readonly WorkerHandle[]): WorkerHandle | undefined =>
  threads.reduce<WorkerHandle | undefined>(
    (best, thread) => (best === undefined || thread.pending() < best.pending() ? thread : best),
    undefined,
  );

/**
 * Creates a hasher with worker threads. On the main thread, hashing a block would delay all sockets
 * (`npm run bench -- hashing`). Threads start when large blocks are expected or needed, and keep the process alive only
 * while a request is pending.
 * @param maxThreads maximum number of threads
 * @param onThread called before a thread starts, that is, before the first large block
 */
export function createHasher(maxThreads: number, onThread: () => void = () => undefined): Hasher {
  let threads: WorkerHandle[] = [];
  let closed = false;
  const start = (): WorkerHandle => {
    onThread();
    const thread = startWorker();
    threads.push(thread);
    return thread;
  };
  const pick = (): WorkerHandle => {
    if (closed) throw new Error('The hasher is closed');
    threads = threads.filter((thread) => thread.alive());
    const candidate = leastBusy(threads);
    if (candidate !== undefined && (candidate.pending() === 0 || threads.length >= maxThreads)) return candidate;
    return start();
  };
  const send = async (kind: HashRequest['kind'], bytes: Buffer, chain: Md5Chain | null): Promise<HashResult<Buffer>> =>
    pick().send({ kind, bytes: sharedBytes(bytes), chain });
  const hashAlone = async (bytes: Buffer): Promise<HashResult<Buffer>> => {
    if (bytes.length >= SMALL_BYTES) return send('md5', bytes, null);
    const md5 = md5OnThisThread(bytes);
    return { md5, whole: md5 };
  };
  return {
    expect: (bytes) => {
      if (threads.length === 0 && !closed && bytes >= SMALL_BYTES) start();
    },
    allocate: (bytes) => Buffer.from(new SharedArrayBuffer(bytes)),
    md5: async (bytes) => (await hashAlone(bytes)).md5,
    link: async (bytes, chain) => {
      const { md5, whole } = await send('link', bytes, chain);
      return { md5, chain: { bytes: (chain?.bytes ?? 0) + bytes.length, state: whole } };
    },
    finish: (bytes, chain) => (chain === null ? hashAlone(bytes) : send('finish', bytes, chain)),
    close: () => {
      closed = true;
      for (const thread of threads) thread.close();
    },
  };
}
