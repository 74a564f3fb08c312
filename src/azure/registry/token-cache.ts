import * as z from 'zod';
import type { Clock } from '../../transfer/ports/clock.ts';
import { readServiceError } from '../http/index.ts';
import { claimsOf } from '../identity/token-identity.ts';

/** A token that is fetched on demand and cached until shortly before it expires. */
export interface CachedToken {
  /**
   * Runs `work` with the token. Runs it once more with a new token after HTTP 401 if an earlier token was accepted, or if the
   * token expired while the work waited.
   */
  readonly use: <Result>(work: (token: string) => Promise<Result>) => Promise<Result>;
}

/** A token as received from its issuer. */
export interface FreshToken {
  readonly token: string;
  /** The issuer's time of the response, milliseconds since the epoch; null if the response doesn't contain it. */
  readonly issuedAt: number | null;
}

interface CacheEntry {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly renewAt: number;
}

/** A token is renewed when a tenth of its lifetime is left, within these limits. Its times are whole seconds. */
const MAX_MARGIN_SECONDS = 60;
const MIN_MARGIN_SECONDS = 1;

// Seconds since the epoch, by the issuer's clock (RFC 7519, 4.1).
const lifetime = z.object({ exp: z.number(), iat: z.number().nullish() });

/**
 * Returns when a token must be renewed, milliseconds since the epoch; infinity if it has no readable expiry.
 *
 * Recorded in 2021: a registry sets `iat` 15 minutes before the response, so `exp - iat` exceeds the remaining lifetime.
 * @param now when the token was received, by the local clock, which can differ from the issuer's
 */
export function renewalTime({ token, issuedAt }: FreshToken, now: number): number {
  const { data } = lifetime.safeParse(claimsOf(token));
  if (data === undefined) return Number.POSITIVE_INFINITY;
  const issued = issuedAt === null ? (data.iat ?? now / 1000) : issuedAt / 1000;
  const seconds = Math.max(0, data.exp - issued);
  const margin = Math.max(MIN_MARGIN_SECONDS, Math.min(MAX_MARGIN_SECONDS, seconds / 10));
  return now + Math.max(0, seconds - margin) * 1000;
}

/** Creates a cache for one token. Concurrent callers share one request. Errors aren't cached. */
export function tokenCache(fetch: () => Promise<FreshToken>, clock: Clock): CachedToken {
  let current: Promise<CacheEntry> | undefined;
  /** Whether any token was accepted. If so, a 401 is about the token, not about a missing permission. */
  let accepted = false;

  const forget = (entry: Promise<CacheEntry>): void => {
    if (current === entry) current = undefined;
  };

  const renew = (): Promise<CacheEntry> => {
    const pending = fetch().then((fresh) => ({ token: fresh.token, renewAt: renewalTime(fresh, clock.now()) }));
    current = pending;
    pending.catch(() => {
      forget(pending);
    });
    return pending;
  };

  const get = async (): Promise<CacheEntry & { drop: () => void }> => {
    let pending = current ?? renew();
    if ((await pending).renewAt <= clock.now()) {
      forget(pending);
      pending = current ?? renew();
    }
    const entry = await pending;
    return {
      ...entry,
      drop: () => {
        forget(pending);
      },
    };
  };

  return {
    use: async (work) => {
      const { token, renewAt, drop } = await get();
      try {
        const result = await work(token);
        accepted = true;
        return result;
      } catch (error) {
        if (readServiceError(error).status !== 401) throw error;
        drop();
        if (!accepted && renewAt > clock.now()) throw error;
      }
      return work((await get()).token);
    },
  };
}
