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
  ])('%s is said in words', (code, reason) => {
    const said = fileError(problem(code), '/media/a.tar');

    expect(said).toBeInstanceOf(TransferError);
    expect(said).toMatchObject({
      facts: { id: 'ACRT5014', message: `/media/a.tar: ${reason}` },
      temporary: null,
    });
  });

  it('that is rare has the words of the system, and those of Node as a last resort', () => {
    expect(fileError(problem('ENXIO', -6), 'a').message).toContain('no such device or address (ENXIO)');
    expect(fileError(problem('ENEW', -99_999), 'a').message).toContain("in Node's words (ENEW)");
  });

  it.each(['EBUSY', 'EMFILE', 'ETIMEDOUT', 'ESTALE'])('%s may pass', (code) => {
    expect(fileError(problem(code), 'a')).toMatchObject({
      temporary: { retryAfterSeconds: null, throttled: false },
    });
  });

  it('is told from what is none', () => {
    const known = transferError('ACRT5003', { blob: 'a' });
    const ended = new DOMException('ended', 'AbortError');
    const ours = new TypeError('ours');

    expect([known, ended, ours].map((error) => fileError(error, 'a'))).toEqual([known, ended, ours]);
  });
});

describe('a name that no file can have', () => {
  it('says why', () => {
    expect(unsupportedName('a'.repeat(256)).message).toContain('255 bytes');
    expect(unsupportedName('../a').message).toContain('"../a": the name leads out of the directory');
  });
});
