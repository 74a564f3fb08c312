import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { createBlockScheduler, type Slot } from '../../../../src/transfer/handoff/block-scheduler.ts';

const MIB = 1024 ** 2;
const MEMORY = 40 * MIB;

/** A scheduler with a manual clock, and requests for slots. */
function line() {
  let now = 0;
  const scheduler = createBlockScheduler({ now: () => now });
  const inside: Slot[] = [];
  const order: number[] = [];
  let asked = 0;
  const acquire = (memory = 1): void => {
    const mine = (asked += 1);
    void scheduler.acquire(memory).then((slot) => {
      order.push(mine);
      inside.push(slot);
    });
  };
  return {
    scheduler,
    inside,
    order,
    acquire,
    advance: (milliseconds: number): void => {
      now += milliseconds;
    },
    fill: async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) acquire();
      await turn();
    },
    /** Marks all admitted blocks as downloaded. */
    turned: async (): Promise<void> => {
      for (const slot of [...inside]) slot.downloaded();
      await turn();
    },
  };
}

/** Runs windows in which each block takes as long as this rate (bytes per millisecond) requires. */
async function windows(
  { inside, advance, acquire }: ReturnType<typeof line>,
  count: number,
  rate: (atATime: number) => number,
) {
  const limits: number[] = [];
  for (let window = 0; window < count; window += 1) {
    const atATime = inside.length;
    advance(1000);
    const bytes = (rate(atATime) * 1000) / atATime;
    for (const { release } of inside.splice(0)) release(bytes);
    for (let index = 0; index < atATime; index += 1) acquire();
    await turn();
    limits.push(inside.length);
  }
  return limits;
}

describe('the number of blocks in flight', () => {
  it('starts at four, and increases by four when those are downloaded', async () => {
    const made = line();
    await made.fill(50);
    expect(made.inside).toHaveLength(4);

    await made.turned();
    expect(made.inside).toHaveLength(8);
  });

  it('counts the download of a block once', async () => {
    const made = line();
    await made.fill(50);
    made.inside[0]?.downloaded();
    made.inside[0]?.downloaded();
    await turn();

    expect(made.inside).toHaveLength(5);
  });

  it('is eight after a block whose upload took no time', async () => {
    const made = line();
    await made.fill(50);
    made.advance(100);
    made.inside.shift()?.release(0);
    await turn();
    expect(made.inside).toHaveLength(4);

    made.inside.shift()?.release(MIB);
    await turn();
    expect(made.inside).toHaveLength(8);
  });

  it('continues if one download stalls and uploads take longest', async () => {
    const made = line();
    await made.fill(400);
    const stuck = made.inside.shift();
    for (let block = 0; block < 100; block += 1) {
      made.advance(1);
      made.inside[0]?.downloaded();
      made.advance(1000);
      made.inside.shift()?.release(MIB);
      await turn();
    }
    expect(made.inside.length).toBeGreaterThan(0);
    expect(made.order.length).toBeGreaterThan(100);
    stuck?.release(0);
  });

  it('is eight at once for blocks that do not pass through this runner', async () => {
    const made = line();
    for (let index = 0; index < 20; index += 1) made.acquire(0);
    await turn();

    expect(made.inside).toHaveLength(8);
  });

  it('does not count blocks that do not pass through this runner as downloads', async () => {
    const made = line();
    for (let index = 0; index < 8; index += 1) made.acquire(0);
    await turn();
    for (const slot of made.inside.splice(0)) slot.release(0);
    await made.fill(50);

    expect(made.inside).toHaveLength(4);
  });

  it('always leaves room for uploads', async () => {
    const made = line();
    await made.fill(400);
    const down = new Set<Slot>();
    for (let block = 0; block < 20; block += 1) {
      made.advance(100);
      // Downloaded blocks are uploaded, and uploaded blocks end. Both take the same time.
      for (const slot of made.inside.splice(0, made.inside.length)) {
        if (down.has(slot)) slot.release(MIB);
        else {
          slot.downloaded();
          down.add(slot);
          made.inside.push(slot);
        }
      }
      await turn();
      const comingDown = made.inside.filter((slot) => !down.has(slot)).length;
      expect(comingDown).toBeGreaterThanOrEqual(4);
      expect(comingDown).toBeLessThanOrEqual(8);
    }
  });

  it('grows to sixteen while more blocks increase the rate', async () => {
    const made = line();
    await made.fill(200);
    const limits = await windows(made, 40, (atATime) => atATime * 100);

    expect(limits).toEqual([...limits].sort((a, b) => a - b));
    expect(limits.at(-1)).toBe(16);
  });

  it('stays the same if more blocks do not increase the rate, except for occasional probes', async () => {
    const made = line();
    await made.fill(200);
    await windows(made, 1, () => 100);
    const limits = await windows(made, 9, () => 100);

    // The first windows only measure the rate.
    expect(limits).toEqual([10, 13, 13, 13, 13, 13, 13, 13, 13]);
    expect(await windows(made, 2, () => 100)).toEqual([13, 14]);
  });

  it('does not grow while no block waits', async () => {
    const made = line();
    await made.fill(8);
    for (let half = 0; half < 2; half += 1) {
      made.advance(1000);
      for (const { release } of made.inside.splice(0)) release(MIB);
      await turn();
    }
    await made.fill(50);

    expect(made.inside).toHaveLength(8);
  });

  it('is halved when the service throttles, once for requests that are rejected together', async () => {
    const made = line();
    await made.fill(200);
    await windows(made, 40, (atATime) => atATime * 100);
    for (let refused = 0; refused < 16; refused += 1) made.scheduler.backOff();
    for (const { release } of made.inside.splice(0)) release(0);
    await turn();
    expect(made.inside).toHaveLength(8);

    for (let times = 0; times < 9; times += 1) {
      made.advance(1000);
      made.scheduler.backOff();
    }
    for (const { release } of made.inside.splice(0)) release(0);
    await turn();
    expect(made.inside).toHaveLength(1);
  });

  it('grows again after throttling', async () => {
    const made = line();
    await made.fill(400);
    await windows(made, 40, (atATime) => atATime * 100);
    made.scheduler.backOff();
    const limits = await windows(made, 120, (atATime) => atATime * 100);

    expect([limits[0], limits.at(-1)]).toEqual([8, 16]);
  });
});

