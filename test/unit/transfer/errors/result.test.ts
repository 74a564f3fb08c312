import { describe, expect, it } from '@jest/globals';
import { distinct } from '../../../../src/transfer/errors/result.ts';
import { failure } from '../../../../src/transfer/errors/transfer-error.ts';

describe('distinct', () => {
  it('counts the same fault of several checks once', () => {
    const refused = (): { ok: false; failures: [ReturnType<typeof failure>] } => ({
      ok: false,
      failures: [failure('ACRT2003', { side: 'source', reason: 'no az login' })],
    });

    expect(distinct([refused(), { ok: true, value: 1 }, refused()])).toHaveLength(1);
  });
});
