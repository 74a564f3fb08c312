/** Computes two MD5s in one pass: of a block, and of the blob that contains it. */
import type { HashedBlob, HashedBlock, Md5Chain } from '../transfer/ports/hasher.ts';
import { MD5_KERNEL } from './md5-kernel.ts';

const CHUNK_BYTES = 64;
const STATE_BYTES = 16;

/** Layout of the kernel's memory: addresses of both states, and of the bytes to hash (assembly/md5-kernel.ts). */
const [BLOCK, BLOB, BYTES] = [0, 16, 64];

/** Bytes that one call of the kernel hashes. They and their source fit in the processor's cache. */
const KERNEL_BYTES = 64 * 1024;

/** Initial state of MD5 (RFC 1321, 3.3). */
const INITIAL = Buffer.from('0123456789abcdeffedcba9876543210', 'hex');

const EMPTY = Buffer.alloc(0);

/** Computes on the current thread. Node's crypto can't export or import the state of an MD5. */
export interface PairedMd5 {
  /** See {@link Hasher.link}. */
  readonly link: (bytes: Uint8Array, chain: Md5Chain | null) => HashedBlock;
  /** See {@link Hasher.finish}. */
  readonly finish: (bytes: Uint8Array, chain: Md5Chain | null) => HashedBlob;
}

/** Pads the bytes after the last whole chunk: a one bit, zeros, and the number of bits (RFC 1321, 3.1 and 3.2). */
function padded(tail: Uint8Array, bytes: number): Buffer {
  const room = CHUNK_BYTES - 8;
  const last = Buffer.alloc(tail.length < room ? CHUNK_BYTES : 2 * CHUNK_BYTES);
  last.set(tail);
  last.writeUInt8(0x80, tail.length);
  last.writeBigUInt64LE(BigInt(bytes) * 8n, last.length - 8);
  return last;
}

/** The part of the WebAssembly API that this file uses. Node's types don't declare it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** The compiled kernel with its memory. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Updates both states with the chunks from one address to another. */
  readonly update: (start: number, end: number) => void;
}

/** Starts the kernel, and wraps its memory and its two states. */
function createLanes() {
  const module = new WebAssembly.Module(Buffer.from(MD5_KERNEL, 'base64'));
  const { memory, update } = new WebAssembly.Instance(module).exports as Kernel;
  const all = Buffer.from(memory.buffer);
  return {
    setState: (lane: number, state: Uint8Array): void => {
      all.set(state, lane);
    },
    state: (lane: number): Buffer => Buffer.from(all.subarray(lane, lane + STATE_BYTES)),
    /** Updates both states with whole chunks. */
    update: (chunks: Uint8Array): void => {
      for (let offset = 0; offset < chunks.length; offset += KERNEL_BYTES) {
        const slice = chunks.subarray(offset, offset + KERNEL_BYTES);
        all.set(slice, BYTES);
        update(BYTES, BYTES + slice.length);
      }
    },
  };
}

/** Compiles the kernel. */
export function createPairedMd5(): PairedMd5 {
  const lanes = createLanes();
  const hashChunks = (chunks: Uint8Array, chain: Md5Chain | null): { blockState: Buffer; whole: Buffer } => {
    lanes.setState(BLOCK, INITIAL);
    lanes.setState(BLOB, chain?.state ?? INITIAL);
    lanes.update(chunks);
    return { blockState: lanes.state(BLOCK), whole: lanes.state(BLOB) };
  };
  /** Completes one MD5. The padding differs between the two, so the other state is overwritten. */
  const complete = (state: Buffer, tail: Uint8Array, bytes: number): Buffer => {
    lanes.setState(BLOCK, state);
    lanes.update(padded(tail, bytes));
    return lanes.state(BLOCK);
  };
  return {
    link: (bytes, chain) => {
      if (bytes.length % CHUNK_BYTES !== 0) throw new RangeError(`An MD5 can't be resumed after ${bytes.length} bytes`);
      const { blockState, whole } = hashChunks(bytes, chain);
      const after = { bytes: (chain?.bytes ?? 0) + bytes.length, state: whole };
      return { md5: complete(blockState, EMPTY, bytes.length), chain: after };
    },
    finish: (bytes, chain) => {
      const chunked = bytes.length - (bytes.length % CHUNK_BYTES);
      const tail = bytes.subarray(chunked);
      const { blockState, whole } = hashChunks(bytes.subarray(0, chunked), chain);
      const total = (chain?.bytes ?? 0) + bytes.length;
      return { md5: complete(blockState, tail, bytes.length), whole: complete(whole, tail, total) };
    },
  };
}
