/** Converts file system errors to TransferErrors. */
import { getSystemErrorMap } from 'node:util';
import { TransferError, transferError, type Temporary } from '../transfer/errors/index.ts';
import { isBlobName } from '../transfer/model/names.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EROFS: 'the medium is read-only',
  ENOSPC: 'the medium is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file is larger than the file system allows',
  // The names of partial files are up to 15 bytes longer (partial-file.ts).
  ENAMETOOLONG: 'the name with .partial.blocks, which is used during the copy, is longer than the file system allows',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EISDIR: 'it is a directory, not a file',
  ENOENT: 'the file or folder no longer exists',
  EIO: 'the medium has an error',
  ELOOP: 'it is a link',
};

/** Temporary errors: resources that are exhausted for a moment, and interrupted network drives. */
const TEMPORARY = ['EAGAIN', 'EBUSY', 'EINTR', 'EMFILE', 'ENFILE', 'ESTALE', 'ETIMEDOUT'];
const DEFAULT_RETRY: Temporary = { retryAfterSeconds: null, throttled: false };

/** Whether an error says that the file doesn't exist. */
export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Resolves to null if the file doesn't exist. */
export const nullIfMissing = <Result>(work: Promise<Result>): Promise<Result | null> =>
  work.catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });

const reasonOf = (code: string, { errno = 0, message }: NodeJS.ErrnoException): string =>
  REASONS[code] ?? getSystemErrorMap().get(errno)?.[1] ?? message;

/** Converts an error of the file system to ACRT5014, temporary if a retry can succeed. Returns other errors unchanged. */
export function fileError(error: unknown, file: string): Error {
  if (error instanceof TransferError) return error;
  const problem = error as NodeJS.ErrnoException;
  // The code of an AbortError is a number.
  if (typeof problem.code !== 'string') return problem;
  const reason = `${reasonOf(problem.code, problem)} (${problem.code})`;
  return transferError(
    'ACRT5014',
    { file, reason },
    { cause: error, temporary: TEMPORARY.includes(problem.code) ? DEFAULT_RETRY : null },
  );
}

/** Error for a blob whose name can't be a file name (ACRT5014). */
export const unsupportedName = (blob: string): Error =>
  isBlobName(blob)
    ? transferError('ACRT5014', {
        file: blob,
        reason: 'a segment of the name is longer than 255 bytes as a file name',
      })
    : transferError('ACRT5014', {
        file: JSON.stringify(blob),
        reason: 'the name leads out of the directory, or contains characters that no file name can contain',
      });
