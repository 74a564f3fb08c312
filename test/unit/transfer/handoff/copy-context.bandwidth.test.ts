import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { rateLimiter } from '../../../../src/transfer/handoff/copy-context.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';

describe('rateLimiter', () => {
  it('lets no block begin before the line has carried those before it', async () => {
    const blocks = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 30 });
    const rests = fc.array(fc.nat(3), { minLength: 1, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), blocks, rests, async (bandwidth, sizes, idle) => {
        const clock = fakeClock();
        const since = clock.now();
        const pace = rateLimiter(bandwidth, clock);
        let before = 0;
        for (const [index, size] of sizes.entries()) {
          // What the line did not carry while nobody asked is not made up for.
          await clock.sleep(idle[index % idle.length] ?? 0, unlimited());
          await pace(size, unlimited());
          expect(before).toBeLessThanOrEqual((bandwidth * (clock.now() - since)) / 1000 + 0.01);
          before += size;
        }
      }),
      { numRuns: 50 },
    );
  });

  it('counts all who share the line together', async () => {
    const started: number[] = [];
    const wakes: { readonly at: number; readonly wake: () => void }[] = [];
    let now = 0;
    const sleep = (seconds: number): Promise<void> =>
      new Promise((wake) => {
        wakes.push({ at: now + seconds * 1000, wake });
      });
    const pace = rateLimiter(1000, { now: () => now, sleep });
    const all = Array.from({ length: 5 }, () => pace(500, unlimited()).then(() => started.push(now)));
    await turn();
    while (wakes.length > 0) {
      const next = wakes.shift();
      now = next?.at ?? now;
      next?.wake();
      await turn();
    }
    await Promise.all(all);

    expect(started).toEqual([0, 500, 1000, 1500, 2000]);
  });

  it('does not wait without a limit, nor for the first block', async () => {
    const clock = fakeClock();
    await rateLimiter(null, clock)(10 ** 12, unlimited());
    await rateLimiter(1, clock)(10 ** 12, unlimited());

    expect(clock.slept).toEqual([]);
  });
});
