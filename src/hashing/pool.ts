import { createHash } from 'node:crypto';
import type { Hasher, Md5Chain } from '../transfer/ports/hasher.ts';
import type { HashRequest, HashResult, SharedBytes } from './protocol.ts';
import { startWorker, type WorkerHandle } from './worker-handle.ts';

/** Smaller than this a message to a thread takes longer than the hash. */
const SMALL_BYTES = 64 * 1024;

const md5Here = (bytes: Buffer): Buffer => createHash('md5').update(bytes).digest();

/** The bytes as all threads see them; what does not lie in shared memory is copied there. */
function sharedBytes(bytes: Buffer): SharedBytes {
  const { buffer, byteOffset, length } = bytes;
  if (buffer instanceof SharedArrayBuffer) return { buffer, offset: byteOffset, length };
  const copy = new SharedArrayBuffer(length);
  new Uint8Array(copy).set(bytes);
  return { buffer: copy, offset: 0, length };
}

/** The one with the least to do. */
const idlest = (threads: readonly WorkerHandle[]): WorkerHandle | undefined =>
  threads.reduce<WorkerHandle | undefined>(
    (best, thread) => (best === undefined || thread.waiting() < best.waiting() ? thread : best),
    undefined,
  );

/**
 * Hashes on threads of their own, which start when large blocks are expected, or when they are needed, and keep the process alive only while
 * somebody waits for them. On the main thread every hash of a block would hold up all sockets (`npm run bench -- hashing`).
 * @param most threads at most
 * @param onThread called before a thread starts: from here on large blocks pass
 */
export function createHasher(most: number, onThread: () => void = () => undefined): Hasher {
  let threads: WorkerHandle[] = [];
  let closed = false;
  const start = (): WorkerHandle => {
    onThread();
    const thread = startWorker();
    threads.push(thread);
    return thread;
  };
  const pick = (): WorkerHandle => {
    if (closed) throw new Error('the threads that hash have ended');
    threads = threads.filter((thread) => thread.alive());
    const idle = idlest(threads);
    if (idle !== undefined && (idle.waiting() === 0 || threads.length >= most)) return idle;
    return start();
  };
  const ask = async (kind: HashRequest['kind'], bytes: Buffer, chain: Md5Chain | null): Promise<HashResult<Buffer>> =>
    pick().ask({ kind, bytes: sharedBytes(bytes), chain });
  const alone = async (bytes: Buffer): Promise<HashResult<Buffer>> => {
    if (bytes.length >= SMALL_BYTES) return ask('md5', bytes, null);
    const md5 = md5Here(bytes);
    return { md5, whole: md5 };
  };
  return {
    expect: (bytes) => {
      if (threads.length === 0 && !closed && bytes >= SMALL_BYTES) start();
    },
    allocate: (bytes) => Buffer.from(new SharedArrayBuffer(bytes)),
    md5: async (bytes) => (await alone(bytes)).md5,
    link: async (bytes, chain) => {
      const { md5, whole } = await ask('link', bytes, chain);
      return { md5, chain: { bytes: (chain?.bytes ?? 0) + bytes.length, state: whole } };
    },
    finish: (bytes, chain) => (chain === null ? alone(bytes) : ask('finish', bytes, chain)),
    close: () => {
      closed = true;
      for (const thread of threads) thread.close();
    },
  };
}
