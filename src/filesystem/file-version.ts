/** Versions of files, the counterpart of a blob's ETag. */
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { transferError } from '../transfer/errors/index.ts';
import { nullIfMissing } from './errors.ts';

/** One version of a file. */
export interface FileVersion {
  /**
   * Changes with the size and the time of the last write (nanoseconds). The inode isn't part of it: FAT and exFAT have none,
   * and Linux makes up new ones when the medium is plugged in again, so that nothing could be resumed.
   */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/** Reads the version from stats. Throws ACRT5014 for anything but a file, because opening a pipe can block. */
export function versionIn(stats: BigIntStats, file: string): FileVersion {
  if (!stats.isFile()) throw transferError('ACRT5014', { file, reason: 'it is not a file' });
  const { size, mtimeNs } = stats;
  return { etag: `"${size}-${mtimeNs}"`, size: Number(size), modifiedAt: Number(mtimeNs / 1_000_000n) };
}

/** Reads the version of a file. Null if it doesn't exist. Throws ACRT5014 for anything but a file. */
export async function versionOf(file: string): Promise<FileVersion | null> {
  const stats = await nullIfMissing(stat(file, { bigint: true }));
  return stats === null ? null : versionIn(stats, file);
}
