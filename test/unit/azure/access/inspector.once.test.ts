import { describe, expect, it } from '@jest/globals';
import { memoize } from '../../../../src/azure/access/inspector.ts';
import { memoizeResolved } from '../../../../src/azure/connect.ts';

/** Something that fails so many times before it comes to the number of its attempt. */
function work(failures: number, keep = memoizeResolved) {
  let attempts = 0;
  return keep(() => {
    attempts += 1;
    return attempts > failures ? Promise.resolve(attempts) : Promise.reject(new Error(`attempt ${attempts}`));
  });
}

describe('memoize', () => {
  it('does it once, and keeps a refusal too', async () => {
    expect(await Promise.all([0, 0].map(work(0, memoize)))).toEqual([1, 1]);
    const refused = work(1, memoize);
    await expect(refused()).rejects.toThrow('attempt 1');
    await expect(refused()).rejects.toThrow('attempt 1');
  });
});

describe('memoizeResolved', () => {
  it('does it once for all who ask, at the same time or later', async () => {
    const ask = work(0);
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    expect(await ask()).toBe(1);
  });

  it('does it again after it has failed, once for all who asked meanwhile', async () => {
    const ask = work(1);
    const [first, second] = await Promise.allSettled([ask(), ask()]);
    expect([first, second]).toEqual([first, first]);
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'attempt 1' } });
    expect(await ask()).toBe(2);
  });
});
