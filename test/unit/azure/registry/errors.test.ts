import { describe, expect, it } from '@jest/globals';
import { RestError } from '@azure/core-rest-pipeline';
import {
  catchExpected,
  isDenied,
  isMissing,
  isMissingRepository,
  readError,
} from '../../../../src/azure/registry/errors.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';

const errorOf = (status: number | null, code: string | null = null) => ({
  status,
  code,
  reason: 'words',
  correlationId: null,
});

describe('an error response', () => {
  it.each([
    { status: 401, denied: true, missing: false },
    { status: 403, denied: true, missing: false },
    { status: 404, denied: false, missing: true },
    { status: 500, denied: false, missing: false },
    { status: null, denied: false, missing: false },
  ])('with HTTP $status: denied $denied, missing $missing', ({ status, denied, missing }) => {
    expect([isDenied(errorOf(status)), isMissing(errorOf(status))]).toEqual([denied, missing]);
  });

  it.each([
    { status: 404, code: 'NAME_UNKNOWN', missing: true },
    { status: 404, code: 'MANIFEST_UNKNOWN', missing: false },
    { status: 404, code: null, missing: false },
    { status: 400, code: 'NAME_UNKNOWN', missing: false },
  ])('with HTTP $status and $code means a missing repository: $missing', ({ status, code, missing }) => {
    expect(isMissingRepository(errorOf(status, code))).toBe(missing);
  });
});

describe('catchExpected', () => {
  const failWith = (status: number) => (): Promise<never> =>
    Promise.reject(new RestError('no', { statusCode: status }));

  it('returns the result of the work', async () => {
    expect(
      await catchExpected(
        isMissing,
        () => 'otherwise',
        () => Promise.resolve('work'),
      ),
    ).toBe('work');
  });

  it('returns another value only for an expected error', async () => {
    expect(await catchExpected(isMissing, ({ status }) => status, failWith(404))).toBe(404);
    await expect(catchExpected(isMissing, () => 'otherwise', failWith(403))).rejects.toThrow('no');
  });
});

describe('readError', () => {
  it('returns a TransferError unchanged', () => {
    const known = transferError('ACRT2005', { host: 'h', reason: 'cut' });
    expect(readError(known, 'registry', 'team/api:v1')).toBe(known);
  });

  it.each([
    { name: 'an error response', error: new RestError('no', { statusCode: 403 }), id: 'ACRT6004' },
    { name: 'a lost connection', error: new RestError('broken', { code: 'ECONNRESET' }), id: 'ACRT2005' },
  ])('converts $name', ({ error, id }) => {
    expect(readError(error, 'registry.azurecr.io', 'team/api:v1').facts.id).toBe(id);
  });
});
