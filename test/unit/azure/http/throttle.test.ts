import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  createThrottle,
  type Release,
  type RequestOutcome,
  type Throttle,
} from '../../../../src/azure/http/throttle.ts';
import { fakeClock, type FakeClock } from '../../transfer/ports/clock.fixture.ts';

const ANSWERED: RequestOutcome = { kind: 'answered' };
const throttled = (seconds: number | null): RequestOutcome => ({ kind: 'throttled', seconds });

/** Requests under way in a gate, in the order in which they were let in. */
interface Crowd {
  readonly inside: Release[];
  readonly order: number[];
  readonly come: (count: number) => Promise<void>;
  /** The first who came in leaves. */
  readonly leave: (passage: RequestOutcome) => Promise<void>;
}

/** Lets all that is due happen. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await turn();
}

function crowdAt(gate: Throttle): Crowd {
  const inside: Release[] = [];
  const order: number[] = [];
  const enter = async (place: number): Promise<void> => {
    const leave = await gate.enter(place);
    order.push(place);
    inside.push(leave);
  };
  return {
    inside,
    order,
    come: async (count) => {
      for (let i = 0; i < count; i += 1) void enter(gate.draw());
      await settle();
    },
    leave: async (passage) => {
      inside.shift()?.(passage);
      await settle();
    },
  };
}

/** A clock whose sleepers wake when they are told to. */
function standingClock(): FakeClock & { readonly wake: () => Promise<void> } {
  const clock = fakeClock();
  const sleepers: (() => void)[] = [];
  const held = {
    ...clock,
    sleep: async (seconds: number, signal: AbortSignal) => {
      await new Promise<void>((resolve) => {
        sleepers.push(resolve);
      });
      await clock.sleep(seconds, signal);
    },
  };
  return Object.assign(held, {
    wake: async () => {
      sleepers.splice(0).forEach((wake) => {
        wake();
      });
      await settle();
    },
  });
}

describe('the gate', () => {
  it('lets sixteen in at first, and one for each that leaves', async () => {
    const crowd = crowdAt(createThrottle(fakeClock()));
    await crowd.come(20);
    expect(crowd.inside).toHaveLength(16);
    await crowd.leave({ kind: 'lost' });
    expect(crowd.inside).toHaveLength(16);
    expect(crowd.order).toHaveLength(17);
  });

  it('grows by one for every fifty answers, to thirty-two at most', async () => {
    const crowd = crowdAt(createThrottle(fakeClock()));
    await crowd.come(2000);
    for (let i = 0; i < 49; i += 1) await crowd.leave(ANSWERED);
    expect(crowd.inside).toHaveLength(16);
    await crowd.leave(ANSWERED);
    expect(crowd.inside).toHaveLength(17);
    for (let i = 0; i < 1500; i += 1) await crowd.leave(ANSWERED);
    expect(crowd.inside).toHaveLength(32);
  });

  it('does not grow by requests that got no answer', async () => {
    const crowd = crowdAt(createThrottle(fakeClock()));
    await crowd.come(200);
    for (let i = 0; i < 100; i += 1) await crowd.leave({ kind: 'lost' });
    expect(crowd.inside).toHaveLength(16);
  });

  it('lets nobody in until the time has passed that the service asked for, and then half as many', async () => {
    const clock = standingClock();
    const crowd = crowdAt(createThrottle(clock));
    await crowd.come(40);
    await crowd.leave(throttled(7));
    for (let i = 0; i < 15; i += 1) await crowd.leave(ANSWERED);
    expect(crowd.inside).toHaveLength(0);
    await clock.wake();
    expect(clock.slept).toEqual([7]);
    expect(crowd.inside).toHaveLength(8);
  });

  it('is slowed down once by requests that are refused together, and waits for the longest', async () => {
    const clock = standingClock();
    const crowd = crowdAt(createThrottle(clock));
    await crowd.come(40);
    for (const seconds of [3, 5, 4]) await crowd.leave(throttled(seconds));
    for (let i = 0; i < 13; i += 1) await crowd.leave(ANSWERED);
    await clock.wake();
    await clock.wake();
    expect(clock.slept.reduce((sum, seconds) => sum + seconds, 0)).toBe(5);
    expect(crowd.inside).toHaveLength(8);
  });

  it('is never slower than one at a time', async () => {
    const crowd = crowdAt(createThrottle(fakeClock()));
    await crowd.come(100);
    for (let i = 0; i < 60; i += 1) await crowd.leave(throttled(1));
    expect(crowd.inside).toHaveLength(1);
  });

  it('waits longer with every refusal when the service does not say how long, from one second to thirty', async () => {
    const clock = fakeClock();
    const crowd = crowdAt(createThrottle(clock));
    for (let i = 0; i < 7; i += 1) {
      await crowd.come(1);
      await crowd.leave(throttled(null));
    }
    await crowd.come(1);
    await crowd.leave(ANSWERED);
    await crowd.come(1);
    await crowd.leave(throttled(null));
    await crowd.come(1);
    expect(clock.slept).toEqual([1, 2, 4, 8, 16, 30, 30, 1]);
  });

  it('never waits longer than two minutes', async () => {
    const clock = fakeClock();
    const crowd = crowdAt(createThrottle(clock));
    await crowd.come(1);
    await crowd.leave(throttled(86_400));
    await crowd.come(1);
    expect(clock.slept).toEqual([120]);
  });

  it('lets requests that come again in before those that came later', async () => {
    const clock = standingClock();
    const gate = createThrottle(clock);
    const crowd = crowdAt(gate);
    const [first, second] = [gate.draw(), gate.draw()];
    await crowd.come(17);
    await crowd.leave(throttled(1));
    const again: number[] = [];
    for (const place of [second, first]) void gate.enter(place).then(() => again.push(place));
    for (let i = 0; i < 15; i += 1) await crowd.leave(ANSWERED);
    await clock.wake();
    expect(again).toEqual([first, second]);
    expect(crowd.order).toHaveLength(17);
  });
});
