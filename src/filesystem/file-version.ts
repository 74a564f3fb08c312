/** The version of a file, as ETags tell the versions of a blob. */
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { transferError } from '../transfer/errors/index.ts';
import { unlessMissing } from './errors.ts';

/** A file at one moment. */
export interface FileVersion {
  /** Changes with the size, the time of the last write (nanoseconds), and the file that stands there. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/** What stands there in place of a file cannot be read; some of it would wait for ever. Throws ACRT5014. */
export function versionIn(stats: BigIntStats, file: string): FileVersion {
  if (!stats.isFile()) throw transferError('ACRT5014', { file, reason: 'it is not a file' });
  const { size, mtimeNs, ino } = stats;
  return { etag: `"${size}-${mtimeNs}-${ino}"`, size: Number(size), modifiedAt: Number(mtimeNs / 1_000_000n) };
}

/** Null when the file is not there. Throws ACRT5014 for what is no file. */
export async function versionOf(file: string): Promise<FileVersion | null> {
  const stats = await unlessMissing(stat(file, { bigint: true }));
  return stats === null ? null : versionIn(stats, file);
}
