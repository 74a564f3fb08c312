import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { failure } from '../../../src/transfer/failure.ts';
import type { BlobContainer, BlobFacts } from '../../../src/transfer/services.ts';

/** MD5 as storage writes it. */
export const md5Of = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('base64');

/** A blob in memory. */
export interface MemoryBlob {
  readonly bytes: Buffer;
  readonly facts: BlobFacts;
}

/** A container in memory, with what was done to it. */
export interface MemoryContainer extends BlobContainer {
  readonly blobs: Map<string, MemoryBlob>;
  /** Writes a blob whole; facts that are not given follow from the bytes. */
  readonly put: (name: string, bytes: Buffer, facts?: Partial<BlobFacts>) => void;
  readonly text: (name: string) => string | null;
  /** `read`, `stage` and `commit` with the blob's name, in order. */
  readonly calls: readonly string[];
  readonly mostReadsAtATime: () => number;
}

interface Stage {
  readonly ids: Map<string, Buffer>;
}

function assemble(staged: Stage | undefined, ids: readonly string[]): Buffer {
  const parts = ids.map((id) => staged?.ids.get(id));
  if (parts.some((part) => part === undefined)) throw new Error('InvalidBlockList');
  return Buffer.concat(parts.filter((part) => part !== undefined));
}

type Texts = Pick<BlobContainer, 'readText' | 'writeText' | 'readVersion' | 'replaceText' | 'list'>;

/** Documents beside the blobs. */
const textsOf = (blobs: ReadonlyMap<string, MemoryBlob>, put: MemoryContainer['put']): Texts => ({
  readText: (name) => turn(blobs.get(name)?.bytes.toString('utf8') ?? null),
  writeText: async (name, text) => {
    await turn();
    put(name, Buffer.from(text));
  },
  readVersion: (name) => {
    const blob = blobs.get(name);
    return turn(blob === undefined ? null : { text: blob.bytes.toString('utf8'), etag: blob.facts.etag });
  },
  replaceText: async (name, text, etag) => {
    await turn();
    if ((blobs.get(name)?.facts.etag ?? null) !== etag) return false;
    put(name, Buffer.from(text));
    return true;
  },
  list: (suffix) => turn([...blobs.keys()].filter((name) => name.endsWith(suffix)).sort()),
});

/**
 * Makes an empty container. Like storage it checks ETags and the MD5 of blocks, and reads a block when it is sent.
 * @param now milliseconds since the epoch
 */
export function memoryContainer(uri: string, now: () => number = () => 0): MemoryContainer {
  const blobs = new Map<string, MemoryBlob>();
  const staged = new Map<string, Stage>();
  const calls: string[] = [];
  let version = 0;
  let reads = 0;
  let mostReads = 0;
  const put: MemoryContainer['put'] = (name, bytes, facts = {}) => {
    version += 1;
    const contentType = 'application/octet-stream';
    const etag = `"${version}"`;
    const own = { size: bytes.length, md5: md5Of(bytes), etag, contentType, metadata: {}, modifiedAt: now() };
    blobs.set(name, { bytes, facts: { ...own, ...facts } });
  };
  return {
    uri,
    blobs,
    calls,
    put,
    text: (name) => blobs.get(name)?.bytes.toString('utf8') ?? null,
    mostReadsAtATime: () => mostReads,
    find: (name) => turn(blobs.get(name)?.facts ?? null),
    read: async (name, { offset, etag }, into, signal) => {
      calls.push(`read ${name}`);
      signal.throwIfAborted();
      reads += 1;
      mostReads = Math.max(mostReads, reads);
      await turn();
      reads -= 1;
      const blob = blobs.get(name);
      if (blob?.facts.etag !== etag) throw failure('ACRT5003', { blob: name });
      blob.bytes.copy(into, 0, offset, offset + into.length);
    },
    stage: async (name, { id, bytes, md5 }, signal) => {
      calls.push(`stage ${name}`);
      signal.throwIfAborted();
      await turn();
      if (md5Of(bytes) !== md5) throw new Error('Md5Mismatch');
      const stage = staged.get(name) ?? { ids: new Map<string, Buffer>() };
      stage.ids.set(id, Buffer.from(bytes));
      staged.set(name, stage);
    },
    commit: async (name, blockIds, properties) => {
      calls.push(`commit ${name}`);
      await turn();
      put(name, assemble(staged.get(name), blockIds), { ...properties });
      staged.delete(name);
    },
    ...textsOf(blobs, put),
  };
}
