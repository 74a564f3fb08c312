import { describe, expect, it } from '@jest/globals';
import { memoize } from '../../../../src/azure/access/inspector.ts';
import { memoizeResolved } from '../../../../src/azure/connection.ts';

/** Memoized work that fails this many times, and then returns the number of its attempt. */
function work(failures: number, memoized = memoizeResolved) {
  let attempts = 0;
  return memoized(() => {
    attempts += 1;
    return attempts > failures ? Promise.resolve(attempts) : Promise.reject(new Error(`attempt ${attempts}`));
  });
}

describe('memoize', () => {
  it('runs the work once, and caches a rejection', async () => {
    expect(await Promise.all([0, 0].map(work(0, memoize)))).toEqual([1, 1]);
    const rejected = work(1, memoize);
    await expect(rejected()).rejects.toThrow('attempt 1');
    await expect(rejected()).rejects.toThrow('attempt 1');
  });
});

describe('memoizeResolved', () => {
  it('runs the work once for concurrent and later calls', async () => {
    const run = work(0);
    expect(await Promise.all([run(), run()])).toEqual([1, 1]);
    expect(await run()).toBe(1);
  });

  it('runs the work again after a failure, and once for concurrent calls', async () => {
    const run = work(1);
    const [first, second] = await Promise.allSettled([run(), run()]);
    expect([first, second]).toEqual([first, first]);
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'attempt 1' } });
    expect(await run()).toBe(2);
  });
});
