/** What errors of the file system mean for people. */
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
  // While a file is written it has 15 bytes more: see partial-file.ts.
  ENAMETOOLONG: 'the name, while it is written with .partial.blocks, is longer than the file system allows',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EISDIR: 'it is a directory, not a file',
  ENOENT: 'it is gone',
  EIO: 'the medium has an error',
  ELOOP: 'a link stands in its place',
};

/** Short of something for a moment, or a share of a network that is away for one. */
const PASSING = ['EAGAIN', 'EBUSY', 'EINTR', 'EMFILE', 'ENFILE', 'ESTALE', 'ETIMEDOUT'];
const SOON: Temporary = { retryAfterSeconds: null, throttled: false };

/** Whether the file is not there. */
export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Null when the file is not there. */
export const unlessMissing = <Result>(work: Promise<Result>): Promise<Result | null> =>
  work.catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });

const reasonOf = (code: string, { errno = 0, message }: NodeJS.ErrnoException): string =>
  REASONS[code] ?? getSystemErrorMap().get(errno)?.[1] ?? message;

/** What an error of the file system means (ACRT5014, temporary where it may pass); any other error as it is. */
export function fileError(error: unknown, file: string): Error {
  if (error instanceof TransferError) return error;
  const problem = error as NodeJS.ErrnoException;
  // What ends a request (AbortError) has a number there.
  if (typeof problem.code !== 'string') return problem;
  const reason = `${reasonOf(problem.code, problem)} (${problem.code})`;
  return transferError(
    'ACRT5014',
    { file, reason },
    { cause: error, temporary: PASSING.includes(problem.code) ? SOON : null },
  );
}

/** A blob whose name no file can have (ACRT5014). */
export const unsupportedName = (blob: string): Error =>
  isBlobName(blob)
    ? transferError('ACRT5014', {
        file: blob,
        reason: 'a part of the name has more than 255 bytes as the name of a file',
      })
    : transferError('ACRT5014', {
        file: JSON.stringify(blob),
        reason: 'the name leads out of the directory, or has signs that no file can have',
      });
