import { describe, expect, it } from '@jest/globals';
import { distinctProblems } from '../../../../src/transfer/errors/result.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';

describe('distinctProblems', () => {
  it('lists the same error of several results once', () => {
    const refused = (): { ok: false; failures: [ReturnType<typeof transferError>] } => ({
      ok: false,
      failures: [transferError('ACRT2003', { side: 'source', reason: 'no az login' })],
    });

    expect(distinctProblems([refused(), { ok: true, value: 1 }, refused()])).toHaveLength(1);
  });
});
