/** Divides a blob into blocks. */
import { transferError } from '../errors/index.ts';
import { formatBytes } from '../model/bytes.ts';
import type { HandoffFacts } from '../model/result.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Maximum number of blocks of a block blob (Microsoft: scalability and performance targets for Blob storage). */
const MAX_BLOCKS = 50_000;

/** Maximum size of a range whose MD5 the service returns (Microsoft: Get Blob, x-ms-range-get-content-md5). */
export const MAX_CHECKED_RANGE = 4 * MIB;

/** Block sizes are multiples of this. MD5 works in chunks of 64 bytes, and only a state between chunks can be resumed. */
const GRANULARITY = 64 * KIB;

/** Block sizes for copies through the runner. By default, a block is as large as a range with an MD5. */
const STREAM = { default: MAX_CHECKED_RANGE, min: 256 * KIB, max: 40 * MIB } as const;

/** Block sizes for copies from storage to storage. A block has at most 4000 MiB (Microsoft: Put Block From URL). */
const SERVER = { default: 16 * MIB, max: 4000 * MIB } as const;

/** Maximum size of a blob that is copied from storage to storage in one block, so that the service checks its MD5. */
export const MAX_SINGLE_BLOCK = 256 * MIB;

const roundUp = (bytes: number): number => Math.ceil(bytes / GRANULARITY) * GRANULARITY;

/** Maximum size of a blob, bytes. */
const maxBlobBytes = (method: HandoffFacts['method']): number =>
  MAX_BLOCKS * (method === 'server' ? SERVER.max : STREAM.max);

/**
 * Size of all blocks except the last, bytes.
 * @param bandwidth limit in bytes per second, null for none. Blocks are smaller under a low limit, so that the rate is even
 * @throws ACRT5012
 */
export function blockBytes(
  blob: string,
  size: number,
  method: HandoffFacts['method'],
  bandwidth: number | null,
): number {
  if (size > maxBlobBytes(method)) {
    throw transferError('ACRT5012', {
      blob,
      size: formatBytes(size),
      limit: formatBytes(maxBlobBytes(method)),
      method,
    });
  }
  const min = roundUp(size / MAX_BLOCKS);
  if (method === 'server') return Math.max(size <= MAX_SINGLE_BLOCK ? roundUp(size) : SERVER.default, min);
  const preferred =
    bandwidth === null ? STREAM.default : Math.max(STREAM.min, Math.min(STREAM.default, roundUp(bandwidth)));
  return Math.max(preferred, min);
}

/** Position of one block in its blob. */
export interface BlockSpan {
  readonly index: number;
  /** Bytes from the start of the blob. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** Divides a blob into blocks of the given size. An empty blob has no blocks. */
export const blockSpans = (size: number, bytes: number): readonly BlockSpan[] =>
  Array.from({ length: size === 0 ? 0 : Math.ceil(size / bytes) }, (_, index) => {
    const offset = index * bytes;
    return { index, offset, size: Math.min(bytes, size - offset) };
  });
