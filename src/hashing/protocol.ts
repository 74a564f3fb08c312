/** What the threads are asked, and what they answer. */
import type { Md5Chain } from '../transfer/ports/hasher.ts';

/** Bytes in memory that all threads see. */
export interface SharedBytes {
  readonly buffer: SharedArrayBuffer;
  readonly offset: number;
  readonly length: number;
}

/** One thing to hash. */
export interface HashRequest {
  readonly id: number;
  readonly kind: 'md5' | 'link' | 'finish';
  readonly bytes: SharedBytes;
  readonly chain: { readonly bytes: number; readonly state: Uint8Array } | null;
}

/** What was computed of an order's bytes. */
export interface HashResult<Bytes = Uint8Array> {
  /** MD5 of the bytes by themselves, 16 bytes. */
  readonly md5: Bytes;
  /** After `link` the MD5 state of the blob, after `finish` its MD5, 16 bytes; after `md5` the bytes are all there is. */
  readonly whole: Bytes;
}

/** The answer to the order with this id. */
export type HashResponse =
  | { readonly id: number; readonly ok: true; readonly result: HashResult }
  | { readonly id: number; readonly ok: false; readonly reason: string };

/** A chain as it comes out of a message. */
export const chainOf = ({ chain }: HashRequest): Md5Chain | null =>
  chain === null ? null : { bytes: chain.bytes, state: Buffer.from(chain.state) };
