import * as z from 'zod';
import type { Clock } from '../../transfer/ports/clock.ts';
import { readServiceError } from '../http/index.ts';

/** A token that is fetched when it is needed, and kept until shortly before it expires. */
export interface CachedToken {
  /**
   * Does something with the token. When that is refused (HTTP 401) although such tokens have been good before, it is done
   * once more with a new one; so it is when the token has run out while the work was waiting.
   */
  readonly use: <Result>(work: (token: string) => Promise<Result>) => Promise<Result>;
}

/** A token as its issuer gave it. */
export interface FreshToken {
  readonly token: string;
  /** The issuer's time when it gave the token, milliseconds since the epoch; null when the answer doesn't have it. */
  readonly issuedAt: number | null;
}

interface Issued {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** A token is renewed when a tenth of its life is left, between these. Its times are whole seconds. */
const MAX_MARGIN_SECONDS = 60;
const MIN_MARGIN_SECONDS = 1;

// Seconds since the epoch, by the clock of who issued it (RFC 7519, 4.1).
const claims = z.object({ exp: z.number(), iat: z.number().nullish() });

/** The claims of a JWT; null when it is something else. Nothing depends on their truth. */
function claimsOf(token: string): z.infer<typeof claims> | null {
  try {
    return claims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
  } catch {
    return null;
  }
}

/**
 * How long a token may be used, milliseconds since the epoch; for ever when it does not say.
 *
 * Recorded in 2021: a registry sets `iat` 15 minutes before the answer, so that `exp - iat` is more than what is left.
 * @param now when it was issued, by our own clock, which need not agree with the issuer's
 */
export function usableUntil({ token, issuedAt }: FreshToken, now: number): number {
  const known = claimsOf(token);
  if (known === null) return Number.POSITIVE_INFINITY;
  const issued = issuedAt === null ? (known.iat ?? now / 1000) : issuedAt / 1000;
  const seconds = Math.max(0, known.exp - issued);
  const margin = Math.max(MIN_MARGIN_SECONDS, Math.min(MAX_MARGIN_SECONDS, seconds / 10));
  return now + Math.max(0, seconds - margin) * 1000;
}

/** Callers at the same time share one request for a token; a refusal is not kept. */
export function tokenCache(fetch: () => Promise<FreshToken>, clock: Clock): CachedToken {
  let current: Promise<Issued> | undefined;
  /** Whether any of them was ever good: then a refusal is about the token, and not about the right. */
  let proven = false;

  const forget = (asked: Promise<Issued>): void => {
    if (current === asked) current = undefined;
  };

  const renew = (): Promise<Issued> => {
    const asked = fetch().then((fresh) => ({ token: fresh.token, until: usableUntil(fresh, clock.now()) }));
    current = asked;
    asked.catch(() => {
      forget(asked);
    });
    return asked;
  };

  const get = async (): Promise<Issued & { drop: () => void }> => {
    let asked = current ?? renew();
    if ((await asked).until <= clock.now()) {
      forget(asked);
      asked = current ?? renew();
    }
    const issued = await asked;
    return {
      ...issued,
      drop: () => {
        forget(asked);
      },
    };
  };

  return {
    use: async (work) => {
      const { token, until, drop } = await get();
      try {
        const result = await work(token);
        proven = true;
        return result;
      } catch (error) {
        if (readServiceError(error).status !== 401) throw error;
        drop();
        if (!proven && until > clock.now()) throw error;
      }
      return work((await get()).token);
    },
  };
}
