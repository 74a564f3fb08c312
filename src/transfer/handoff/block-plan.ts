/** How a blob is cut into blocks. */
import { transferError } from '../errors/index.ts';
import { formatBytes } from '../model/bytes.ts';
import type { HandoffFacts } from '../model/result.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** A block blob has at most 50,000 blocks (Microsoft: scalability and performance targets for Blob storage). */
const MAX_BLOCKS = 50_000;

/** The service gives the MD5 of a range of at most 4 MiB (Microsoft: Get Blob, x-ms-range-get-content-md5). */
export const MAX_CHECKED_RANGE = 4 * MIB;

/** MD5 works in chunks of 64 bytes; a round number of them can be handed to another process. */
const GRAIN = 64 * KIB;

/** Through the runner: as large as a range that is checked, unless the blob would need too many of them. */
const STREAM = { usual: MAX_CHECKED_RANGE, least: 256 * KIB, most: 40 * MIB } as const;

/** From storage to storage: a block has at most 4000 MiB (Microsoft: Put Block From URL). */
const SERVER = { usual: 16 * MIB, most: 4000 * MIB } as const;

/** Up to here the service takes a blob in one block, whose MD5, that of the whole, it checks. */
export const MAX_WHOLE = 256 * MIB;

const rounded = (bytes: number): number => Math.ceil(bytes / GRAIN) * GRAIN;

/** Bytes that a blob may have; see the limits above. */
const largest = (method: HandoffFacts['method']): number =>
  MAX_BLOCKS * (method === 'server' ? SERVER.most : STREAM.most);

/**
 * Bytes of all blocks but the last.
 * @param bandwidth bytes a second that may pass; on a thin line blocks are small, so that it is used evenly. Null: no limit
 * @throws ACRT5012
 */
export function blockBytes(
  blob: string,
  size: number,
  method: HandoffFacts['method'],
  bandwidth: number | null,
): number {
  if (size > largest(method)) {
    throw transferError('ACRT5012', { blob, size: formatBytes(size), limit: formatBytes(largest(method)), method });
  }
  const least = rounded(size / MAX_BLOCKS);
  if (method === 'server') return Math.max(size <= MAX_WHOLE ? rounded(size) : SERVER.usual, least);
  const even = bandwidth === null ? STREAM.usual : Math.max(STREAM.least, Math.min(STREAM.usual, rounded(bandwidth)));
  return Math.max(even, least);
}

/** A part of a blob. */
export interface BlockSpan {
  readonly index: number;
  /** Where it begins, bytes. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** A blob of this size in blocks of so many bytes; an empty blob has none. */
export const blockSpans = (size: number, bytes: number): readonly BlockSpan[] =>
  Array.from({ length: size === 0 ? 0 : Math.ceil(size / bytes) }, (_, index) => {
    const offset = index * bytes;
    return { index, offset, size: Math.min(bytes, size - offset) };
  });
