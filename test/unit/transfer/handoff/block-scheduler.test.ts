import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { createBlockScheduler, type Slot } from '../../../../src/transfer/handoff/block-scheduler.ts';

const MIB = 1024 ** 2;
const MEMORY = 40 * MIB;

/** A flow with a clock that stands still, and those who wish to enter. */
function line() {
  let now = 0;
  const flow = createBlockScheduler({ now: () => now });
  const inside: Slot[] = [];
  const order: number[] = [];
  let asked = 0;
  const enter = (memory = 1): void => {
    const mine = (asked += 1);
    void flow.enter(memory).then((pass) => {
      order.push(mine);
      inside.push(pass);
    });
  };
  return {
    flow,
    inside,
    order,
    enter,
    pass: (milliseconds: number): void => {
      now += milliseconds;
    },
    fill: async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) enter();
      await turn();
    },
    /** All that are inside have come down. */
    turned: async (): Promise<void> => {
      for (const pass of [...inside]) pass.turn();
      await turn();
    },
  };
}

/** So many windows in which each block takes so long that the line carries this many bytes a millisecond. */
async function windows(
  { inside, pass, enter }: ReturnType<typeof line>,
  count: number,
  rate: (atATime: number) => number,
) {
  const limits: number[] = [];
  for (let window = 0; window < count; window += 1) {
    const atATime = inside.length;
    pass(1000);
    const bytes = (rate(atATime) * 1000) / atATime;
    for (const { leave } of inside.splice(0)) leave(bytes);
    for (let index = 0; index < atATime; index += 1) enter();
    await turn();
    limits.push(inside.length);
  }
  return limits;
}

describe('how many are in flight', () => {
  it('begins with four, and four more when those turn', async () => {
    const made = line();
    await made.fill(50);
    expect(made.inside).toHaveLength(4);

    await made.turned();
    expect(made.inside).toHaveLength(8);
  });

  it('lets a block turn once', async () => {
    const made = line();
    await made.fill(50);
    made.inside[0]?.turn();
    made.inside[0]?.turn();
    await turn();

    expect(made.inside).toHaveLength(5);
  });

  it('is all eight once a block has arrived that took no time to go up', async () => {
    const made = line();
    await made.fill(50);
    made.pass(100);
    made.inside.shift()?.leave(0);
    await turn();
    expect(made.inside).toHaveLength(4);

    made.inside.shift()?.leave(MIB);
    await turn();
    expect(made.inside).toHaveLength(8);
  });

  it('goes on where one has come to a standstill on its way down, and going up takes longest', async () => {
    const made = line();
    await made.fill(400);
    const stuck = made.inside.shift();
    for (let block = 0; block < 100; block += 1) {
      made.pass(1);
      made.inside[0]?.turn();
      made.pass(1000);
      made.inside.shift()?.leave(MIB);
      await turn();
    }
    expect(made.inside.length).toBeGreaterThan(0);
    expect(made.order.length).toBeGreaterThan(100);
    stuck?.leave(0);
  });

  it('is the whole of it at once for blocks that do not pass through this runner', async () => {
    const made = line();
    for (let index = 0; index < 20; index += 1) made.enter(0);
    await turn();

    expect(made.inside).toHaveLength(8);
  });

  it('counts blocks that do not pass through this runner as none that come down', async () => {
    const made = line();
    for (let index = 0; index < 8; index += 1) made.enter(0);
    await turn();
    for (const pass of made.inside.splice(0)) pass.leave(0);
    await made.fill(50);

    expect(made.inside).toHaveLength(4);
  });

  it('leaves those that go up their share, also later', async () => {
    const made = line();
    await made.fill(400);
    const down = new Set<Slot>();
    for (let block = 0; block < 20; block += 1) {
      made.pass(100);
      // Those that have come down go up, those that have gone up leave: each takes as long.
      for (const pass of made.inside.splice(0, made.inside.length)) {
        if (down.has(pass)) pass.leave(MIB);
        else {
          pass.turn();
          down.add(pass);
          made.inside.push(pass);
        }
      }
      await turn();
      const comingDown = made.inside.filter((pass) => !down.has(pass)).length;
      expect(comingDown).toBeGreaterThanOrEqual(4);
      expect(comingDown).toBeLessThanOrEqual(8);
    }
  });

  it('grows to sixteen while more carry more', async () => {
    const made = line();
    await made.fill(200);
    const limits = await windows(made, 40, (atATime) => atATime * 100);

    expect(limits).toEqual([...limits].sort((a, b) => a - b));
    expect(limits.at(-1)).toBe(16);
  });

  it('stays where more do not carry more, but for a try now and then', async () => {
    const made = line();
    await made.fill(200);
    await windows(made, 1, () => 100);
    const limits = await windows(made, 9, () => 100);

    // The first windows say only how much it is.
    expect(limits).toEqual([10, 13, 13, 13, 13, 13, 13, 13, 13]);
    expect(await windows(made, 2, () => 100)).toEqual([13, 14]);
  });

  it('does not grow where nobody waits', async () => {
    const made = line();
    await made.fill(8);
    for (let half = 0; half < 2; half += 1) {
      made.pass(1000);
      for (const { leave } of made.inside.splice(0)) leave(MIB);
      await turn();
    }
    await made.fill(50);

    expect(made.inside).toHaveLength(8);
  });

  it('is halved when the service asks for less, once for those that are refused together', async () => {
    const made = line();
    await made.fill(200);
    await windows(made, 40, (atATime) => atATime * 100);
    for (let refused = 0; refused < 16; refused += 1) made.flow.ease();
    for (const { leave } of made.inside.splice(0)) leave(0);
    await turn();
    expect(made.inside).toHaveLength(8);

    for (let times = 0; times < 9; times += 1) {
      made.pass(1000);
      made.flow.ease();
    }
    for (const { leave } of made.inside.splice(0)) leave(0);
    await turn();
    expect(made.inside).toHaveLength(1);
  });

  it('grows again after that', async () => {
    const made = line();
    await made.fill(400);
    await windows(made, 40, (atATime) => atATime * 100);
    made.flow.ease();
    const limits = await windows(made, 120, (atATime) => atATime * 100);

    expect([limits[0], limits.at(-1)]).toEqual([8, 16]);
  });
});

