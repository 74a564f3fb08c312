import type { UserDelegationKey } from '@azure/storage-blob';
import { describe, expect, it } from '@jest/globals';
import {
  authorizeAsGiven,
  authorizeByDelegation,
  sasEndsAt,
  type Validity,
} from '../../../../src/azure/storage/copy-source.ts';

const MINUTE = 60_000;

/** A key with a number, so that a test sees which one has signed. */
const key = (number: number): UserDelegationKey => ({ value: String(number) }) as unknown as UserDelegationKey;

/** A container whose service gives keys as the test wants it. */
function bank(give: (number: number) => Promise<UserDelegationKey | null> = (number) => Promise.resolve(key(number))) {
  const state = { now: 1_000 * MINUTE, asked: [] as Validity[], masked: [] as string[] };
  const lend = authorizeByDelegation(
    {
      delegation: {
        askForKey: (validity) => {
          state.asked.push(validity);
          return give(state.asked.length);
        },
        sign: (blob, { value }, { startsAt, endsAt }) =>
          `sr=${blob}&key=${value}&from=${startsAt / MINUTE}&to=${endsAt / MINUTE}`,
      },
      urlOf: (blob) => `https://a.example/c/${blob}`,
      token: () => Promise.resolve('token'),
    },
    { clock: { now: () => state.now }, mask: (secret) => state.masked.push(secret) },
  );
  return { state, lend };
}

describe('a blob lent by delegation', () => {
  it('has a SAS of its own, for an hour and from five minutes ago', async () => {
    const { lend, state } = bank();
    expect(await lend('b')).toEqual({
      url: 'https://a.example/c/b?sr=b&key=1&from=995&to=1060',
      authorization: null,
    });
    expect((await lend('other')).url).toContain('sr=other&key=1&');
    expect(state.asked).toEqual([{ startsAt: 995 * MINUTE, endsAt: 1_060 * MINUTE }]);
  });

  it('is masked before it is lent, once for all of its blocks', async () => {
    const { lend, state } = bank();
    const loans = await Promise.all(['b', 'b', 'other', 'b'].map(lend));
    state.now += 20 * MINUTE;
    expect((await lend('b')).url).toBe(loans[0]?.url);
    expect(state.masked).toEqual(['sr=b&key=1&from=995&to=1060', 'sr=other&key=1&from=995&to=1060']);
  });

  it('shares the key with all that are lent at the same time', async () => {
    const { lend, state } = bank();
    await Promise.all(['a', 'b', 'c'].map(lend));
    expect(state.asked).toHaveLength(1);
    state.now += 51 * MINUTE;
    const loans = await Promise.all(['a', 'b', 'c'].map(lend));
    expect(state.asked).toHaveLength(2);
    expect(loans.every(({ url }) => url.includes('key=2'))).toBe(true);
  });

  it.each([
    [50, 1],
    [50.1, 2],
  ])('after %d minutes is lent by key %d', async (after, expected) => {
    const { lend, state } = bank();
    await lend('b');
    state.now += after * MINUTE;
    expect((await lend('b')).url).toContain(`key=${expected}&`);
  });

  it('is lent by token where no key is to be had, which is asked once', async () => {
    const { lend, state } = bank(() => Promise.resolve(null));
    const loan = { url: 'https://a.example/c/b', authorization: 'Bearer token' };
    expect(await Promise.all([lend('b'), lend('b')])).toEqual([loan, loan]);
    expect(await lend('b')).toEqual(loan);
    expect([state.asked.length, state.masked]).toEqual([1, []]);
  });

  it('asks again after a failure', async () => {
    const busy = new Error('busy');
    const { lend, state } = bank((number) => (number === 1 ? Promise.reject(busy) : Promise.resolve(key(number))));
    const both = await Promise.allSettled([lend('a'), lend('b')]);
    expect(both).toEqual([
      { status: 'rejected', reason: busy },
      { status: 'rejected', reason: busy },
    ]);
    expect((await lend('b')).url).toContain('key=2&');
    expect(state.asked).toHaveLength(2);
  });

  it('asks again after a failure to renew', async () => {
    const busy = new Error('busy');
    const { lend, state } = bank((number) => (number === 2 ? Promise.reject(busy) : Promise.resolve(key(number))));
    await lend('b');
    state.now += 55 * MINUTE;
    await expect(Promise.all([lend('a'), lend('b')])).rejects.toBe(busy);
    expect((await lend('b')).url).toContain('key=3&');
  });
});

describe('a SAS that was given', () => {
  it('is what the URL has already', async () => {
    const lend = authorizeAsGiven((blob) => `https://a.example/c/${blob}?sv=1&sig=2`);
    expect(await lend('b')).toEqual({ url: 'https://a.example/c/b?sv=1&sig=2', authorization: null });
  });

  it.each([
    ['sv=1&se=2026-11-23T10:00:00Z&sig=x', Date.UTC(2026, 10, 23, 10)],
    ['sv=1&se=2026-11-23T10%3A00%3A00Z&sig=x', Date.UTC(2026, 10, 23, 10)],
    ['sv=1&se=2026-11-23&sig=x', Date.UTC(2026, 10, 23)],
    ['sv=1&se=2026-11-25&ske=2026-11-23T10:00:00Z&sig=x', Date.UTC(2026, 10, 23, 10)],
    ['sv=1&se=2026-11-23&ske=2026-11-25&sig=x', Date.UTC(2026, 10, 23)],
    ['sv=1&si=policy&sig=x', null],
    ['sv=1&se=soon&sig=x', null],
  ])('%s ends at %s', (sas, end) => {
    expect(sasEndsAt(sas)).toBe(end);
  });
});
