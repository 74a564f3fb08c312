import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { BlobFacts } from '../../../../src/transfer/model/blob.ts';
import type { BlobContainer, DirectCopy } from '../../../../src/transfer/ports/blob-container.ts';
import { memoryBlocks, type MemoryBlocks } from './blocks.fixture.ts';

/** MD5 as storage writes it. */
export const md5Of = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('base64');

/** A blob in memory. */
export interface MemoryBlob {
  readonly bytes: Buffer;
  readonly facts: BlobFacts;
}

type Blobs = Map<string, MemoryBlob>;

/** The containers that can reach each other without a runner, by their URI. */
export type Network = Map<string, ReadonlyMap<string, MemoryBlob>>;

/** A container in memory that records its calls. */
export interface MemoryContainer extends BlobContainer {
  readonly blobs: Blobs;
  readonly blocks: MemoryBlocks;
  /** Writes a blob whole; facts that are not given follow from the bytes. */
  readonly put: (name: string, bytes: Buffer, facts?: Partial<BlobFacts>) => void;
  readonly text: (name: string) => string | null;
  /** `find`, `read`, `stage`, `pull`, `commit` and `describe` with the blob's name, in order. */
  readonly calls: readonly string[];
}

type Put = MemoryContainer['put'];

type Texts = Pick<BlobContainer, 'readText' | 'writeText' | 'readVersion' | 'replaceText' | 'list' | 'remove'>;

/** The service gives the MD5 of no longer range. */
const MAX_RANGE = 4 * 1024 * 1024;

/** Documents in the container. */
const textsOf = (blobs: Blobs, put: Put): Texts => ({
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
  remove: async (name, etag) => {
    await turn();
    return blobs.get(name)?.facts.etag === etag && blobs.delete(name);
  },
});

const directOf = (uri: string, blocks: MemoryBlocks, network: Network, calls: string[]): DirectCopy => ({
  authorizeSource: (name) => turn({ url: `${uri}/${name}?sig=authorized`, authorization: null }),
  pull: async (name, { id, offset, size, etag, md5 }, { url }, signal) => {
    calls.push(`pull ${name}`);
    signal.throwIfAborted();
    await turn();
    const [place, blobs] = [...network].find(([uri]) => url.startsWith(`${uri}/`)) ?? [];
    if (blobs === undefined || place === undefined) {
      throw transferError('ACRT5008', { blob: name, source: url, target: uri, reason: 'CannotVerifyCopySource' });
    }
    const blob = blobs.get(url.slice(place.length + 1).replace(/\?.*$/, ''));
    if (blob?.facts.etag !== etag) throw transferError('ACRT5003', { blob: name });
    const bytes = blob.bytes.subarray(offset, offset + size);
    if (md5 !== null && md5 !== md5Of(bytes)) throw new Error('Md5Mismatch');
    blocks.keep(name, id, bytes);
  },
});

/** Blobs as they lie there. */
const seenOf = (blobs: Blobs, put: Put, calls: string[]): Pick<BlobContainer, 'find' | 'describe'> => ({
  find: (name) => {
    calls.push(`find ${name}`);
    return turn(blobs.get(name)?.facts ?? null);
  },
  describe: async (name, metadata, etag) => {
    calls.push(`describe ${name}`);
    await turn();
    const blob = blobs.get(name);
    if (blob?.facts.etag !== etag) return null;
    const { size, md5, contentType, tier } = blob.facts;
    put(name, blob.bytes, { size, md5, contentType, tier, metadata });
    return blobs.get(name)?.facts.etag ?? null;
  },
});

/** What moves bytes. */
const movesOf = (
  blobs: Blobs,
  blocks: MemoryBlocks,
  put: Put,
  calls: string[],
): Pick<BlobContainer, 'read' | 'stage' | 'commit'> => ({
  read: async (name, { offset, etag }, into, signal) => {
    calls.push(`read ${name}`);
    signal.throwIfAborted();
    await turn();
    const blob = blobs.get(name);
    if (blob?.facts.etag !== etag) throw transferError('ACRT5003', { blob: name });
    if (offset + into.length > blob.bytes.length) throw new Error('InvalidRange');
    blob.bytes.copy(into, 0, offset, offset + into.length);
    return into.length > MAX_RANGE ? null : md5Of(blob.bytes.subarray(offset, offset + into.length));
  },
  stage: async (name, { id, offset, bytes, md5 }, signal) => {
    calls.push(`stage ${name}`);
    signal.throwIfAborted();
    await turn();
    if (md5Of(bytes) === md5) {
      blocks.keep(name, id, Buffer.from(bytes));
      return;
    }
    const temporary = { retryAfterSeconds: null, throttled: false };
    throw transferError('ACRT5011', { blob: name, offset: String(offset), where: 'on its way up' }, { temporary });
  },
  commit: async (name, blockIds, properties, replaces, signal) => {
    calls.push(`commit ${name}`);
    signal.throwIfAborted();
    await turn();
    if ((blobs.get(name)?.facts.etag ?? null) !== replaces) return null;
    const bytes = blocks.assemble(name, blockIds);
    if (bytes === null) return null;
    put(name, bytes, properties);
    return blobs.get(name)?.facts.etag ?? null;
  },
});

/**
 * Makes an empty container. Like storage it checks ETags, the MD5 of blocks and the length of their ids, and forgets all
 * blocks of a blob that is written.
 * @param now milliseconds since the epoch
 * @param network where it can be reached by others, and reaches them, without a runner; null: nowhere
 */
export function memoryContainer(uri: string, now: () => number = () => 0, network?: Network): MemoryContainer {
  const blobs: Blobs = new Map();
  const blocks = memoryBlocks(uri);
  const calls: string[] = [];
  let version = 0;
  const put: Put = (name, bytes, facts = {}) => {
    version += 1;
    const contentType = 'application/octet-stream';
    const etag = `"${uri} ${version}"`;
    const own = { size: bytes.length, etag, contentType, metadata: {}, modifiedAt: now(), tier: null };
    // Who gives the MD5 spares the computation: for large blobs it is long.
    const md5 = facts.md5 === undefined ? md5Of(bytes) : facts.md5;
    blobs.set(name, { bytes, facts: { ...own, ...facts, md5 } });
    blocks.forget(name);
  };
  network?.set(uri, blobs);
  return {
    uri,
    direct: network === undefined ? null : directOf(uri, blocks, network, calls),
    accessEndsAt: null,
    computesMd5: false,
    blobs,
    blocks,
    calls,
    put,
    text: (name) => blobs.get(name)?.bytes.toString('utf8') ?? null,
    arrived: (name) => turn(blocks.arrived(name)),
    ...seenOf(blobs, put, calls),
    ...movesOf(blobs, blocks, put, calls),
    ...textsOf(blobs, put),
  };
}
