import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { slowStartLimit } from '../../../../src/transfer/resilience/concurrency-limit.ts';

/** Work that the test ends. */
function works(count: number) {
  const limit = slowStartLimit();
  const inside: PromiseWithResolvers<number>[] = [];
  const all = Array.from({ length: count }, () =>
    limit(() => {
      const work = Promise.withResolvers<number>();
      inside.push(work);
      return work.promise;
    }),
  );
  return { inside, all };
}

describe('slowStartLimit', () => {
  it('starts with two, and allows one more for each call that finishes, up to sixteen', async () => {
    const { inside, all } = works(60);
    const counts: number[] = [];
    for (let done = 0; done < 44; done += 1) {
      await turn();
      counts.push(inside.length);
      inside.shift()?.resolve(done);
    }

    expect(counts.slice(0, 4)).toEqual([2, 3, 4, 5]);
    expect(Math.max(...counts)).toBe(16);
    for (const work of inside) work.resolve(0);
    await turn();
    for (const work of inside) work.resolve(0);
    await Promise.all(all);
  });

  it('continues after a call that fails', async () => {
    const { inside, all } = works(3);
    await turn();
    inside[0]?.reject(new Error('no answer'));
    await expect(all[0]).rejects.toThrow('no answer');
    await turn();

    expect(inside).toHaveLength(3);
    for (const work of inside) work.resolve(1);
    expect(await Promise.all(all.slice(1))).toEqual([1, 1]);
  });
});
