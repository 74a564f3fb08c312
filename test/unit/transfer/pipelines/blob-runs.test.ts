import { describe, expect, it } from '@jest/globals';
import { createRunListing } from '../../../../src/transfer/pipelines/blob-runs.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';
import { runAt, SUCCEEDED } from '../ports/pipelines.fixture.ts';

/** Counts the lists. */
function counted() {
  const clock = fakeClock();
  let lists = 0;
  let failing = false;
  const listing = createRunListing(
    {
      list: () => {
        lists += 1;
        return failing ? Promise.reject(new Error('no')) : Promise.resolve([runAt(`run${lists}`, SUCCEEDED)]);
      },
    },
    clock,
  );
  const fail = (isFailing: boolean): void => {
    failing = isFailing;
  };
  return { listing, clock, fail, lists: () => lists };
}

describe('the list of runs', () => {
  it('B20: is shared by all batches that look at the same time', async () => {
    const { listing, clock, lists } = counted();
    await Promise.all(Array.from({ length: 100 }, () => listing.recent()));
    expect(lists()).toBe(1);
    await clock.sleep(3, unlimited());
    await listing.recent();
    expect(lists()).toBe(2);
  });

  it('B20: is shared by all batches that wait for the next one', async () => {
    const { listing, lists, clock } = counted();
    const found = await Promise.all(Array.from({ length: 100 }, () => listing.next(15, unlimited())));
    expect([lists(), new Set(found).size, clock.slept]).toEqual([1, 1, [15]]);
  });

  it('is not delayed by a batch that waits longer', async () => {
    const slept: number[] = [];
    const clock = { now: () => 0, sleep: (seconds: number) => Promise.resolve(void slept.push(seconds)) };
    const listing = createRunListing({ list: () => Promise.resolve([]) }, clock);
    await Promise.all([listing.next(15, unlimited()), listing.next(2, unlimited()), listing.next(3, unlimited())]);
    expect(slept).toEqual([15, 2]);
  });

  it('is requested again after an error', async () => {
    const { listing, fail } = counted();
    fail(true);
    await expect(listing.recent()).rejects.toThrow('no');
    await expect(listing.next(2, unlimited())).rejects.toThrow('no');
    fail(false);
    expect((await listing.recent()).map(({ name }) => name)).toEqual(['run3']);
  });

  it('ends with the signal', async () => {
    const { listing } = counted();
    const stop = new AbortController();
    stop.abort(new Error('over'));
    await expect(listing.next(2, stop.signal)).rejects.toThrow('over');
  });
});
