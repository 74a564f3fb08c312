import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { cachedTokens } from '../../../../src/azure/identity/credential.ts';

/** Issues tokens that are valid for this many seconds, after this many failures. */
function issuer(seconds: number, failures = 0) {
  const requests: string[] = [];
  const credential = cachedTokens({
    getToken: (scopes) => {
      requests.push([scopes].flat().join(' '));
      if (requests.length <= failures) return Promise.reject(new Error(`failure ${requests.length}`));
      return Promise.resolve({ token: `t${requests.length}`, expiresOnTimestamp: Date.now() + seconds * 1000 });
    },
  });
  const token = async (scope = 'a/.default', claims?: string): Promise<string | undefined> =>
    (await credential.getToken(scope, claims === undefined ? {} : { claims }))?.token;
  return { requests, token };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('cachedTokens', () => {
  it('requests one token per scope for concurrent and later callers', async () => {
    const { requests, token } = issuer(3600);
    expect(await Promise.all([token(), token(), token('b/.default')])).toEqual(['t1', 't1', 't2']);
    expect([await token(), await token('b/.default')]).toEqual(['t1', 't2']);
    expect(requests).toEqual(['a/.default', 'b/.default']);
  });

  it.each([
    { lifetime: 3600, age: 3299, tokens: ['t1', 't1'] },
    { lifetime: 3600, age: 3300, tokens: ['t1', 't2'] },
    { lifetime: 600, age: 299, tokens: ['t1', 't1'] },
    { lifetime: 6, age: 2.9, tokens: ['t1', 't1'] },
    { lifetime: 6, age: 3, tokens: ['t1', 't2'] },
  ])(
    'reuses a token of $lifetime s until five minutes or half of it are left: $age s',
    async ({ lifetime, age, tokens }) => {
      let now = Date.now();
      jest.spyOn(Date, 'now').mockImplementation(() => now);
      const { token } = issuer(lifetime);
      const first = await token();
      now += age * 1000;
      expect([first, await token()]).toEqual(tokens);
    },
  );

  it('tells the clients of the services the time at which it requests a new one', async () => {
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now);
    const credential = cachedTokens({
      getToken: () => Promise.resolve({ token: 't', expiresOnTimestamp: now + 6000 }),
    });
    expect((await credential.getToken('a/.default'))?.expiresOnTimestamp).toBe(now + 3000);
  });

  it('C2: ends the wait of a caller that aborts, and not the request that others wait for', async () => {
    const { promise, resolve } = Promise.withResolvers<{ token: string; expiresOnTimestamp: number }>();
    const signals: unknown[] = [];
    const credential = cachedTokens({
      getToken: (_, options) => {
        signals.push(options?.abortSignal);
        return promise;
      },
    });
    const abort = new AbortController();
    const aborted = credential.getToken('a/.default', { abortSignal: abort.signal });
    const other = credential.getToken('a/.default');
    abort.abort(new Error('canceled'));
    await expect(aborted).rejects.toThrow('canceled');
    resolve({ token: 't', expiresOnTimestamp: Date.now() + 3_600_000 });
    expect((await other)?.token).toBe('t');
    expect(signals).toEqual([undefined]);
  });

  it('requests a new token if a service rejects the cached one', async () => {
    const { token } = issuer(3600);
    expect([await token(), await token('a/.default', 'xms'), await token()]).toEqual(['t1', 't2', 't2']);
  });

  describe('C3: a request with claims', () => {
    /** A directory whose requests end in the order of `end`. */
    function directory() {
      const claims: (string | undefined)[] = [];
      const ends: (() => void)[] = [];
      const credential = cachedTokens({
        getToken: (_, options) => {
          const token = `t${claims.push(options?.claims)}`;
          return new Promise((resolve) => {
            ends.push(() => {
              resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
            });
          });
        },
      });
      const token = async (given?: string): Promise<string | undefined> =>
        (await credential.getToken('a/.default', given === undefined ? {} : { claims: given }))?.token;
      return { claims, token, end: (index: number) => ends[index]?.() };
    }

    it('does not join a pending request without claims', async () => {
      const { claims, token, end } = directory();
      const received = [token(), token('xms')];
      expect(claims).toEqual([undefined, 'xms']);
      end(0);
      end(1);
      expect(await Promise.all(received)).toEqual(['t1', 't2']);
    });

    it('joins a pending request with the same claims', async () => {
      const { claims, token, end } = directory();
      const received = [token('xms'), token('xms')];
      end(0);
      expect(await Promise.all(received)).toEqual(['t1', 't1']);
      expect(claims).toEqual(['xms']);
    });

    it('returns the token of later requests, although a request without claims ends after it', async () => {
      const { token, end } = directory();
      const received = [token(), token('xms')];
      end(1);
      await received[1];
      end(0);
      expect([await received[0], await token()]).toEqual(['t1', 't2']);
    });
  });

  it('does not cache an error', async () => {
    const { token } = issuer(3600, 1);
    const outcomes = await Promise.allSettled([token(), token()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await token()).toBe('t2');
  });
});
