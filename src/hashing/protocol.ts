/** Messages to and from the worker threads. */
import type { Md5Chain } from '../transfer/ports/hasher.ts';

/** Bytes in shared memory. */
export interface SharedBytes {
  readonly buffer: SharedArrayBuffer;
  readonly offset: number;
  readonly length: number;
}

/** Request to hash bytes. */
export interface HashRequest {
  readonly id: number;
  readonly kind: 'md5' | 'link' | 'finish';
  readonly bytes: SharedBytes;
  readonly chain: { readonly bytes: number; readonly state: Uint8Array } | null;
}

/** Hashes of the bytes of a request. */
export interface HashResult<Bytes = Uint8Array> {
  /** MD5 of the bytes, 16 bytes. */
  readonly md5: Bytes;
  /** After `link` the MD5 state of the blob, after `finish` its MD5, after `md5` the same as `md5`; 16 bytes. */
  readonly whole: Bytes;
}

/** Response to the request with this id. */
export type HashResponse =
  | { readonly id: number; readonly ok: true; readonly result: HashResult }
  | { readonly id: number; readonly ok: false; readonly reason: string };

/** Converts the chain of a message, whose buffers are plain arrays of bytes. */
export const chainOf = ({ chain }: HashRequest): Md5Chain | null =>
  chain === null ? null : { bytes: chain.bytes, state: Buffer.from(chain.state) };
