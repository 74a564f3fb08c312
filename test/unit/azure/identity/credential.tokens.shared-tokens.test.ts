import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { sharedTokens } from '../../../../src/azure/identity/credential.ts';

/** Gives a token of so many seconds whenever it is asked, or fails so many times before. */
function issuer(seconds: number, failures = 0) {
  const asked: string[] = [];
  const credential = sharedTokens({
    getToken: (scopes) => {
      asked.push([scopes].flat().join(' '));
      if (asked.length <= failures) return Promise.reject(new Error(`refusal ${asked.length}`));
      return Promise.resolve({ token: `t${asked.length}`, expiresOnTimestamp: Date.now() + seconds * 1000 });
    },
  });
  const token = async (scope = 'a/.default', claims?: string): Promise<string | undefined> =>
    (await credential.getToken(scope, claims === undefined ? {} : { claims }))?.token;
  return { asked, token };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('sharedTokens', () => {
  it('asks once for all who ask, at the same time or later, and for each scope', async () => {
    const { asked, token } = issuer(3600);
    expect(await Promise.all([token(), token(), token('b/.default')])).toEqual(['t1', 't1', 't2']);
    expect([await token(), await token('b/.default')]).toEqual(['t1', 't2']);
    expect(asked).toEqual(['a/.default', 'b/.default']);
  });

  it('asks again when the token is about to end', async () => {
    const { token } = issuer(299);
    expect([await token(), await token()]).toEqual(['t1', 't2']);
  });

  it.each([
    { life: 5 * 60_000, tokens: ['t1', 't2'] },
    { life: 5 * 60_000 + 1, tokens: ['t1', 't1'] },
  ])('gives a token out again while it lives longer than five minutes: $life ms', async ({ life, tokens }) => {
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now);
    let count = 0;
    const shared = sharedTokens({
      getToken: () => Promise.resolve({ token: `t${(count += 1)}`, expiresOnTimestamp: now + life }),
    });
    const given = [await shared.getToken('a/.default'), await shared.getToken('a/.default')];
    expect(given.map((token) => token?.token)).toEqual(tokens);
  });

  it('asks again when a service does not take the token any more', async () => {
    const { token } = issuer(3600);
    expect([await token(), await token('a/.default', 'xms'), await token()]).toEqual(['t1', 't2', 't2']);
  });

  it('keeps no refusal', async () => {
    const { token } = issuer(3600, 1);
    const refusals = await Promise.allSettled([token(), token()]);
    expect(refusals.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await token()).toBe('t2');
  });
});
