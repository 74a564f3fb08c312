import { failure, Failure } from '../transfer/failure.ts';
import { isBlobName } from '../transfer/names.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EROFS: 'the medium is read-only',
  ENOSPC: 'the medium is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file is larger than the file system allows',
  ENAMETOOLONG: 'the name is longer than the file system allows',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EISDIR: 'it is a directory, not a file',
  EIO: 'the medium has an error',
  ELOOP: 'it is a link',
};

/** Whether the file is not there. */
export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** What an error of the file system means (ACRT5014). */
export function fileFailure(error: unknown, file: string): Error {
  if (error instanceof Failure) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error as Error;
  return failure('ACRT5014', { file, reason: `${REASONS[code] ?? message} (${code})` }, { cause: error });
}

/** A blob whose name no file can have (ACRT5014). */
export const unnameable = (blob: string): Error =>
  failure('ACRT5014', {
    file: isBlobName(blob) ? blob : JSON.stringify(blob),
    reason: 'no file can have this name: a part of it has more than 255 bytes, or leads out of the directory',
  });
