/** What the threads are asked, and what they answer. */
import type { Md5Chain } from '../transfer/hashing.ts';

/** Bytes in memory that all threads see. */
export interface SharedBytes {
  readonly buffer: SharedArrayBuffer;
  readonly offset: number;
  readonly length: number;
}

/** One thing to hash. */
export interface HashOrder {
  readonly id: number;
  readonly kind: 'md5' | 'link' | 'finish';
  readonly bytes: SharedBytes;
  readonly chain: { readonly bytes: number; readonly state: Uint8Array } | null;
}

/** MD5, or the MD5 state after the bytes: 16 bytes. */
export type HashAnswer =
  | { readonly id: number; readonly ok: true; readonly result: Uint8Array }
  | { readonly id: number; readonly ok: false; readonly reason: string };

/** A chain as it comes out of a message. */
export const chainOf = ({ chain }: HashOrder): Md5Chain | null =>
  chain === null ? null : { bytes: chain.bytes, state: Buffer.from(chain.state) };
