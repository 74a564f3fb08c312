import { describe, expect, it } from '@jest/globals';
import { sharedTokens } from '../../../src/azure/shared-tokens.ts';

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
