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

const refusal = (status: number | null, code: string | null = null) => ({
  status,
  code,
  reason: 'words',
  correlationId: null,
});

describe('a refusal', () => {
  it.each([
    { status: 401, denied: true, missing: false },
    { status: 403, denied: true, missing: false },
    { status: 404, denied: false, missing: true },
    { status: 500, denied: false, missing: false },
    { status: null, denied: false, missing: false },
  ])('with HTTP $status', ({ status, denied, missing }) => {
    expect([isDenied(refusal(status)), isMissing(refusal(status))]).toEqual([denied, missing]);
  });

  it.each([
    { status: 404, code: 'NAME_UNKNOWN', missing: true },
    { status: 404, code: 'MANIFEST_UNKNOWN', missing: false },
    { status: 404, code: null, missing: false },
    { status: 400, code: 'NAME_UNKNOWN', missing: false },
  ])('with HTTP $status and $code is of a missing repository: $missing', ({ status, code, missing }) => {
    expect(isMissingRepository(refusal(status, code))).toBe(missing);
  });
});

describe('catchExpected', () => {
  const refuse = (status: number) => (): Promise<never> => Promise.reject(new RestError('no', { statusCode: status }));

  it('gives what the work gives', async () => {
    expect(
      await catchExpected(
        isMissing,
        () => 'otherwise',
        () => Promise.resolve('work'),
      ),
    ).toBe('work');
  });

  it('gives something else only for the expected refusal', async () => {
    expect(await catchExpected(isMissing, ({ status }) => status, refuse(404))).toBe(404);
    await expect(catchExpected(isMissing, () => 'otherwise', refuse(403))).rejects.toThrow('no');
  });
});

describe('readError', () => {
  it('leaves a failure as it is', () => {
    const known = transferError('ACRT2005', { host: 'h', reason: 'cut' });
    expect(readError(known, 'registry', 'team/api:v1')).toBe(known);
  });

  it.each([
    { name: 'a refusal', error: new RestError('no', { statusCode: 403 }), id: 'ACRT6004' },
    { name: 'a connection that breaks', error: new RestError('broken', { code: 'ECONNRESET' }), id: 'ACRT2005' },
  ])('tells $name', ({ error, id }) => {
    expect(readError(error, 'registry.azurecr.io', 'team/api:v1').facts.id).toBe(id);
  });
});
