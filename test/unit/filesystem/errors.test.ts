import { describe, expect, it } from '@jest/globals';
import { fileError, unsupportedName } from '../../../src/filesystem/errors.ts';
import { TransferError, transferError } from '../../../src/transfer/errors/transfer-error.ts';

const problem = (code: string, errno = -1): Error =>
  Object.assign(new Error(`${code}: in Node's words`), { code, errno });

describe('an error of the file system', () => {
  it.each([
    ['ENOSPC', 'the medium is full (ENOSPC)'],
    ['EACCES', 'access is denied (EACCES)'],
    ['EFBIG', 'the file is larger than the file system allows (EFBIG)'],
    ['EROFS', 'the medium is read-only (EROFS)'],
    ['EIO', 'the medium has an error (EIO)'],
    ['ENOTDIR', 'a part of the path is a file, not a directory (ENOTDIR)'],
  ])('%s is described in words', (code, reason) => {
    const said = fileError(problem(code), '/media/a.tar');

    expect(said).toBeInstanceOf(TransferError);
    expect(said).toMatchObject({
      facts: { id: 'ACRT5014', message: `/media/a.tar: ${reason}` },
      temporary: null,
    });
  });

  it('without a description has the text of the system, or of Node', () => {
    expect(fileError(problem('ENXIO', -6), 'a').message).toContain('no such device or address (ENXIO)');
    expect(fileError(problem('ENEW', -99_999), 'a').message).toContain("in Node's words (ENEW)");
  });

  it.each(['EBUSY', 'EMFILE', 'ETIMEDOUT', 'ESTALE'])('%s is temporary', (code) => {
    expect(fileError(problem(code), 'a')).toMatchObject({
      temporary: { retryAfterSeconds: null, throttled: false },
    });
  });

  it('is distinguished from other errors', () => {
    const known = transferError('ACRT5003', { blob: 'a' });
    const ended = new DOMException('ended', 'AbortError');
    const ours = new TypeError('ours');

    expect([known, ended, ours].map((error) => fileError(error, 'a'))).toEqual([known, ended, ours]);
  });
});

describe('a name that cannot be a file name', () => {
  it('causes an error with the reason', () => {
    expect(unsupportedName('a'.repeat(256)).message).toContain('255 bytes');
    expect(unsupportedName('../a').message).toContain('"../a": the name leads out of the directory');
  });
});
