import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  createThrottle,
  type Release,
  type RequestOutcome,
  type Throttle,
} from '../../../../src/azure/http/throttle.ts';
import { fakeClock, type FakeClock } from '../../transfer/ports/clock.fixture.ts';

const COMPLETED: RequestOutcome = { kind: 'completed' };
const FAILED: RequestOutcome = { kind: 'failed' };
const throttled = (seconds: number | null): RequestOutcome => ({ kind: 'throttled', seconds });

/** Requests at a throttle. */
interface Requests {
  /** Active requests, oldest first. */
  readonly active: Release[];
  /** Positions in the order in which the throttle admitted them. */
  readonly admitted: number[];
  readonly start: (count: number) => Promise<void>;
  /** Ends the oldest active request. */
  readonly end: (outcome: RequestOutcome) => Promise<void>;
}

/** Waits for all pending callbacks. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await turn();
}

function requestsAt(throttle: Throttle): Requests {
  const active: Release[] = [];
  const admitted: number[] = [];
  const acquire = async (position: number): Promise<void> => {
    const release = await throttle.acquire(position);
    admitted.push(position);
    active.push(release);
  };
  return {
    active,
    admitted,
    start: async (count) => {
      for (let i = 0; i < count; i += 1) void acquire(throttle.nextPosition());
      await settle();
    },
    end: async (outcome) => {
      active.shift()?.(outcome);
      await settle();
    },
  };
}

/** A clock whose sleeps end when `wake` is called. */
function stoppedClock(): FakeClock & { readonly wake: () => Promise<void> } {
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

describe('createThrottle', () => {
  it('admits sixteen requests at first, and one more for each that ends', async () => {
    const requests = requestsAt(createThrottle(fakeClock()));
    await requests.start(20);
    expect(requests.active).toHaveLength(16);
    await requests.end(FAILED);
    expect(requests.active).toHaveLength(16);
    expect(requests.admitted).toHaveLength(17);
  });

  it('admits one more request after every fifty responses, up to thirty-two', async () => {
    const requests = requestsAt(createThrottle(fakeClock()));
    await requests.start(2000);
    for (let i = 0; i < 49; i += 1) await requests.end(COMPLETED);
    expect(requests.active).toHaveLength(16);
    await requests.end(COMPLETED);
    expect(requests.active).toHaveLength(17);
    for (let i = 0; i < 1500; i += 1) await requests.end(COMPLETED);
    expect(requests.active).toHaveLength(32);
  });

  it('does not admit more requests after failed ones', async () => {
    const requests = requestsAt(createThrottle(fakeClock()));
    await requests.start(200);
    for (let i = 0; i < 100; i += 1) await requests.end(FAILED);
    expect(requests.active).toHaveLength(16);
  });

  it('admits no request while the service asks to wait, and half as many afterwards', async () => {
    const clock = stoppedClock();
    const requests = requestsAt(createThrottle(clock));
    await requests.start(40);
    await requests.end(throttled(7));
    for (let i = 0; i < 15; i += 1) await requests.end(COMPLETED);
    expect(requests.active).toHaveLength(0);
    await clock.wake();
    expect(clock.slept).toEqual([7]);
    expect(requests.active).toHaveLength(8);
  });

  it('slows down once for requests that are throttled together, and waits for the longest of their waits', async () => {
    const clock = stoppedClock();
    const requests = requestsAt(createThrottle(clock));
    await requests.start(40);
    for (const seconds of [3, 5, 4]) await requests.end(throttled(seconds));
    for (let i = 0; i < 13; i += 1) await requests.end(COMPLETED);
    await clock.wake();
    await clock.wake();
    expect(clock.slept.reduce((sum, seconds) => sum + seconds, 0)).toBe(5);
    expect(requests.active).toHaveLength(8);
  });

  it('admits at least one request at a time', async () => {
    const requests = requestsAt(createThrottle(fakeClock()));
    await requests.start(100);
    for (let i = 0; i < 60; i += 1) await requests.end(throttled(1));
    expect(requests.active).toHaveLength(1);
  });

  it('doubles the wait with each throttled request, from one second to thirty, if the service names no wait', async () => {
    const clock = fakeClock();
    const requests = requestsAt(createThrottle(clock));
    for (let i = 0; i < 7; i += 1) {
      await requests.start(1);
      await requests.end(throttled(null));
    }
    await requests.start(1);
    await requests.end(COMPLETED);
    await requests.start(1);
    await requests.end(throttled(null));
    await requests.start(1);
    expect(clock.slept).toEqual([1, 2, 4, 8, 16, 30, 30, 1]);
  });

  it('admits retried requests before later ones', async () => {
    const clock = stoppedClock();
    const throttle = createThrottle(clock);
    const requests = requestsAt(throttle);
    const [first, second] = [throttle.nextPosition(), throttle.nextPosition()];
    await requests.start(17);
    await requests.end(throttled(1));
    const retried: number[] = [];
    for (const position of [second, first]) void throttle.acquire(position).then(() => retried.push(position));
    for (let i = 0; i < 15; i += 1) await requests.end(COMPLETED);
    await clock.wake();
    expect(retried).toEqual([first, second]);
    expect(requests.admitted).toHaveLength(17);
  });
});