describe('admission', () => {
  it('keeps the order of requests, also if a smaller block would fit', async () => {
    const made = line();
    made.acquire(39 * MIB);
    made.acquire(30 * MIB);
    made.acquire(MIB);
    await turn();
    expect(made.order).toEqual([1]);

    made.inside.shift()?.release(0);
    await turn();
    expect(made.order).toEqual([1, 2, 3]);
  });

  it('admits a block that is larger than the memory budget if it is alone', async () => {
    const made = line();
    made.acquire(MEMORY + 1);
    made.acquire(1);
    await turn();
    expect(made.order).toEqual([1]);

    made.inside.shift()?.release(0);
    await turn();
    expect(made.order).toEqual([1, 2]);
  });

  it('never exceeds the memory budget and admits every block, in any order of sizes and ends', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: MEMORY }), { minLength: 1, maxLength: 40 });
    const picks = fc.array(fc.nat(40), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(sizes, picks, fc.boolean(), async (blocks, ends, easing) => {
        let now = 0;
        const scheduler = createBlockScheduler({ now: () => now });
        const inside: { readonly index: number; readonly memory: number; readonly slot: Slot }[] = [];
        const order: number[] = [];
        for (const [index, memory] of blocks.entries()) {
          void scheduler.acquire(memory).then((slot) => {
            inside.push({ index, memory, slot });
            order.push(index);
          });
        }
        await turn();
        for (let step = 0; inside.length > 0; step += 1) {
          expect(inside.reduce((sum, { memory }) => sum + memory, 0)).toBeLessThanOrEqual(MEMORY);
          expect(inside.length).toBeLessThanOrEqual(16);
          now += 100;
          if (easing) scheduler.backOff();
          const [one] = inside.splice((ends[step % ends.length] ?? 0) % inside.length, 1);
          one?.slot.release(one.memory);
          await turn();
        }

        expect(order).toEqual(blocks.map((_, index) => index));
      }),
      { numRuns: 100 },
    );
  });
});
