import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { createRateLimiter } from '../../../../src/transfer/handoff/copy-context.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';

describe('createRateLimiter', () => {
  it('starts no block before the time that earlier blocks need at this rate', async () => {
    const blocks = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 30 });
    const rests = fc.array(fc.nat(3), { minLength: 1, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), blocks, rests, async (bandwidth, sizes, idle) => {
        const clock = fakeClock();
        const since = clock.now();
        const rateLimit = createRateLimiter(bandwidth, clock);
        let before = 0;
        for (const [index, size] of sizes.entries()) {
          // Idle time doesn't allow a higher rate afterwards.
          await clock.sleep(idle[index % idle.length] ?? 0, unlimited());
          await rateLimit(size, unlimited());
          expect(before).toBeLessThanOrEqual((bandwidth * (clock.now() - since)) / 1000 + 0.01);
          before += size;
        }
      }),
      { numRuns: 50 },
    );
  });

  it('counts concurrent blocks together', async () => {
    const started: number[] = [];
    const wakes: { readonly at: number; readonly wake: () => void }[] = [];
    let now = 0;
    const sleep = (seconds: number): Promise<void> =>
      new Promise((wake) => {
        wakes.push({ at: now + seconds * 1000, wake });
      });
    const rateLimit = createRateLimiter(1000, { now: () => now, sleep });
    const all = Array.from({ length: 5 }, () => rateLimit(500, unlimited()).then(() => started.push(now)));
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
    await createRateLimiter(null, clock)(10 ** 12, unlimited());
    await createRateLimiter(1, clock)(10 ** 12, unlimited());

    expect(clock.slept).toEqual([]);
  });
});