describe('who enters', () => {
  it('comes first who asked first, also where a smaller block would fit', async () => {
    const made = line();
    made.enter(39 * MIB);
    made.enter(30 * MIB);
    made.enter(MIB);
    await turn();
    expect(made.order).toEqual([1]);

    made.inside.shift()?.leave(0);
    await turn();
    expect(made.order).toEqual([1, 2, 3]);
  });

  it('may be larger than all memory when alone', async () => {
    const made = line();
    made.enter(MEMORY + 1);
    made.enter(1);
    await turn();
    expect(made.order).toEqual([1]);

    made.inside.shift()?.leave(0);
    await turn();
    expect(made.order).toEqual([1, 2]);
  });

  it('never takes more memory than there is, keeps nobody out for ever, in any order of sizes and ends', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: MEMORY }), { minLength: 1, maxLength: 40 });
    const picks = fc.array(fc.nat(40), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(sizes, picks, fc.boolean(), async (blocks, ends, easing) => {
        let now = 0;
        const flow = createBlockScheduler({ now: () => now });
        const inside: { readonly index: number; readonly memory: number; readonly pass: Slot }[] = [];
        const order: number[] = [];
        for (const [index, memory] of blocks.entries()) {
          void flow.enter(memory).then((pass) => {
            inside.push({ index, memory, pass });
            order.push(index);
          });
        }
        await turn();
        for (let step = 0; inside.length > 0; step += 1) {
          expect(inside.reduce((sum, { memory }) => sum + memory, 0)).toBeLessThanOrEqual(MEMORY);
          expect(inside.length).toBeLessThanOrEqual(16);
          now += 100;
          if (easing) flow.ease();
          const [one] = inside.splice((ends[step % ends.length] ?? 0) % inside.length, 1);
          one?.pass.leave(one.memory);
          await turn();
        }

        expect(order).toEqual(blocks.map((_, index) => index));
      }),
      { numRuns: 100 },
    );
  });
});
