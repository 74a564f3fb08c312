import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from '@jest/globals';
import { tokenCache, renewalTime, type FreshToken } from '../../../../src/azure/registry/token-cache.ts';
import { fakeClock, unlimited } from '../../transfer/ports/clock.fixture.ts';
import { jwt } from './transport.fixture.ts';

const NOW = Date.UTC(2026, 0, 1);
const unauthorized = (): Error => new RestError('no', { statusCode: 401 });

/** Issues a new token for each request. */
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

const returnToken = (token: string): Promise<string> => Promise.resolve(token);

describe('renewalTime', () => {
  it.each([
    { name: 'a minute before it expires', token: jwt({ iat: 1000, exp: 4600 }), seconds: 3540 },
    { name: 'a second before the end of a very short lifetime', token: jwt({ iat: 1000, exp: 1003 }), seconds: 2 },
    { name: 'after nine tenths of a short lifetime', token: jwt({ iat: 1000, exp: 1010 }), seconds: 9 },
    {
      name: 'by the local clock if it has no time of issue',
      token: jwt({ exp: NOW / 1000 + 100 }),
      seconds: 90,
    },
    { name: 'at once if it has expired', token: jwt({ exp: NOW / 1000 - 5 }), seconds: 0 },
    { name: 'never without an expiry', token: jwt({ sub: 'x' }), seconds: Number.POSITIVE_INFINITY },
    { name: 'never if it is not a JWT', token: 'opaque', seconds: Number.POSITIVE_INFINITY },
    { name: 'never if it only looks like a JWT', token: 'a.b.c', seconds: Number.POSITIVE_INFINITY },
  ])('renews a token $name', ({ token, seconds }) => {
    expect((renewalTime({ token, issuedAt: null }, NOW) - NOW) / 1000).toBe(seconds);
  });

  it.each([
    { name: 'was issued in the past', claims: { iat: 1000, exp: 5500 }, issuedAt: 1_900_000, seconds: 3540 },
    { name: 'has expired by then', claims: { iat: 1000, exp: 5500 }, issuedAt: 6_000_000, seconds: 0 },
    { name: 'has no time of issue', claims: { exp: 5500 }, issuedAt: 5_400_000, seconds: 90 },
  ])("uses the issuer's time for a token that $name", ({ claims, issuedAt, seconds }) => {
    expect((renewalTime({ token: jwt(claims), issuedAt }, NOW) - NOW) / 1000).toBe(seconds);
  });
});

describe('tokenCache', () => {
  it('fetches one token for concurrent and later callers', async () => {
    const { fetch, issued } = issuer();
    const cache = tokenCache(fetch, fakeClock());
    const tokens = await Promise.all([cache.use(returnToken), cache.use(returnToken)]);
    expect([...tokens, await cache.use(returnToken)]).toEqual([issued[0], issued[0], issued[0]]);
    expect(issued).toHaveLength(1);
  });

  it('renews the token once before it expires', async () => {
    const { fetch, issued } = issuer();
    const clock = fakeClock();
    const cache = tokenCache(fetch, clock);
    await cache.use(returnToken);
    await clock.sleep(3541, unlimited());
    expect(await Promise.all([cache.use(returnToken), cache.use(returnToken)])).toEqual([issued[1], issued[1]]);
    expect(issued).toHaveLength(2);
  });

  // The token is renewed after two seconds.
  it.each([2, 4])('replaces a token that expired while the work waited (%d s)', async (seconds) => {
    const { fetch, issued } = issuer(3);
    const clock = fakeClock();
    const cache = tokenCache(fetch, clock);
    const result = await cache.use(async (token) => {
      if (token !== issued[0]) return 'done';
      await clock.sleep(seconds, unlimited());
      throw unauthorized();
    });
    expect([result, issued.length]).toEqual(['done', 2]);
  });

  it('replaces a rejected token if one was accepted before', async () => {
    const { fetch, issued } = issuer();
    const cache = tokenCache(fetch, fakeClock());
    await cache.use(returnToken);
    const used: string[] = [];
    const result = await cache.use((token) => {
      used.push(token);
      return token === issued[0] ? Promise.reject(unauthorized()) : Promise.resolve('done');
    });
    expect(result).toBe('done');
    expect(used).toEqual(issued);
  });

  it('replaces a rejected token only at the next use if none was accepted before', async () => {
    const { fetch, issued } = issuer();
    const cache = tokenCache(fetch, fakeClock());
    const reject = (): Promise<never> => Promise.reject(unauthorized());
    await expect(cache.use(reject)).rejects.toThrow('no');
    expect(issued).toHaveLength(1);
    await expect(cache.use(reject)).rejects.toThrow('no');
    expect(issued).toHaveLength(2);
  });

  it('keeps the token after other errors', async () => {
    const { fetch, issued } = issuer();
    const cache = tokenCache(fetch, fakeClock());
    const missing = (): Promise<never> => Promise.reject(new RestError('missing', { statusCode: 404 }));
    await expect(cache.use(missing)).rejects.toThrow('missing');
    await cache.use(returnToken);
    expect(issued).toHaveLength(1);
  });

  it('fetches again after a failed fetch', async () => {
    const { fetch } = issuer();
    let remainingFailures = 1;
    const cache = tokenCache(
      () => ((remainingFailures -= 1) < 0 ? fetch() : Promise.reject(new Error('later'))),
      fakeClock(),
    );
    await expect(cache.use(returnToken)).rejects.toThrow('later');
    expect(await cache.use(returnToken)).toMatch(/\./);
  });
});
