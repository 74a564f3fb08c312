import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from '@jest/globals';
import { tokenCache, usableUntil, type FreshToken } from '../../../../src/azure/registry/token-cache.ts';
import { fakeClock, unlimited } from '../../transfer/ports/clock.fixture.ts';
import { jwt } from './transport.fixture.ts';

const NOW = Date.UTC(2026, 0, 1);
const unauthorized = (): Error => new RestError('no', { statusCode: 401 });

/** Tokens that live an hour, each another one. */
function issuer(lifetimeSeconds = 3600): { fetch: () => Promise<FreshToken>; issued: string[] } {
  const issued: string[] = [];
  return {
    issued,
    fetch: () => {
      const token = jwt({ iat: 0, exp: lifetimeSeconds }, String(issued.length));
      issued.push(token);
      return Promise.resolve({ token, issuedAt: null });
    },
  };
}

const given = (token: string): Promise<string> => Promise.resolve(token);

describe('usableUntil', () => {
  it.each([
    { name: 'a minute before it expires', token: jwt({ iat: 1000, exp: 4600 }), seconds: 3540 },
    { name: 'all but a second of a very short life', token: jwt({ iat: 1000, exp: 1003 }), seconds: 2 },
    { name: 'nine tenths of a short life', token: jwt({ iat: 1000, exp: 1010 }), seconds: 9 },
    {
      name: 'by our clock when it does not say when it was issued',
      token: jwt({ exp: NOW / 1000 + 100 }),
      seconds: 90,
    },
    { name: 'not at all when it has expired', token: jwt({ exp: NOW / 1000 - 5 }), seconds: 0 },
    { name: 'for ever when it does not say', token: jwt({ sub: 'x' }), seconds: Number.POSITIVE_INFINITY },
    { name: 'for ever when it is no JWT', token: 'opaque', seconds: Number.POSITIVE_INFINITY },
    { name: 'for ever when it only looks like one', token: 'a.b.c', seconds: Number.POSITIVE_INFINITY },
  ])('lets a token be used: $name', ({ token, seconds }) => {
    expect((usableUntil({ token, issuedAt: null }, NOW) - NOW) / 1000).toBe(seconds);
  });

  it.each([
    { name: 'was issued in the past', claims: { iat: 1000, exp: 5500 }, issuedAt: 1_900_000, seconds: 3540 },
    { name: 'has expired by then', claims: { iat: 1000, exp: 5500 }, issuedAt: 6_000_000, seconds: 0 },
    { name: "doesn't say when", claims: { exp: 5500 }, issuedAt: 5_400_000, seconds: 90 },
  ])('counts from the time of the issuer for a token that $name', ({ claims, issuedAt, seconds }) => {
    expect((usableUntil({ token: jwt(claims), issuedAt }, NOW) - NOW) / 1000).toBe(seconds);
  });
});

describe('a kept token', () => {
  it('is fetched once for callers at the same time, and for those who come later', async () => {
    const { fetch, issued } = issuer();
    const kept = tokenCache(fetch, fakeClock());
    const tokens = await Promise.all([kept.use(given), kept.use(given)]);
    expect([...tokens, await kept.use(given)]).toEqual([issued[0], issued[0], issued[0]]);
    expect(issued).toHaveLength(1);
  });

  it('is renewed once before it expires', async () => {
    const { fetch, issued } = issuer();
    const clock = fakeClock();
    const kept = tokenCache(fetch, clock);
    await kept.use(given);
    await clock.sleep(3541, unlimited());
    expect(await Promise.all([kept.use(given), kept.use(given)])).toEqual([issued[1], issued[1]]);
    expect(issued).toHaveLength(2);
  });

  // It can be used for two seconds.
  it.each([2, 4])('is replaced when it ran out while the work was waiting (%d s)', async (seconds) => {
    const { fetch, issued } = issuer(3);
    const clock = fakeClock();
    const kept = tokenCache(fetch, clock);
    const result = await kept.use(async (token) => {
      if (token !== issued[0]) return 'well';
      await clock.sleep(seconds, unlimited());
      throw unauthorized();
    });
    expect([result, issued.length]).toEqual(['well', 2]);
  });

  it('is replaced when it was good and is refused', async () => {
    const { fetch, issued } = issuer();
    const kept = tokenCache(fetch, fakeClock());
    await kept.use(given);
    const used: string[] = [];
    const result = await kept.use((token) => {
      used.push(token);
      return token === issued[0] ? Promise.reject(unauthorized()) : Promise.resolve('well');
    });
    expect(result).toBe('well');
    expect(used).toEqual(issued);
  });

  it('is not replaced at once when it never was good, but the next time', async () => {
    const { fetch, issued } = issuer();
    const kept = tokenCache(fetch, fakeClock());
    const refuse = (): Promise<never> => Promise.reject(unauthorized());
    await expect(kept.use(refuse)).rejects.toThrow('no');
    expect(issued).toHaveLength(1);
    await expect(kept.use(refuse)).rejects.toThrow('no');
    expect(issued).toHaveLength(2);
  });

  it('is kept over other errors', async () => {
    const { fetch, issued } = issuer();
    const kept = tokenCache(fetch, fakeClock());
    const missing = (): Promise<never> => Promise.reject(new RestError('missing', { statusCode: 404 }));
    await expect(kept.use(missing)).rejects.toThrow('missing');
    await kept.use(given);
    expect(issued).toHaveLength(1);
  });

  it('is fetched anew when fetching has failed', async () => {
    const { fetch } = issuer();
    let failures = 1;
    const kept = tokenCache(() => ((failures -= 1) < 0 ? fetch() : Promise.reject(new Error('later'))), fakeClock());
    await expect(kept.use(given)).rejects.toThrow('later');
    expect(await kept.use(given)).toMatch(/\./);
  });
});
