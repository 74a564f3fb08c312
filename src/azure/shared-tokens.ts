import type { AccessToken, TokenCredential } from '@azure/core-auth';

/** A token is given out as long as it lives this long: nobody's requests take longer. */
const LEAST_LIFE_MILLISECONDS = 5 * 60_000;

/**
 * One token for all who ask: those who ask at the same time share one request, and so one refusal. Clients keep their tokens,
 * but each its own, and of the credentials not every one keeps any: that of az starts a process for each.
 */
export function sharedTokens(credential: TokenCredential): TokenCredential {
  const pending = new Map<string, Promise<AccessToken | null>>();
  const kept = new Map<string, AccessToken>();
  return {
    getToken: (scopes, options) => {
      const key = [scopes].flat().join(' ');
      const known = kept.get(key);
      const isGood = known !== undefined && known.expiresOnTimestamp - Date.now() > LEAST_LIFE_MILLISECONDS;
      // Claims are what a service answers to a token that it does not take any more.
      if (isGood && options?.claims === undefined) return Promise.resolve(known);
      const ask = async (): Promise<AccessToken | null> => {
        const token = await credential.getToken(scopes, options);
        if (token !== null) kept.set(key, token);
        return token;
      };
      const asked = pending.get(key) ?? ask().finally(() => pending.delete(key));
      pending.set(key, asked);
      return asked;
    },
  };
}
