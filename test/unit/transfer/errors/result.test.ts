import { describe, expect, it } from '@jest/globals';
import {
  distinctProblems,
  failed,
  ok,
  problemsOf,
  toResult,
  valuesOf,
} from '../../../../src/transfer/errors/result.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';

const refused = () => failed([transferError('ACRT2003', { side: 'source', reason: 'no az login' })]);

describe('several results', () => {
  it('are split into values and problems, in order', () => {
    const results = [ok(1), refused(), ok(2)];
    expect(valuesOf(results)).toEqual([1, 2]);
    expect(problemsOf(results).map(({ facts }) => facts.id)).toEqual(['ACRT2003']);
  });

  it('list the same error once', () => {
    expect(distinctProblems([refused(), ok(1), refused()])).toHaveLength(1);
  });
});

describe('toResult', () => {
  it('returns the value of work', async () => {
    expect(await toResult(() => Promise.resolve(1))).toEqual({ ok: true, value: 1 });
  });

  it('returns the error that work throws', async () => {
    const error = transferError('ACRT4004', { run: 'export1' });
    expect(await toResult(() => Promise.reject(error))).toEqual({ ok: false, problem: [error] });
  });
});
