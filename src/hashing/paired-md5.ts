/** Two MD5s in one pass: of some bytes by themselves, and of the blob that they are part of. */
import type { HashedBlob, HashedBlock, Md5Chain } from '../transfer/ports/hasher.ts';
import { createKernel, KERNEL_BYTES, KERNEL_MEMORY } from './md5-kernel.ts';

const CHUNK_BYTES = 64;
const STATE_BYTES = 16;
const [OWN, WHOLE] = KERNEL_MEMORY.lanes;

/** What every MD5 begins with (RFC 1321, 3.3). */
const INITIAL = Buffer.from('0123456789abcdeffedcba9876543210', 'hex');

const NOTHING = Buffer.alloc(0);

/** MD5 of "a" repeated 64 times: one chunk, and one of nothing but padding. */
const KNOWN = { bytes: Buffer.alloc(CHUNK_BYTES, 'a'), md5: '014842d480b571495a4a0363793f7367' };

/** Computes on one thread. Node's own crypto would too, but it keeps to itself how far an MD5 has come. */
export interface PairedMd5 {
  /** See Hashing.link. */
  readonly link: (bytes: Uint8Array, chain: Md5Chain | null) => HashedBlock;
  /** See Hashing.finish. */
  readonly finish: (bytes: Uint8Array, chain: Md5Chain | null) => HashedBlob;
}

/** What is left over after whole chunks, a bit, zeros, and the count of bits (RFC 1321, 3.1 and 3.2). */
function lastChunks(left: Uint8Array, bytes: number): Buffer {
  const room = CHUNK_BYTES - 8;
  const last = Buffer.alloc(left.length < room ? CHUNK_BYTES : 2 * CHUNK_BYTES);
  last.set(left);
  last.writeUInt8(0x80, left.length);
  last.writeBigUInt64LE(BigInt(bytes) * 8n, last.length - 8);
  return last;
}

/** The kernel as a thing with two states. */
function createLanes() {
  const { memory, run } = createKernel();
  const all = Buffer.from(memory.buffer);
  const start = KERNEL_MEMORY.bytes;
  return {
    put: (lane: number, state: Uint8Array): void => {
      all.set(state, lane);
    },
    state: (lane: number): Buffer => Buffer.from(all.subarray(lane, lane + STATE_BYTES)),
    /** Takes both states over whole chunks. */
    feed: (chunks: Uint8Array): void => {
      for (let offset = 0; offset < chunks.length; offset += KERNEL_BYTES) {
        const slice = chunks.subarray(offset, offset + KERNEL_BYTES);
        all.set(slice, start);
        run(start, start + slice.length);
      }
    },
  };
}

function pair(): PairedMd5 {
  const lanes = createLanes();
  const begin = (chunks: Uint8Array, chain: Md5Chain | null): { own: Buffer; whole: Buffer } => {
    lanes.put(OWN, INITIAL);
    lanes.put(WHOLE, chain?.state ?? INITIAL);
    lanes.feed(chunks);
    return { own: lanes.state(OWN), whole: lanes.state(WHOLE) };
  };
  /** Each MD5 ends with a count of its own, so they part here: the other state is of no use any more. */
  const end = (state: Buffer, left: Uint8Array, bytes: number): Buffer => {
    lanes.put(OWN, state);
    lanes.feed(lastChunks(left, bytes));
    return lanes.state(OWN);
  };
  return {
    link: (bytes, chain) => {
      if (bytes.length % CHUNK_BYTES !== 0) throw new RangeError(`MD5 cannot be cut after ${bytes.length} bytes`);
      const { own, whole } = begin(bytes, chain);
      const after = { bytes: (chain?.bytes ?? 0) + bytes.length, state: whole };
      return { md5: end(own, NOTHING, bytes.length), chain: after };
    },
    finish: (bytes, chain) => {
      const chunked = bytes.length - (bytes.length % CHUNK_BYTES);
      const left = bytes.subarray(chunked);
      const { own, whole } = begin(bytes.subarray(0, chunked), chain);
      const total = (chain?.bytes ?? 0) + bytes.length;
      return { md5: end(own, left, bytes.length), whole: end(whole, left, total) };
    },
  };
}

/** Opens it. Throws when it does not compute MD5 on this machine: sines are as exact as the engine makes them. */
export function createPairedMd5(): PairedMd5 {
  const paired = pair();
  const { md5, chain } = paired.link(KNOWN.bytes, null);
  const { whole } = paired.finish(NOTHING, chain);
  if ([md5, whole].some((computed) => computed.toString('hex') !== KNOWN.md5)) {
    throw new Error('MD5 is not computed right on this machine');
  }
  return paired;
}
