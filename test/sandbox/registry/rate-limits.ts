import type { RateLimits } from '../description.ts';
import { HttpAnswer } from '../http.ts';
import type { Exchange } from '../http.ts';
import { createBucket } from './bucket.ts';
import type { Bucket } from './bucket.ts';

/**
 * The rate limits of the registry, by the classes of Microsoft Learn, "Azure Container Registry SKU features and limits": token
 * buckets for each identity and for all together. Writes aren't limited here.
 */
export interface RateLimiter {
  /** Admits a request of the data plane, or throws 429 with Retry-After. */
  readonly admit: (exchange: Exchange, identity: string) => void;
  /** The same for a request to the token service. */
  readonly admitLogin: () => void;
}

/** The name of a counter, and its limit. */
type Limit = readonly [counted: string, perMinute: number | null];

/** Assumed: every GET and HEAD counts as one read. A list of referrers counts in both classes (same page). */
function limitsOn({ request, url }: Exchange, identity: string, limits: RateLimits): readonly Limit[] {
  if (request.method !== 'GET' && request.method !== 'HEAD') return [];
  const reads: readonly Limit[] = [
    [`reads ${identity}`, limits.readsPerMinute],
    ['reads', limits.registryReadsPerMinute],
  ];
  if (!/\/referrers\/[^/]+$/.test(url.pathname)) return reads;
  return [
    ...reads,
    [`referrers ${identity}`, limits.referrersPerMinute],
    ['referrers', limits.registryReferrersPerMinute],
  ];
}

/** Assumed: the body. Its code is that of OCI distribution 1.1. It is documented that Retry-After is in whole seconds. */
const tooManyRequests = (seconds: number): HttpAnswer =>
  new HttpAnswer(
    429,
    { errors: [{ code: 'TOOMANYREQUESTS', message: 'too many requests', detail: null }] },
    { 'retry-after': String(Math.ceil(seconds)) },
  );

/**
 * Starts unused.
 * @param limits the current limits. A bucket whose limit has changed starts again
 */
export function createRateLimiter(limits: () => RateLimits): RateLimiter {
  const buckets = new Map<string, Bucket>();

  const bucketOf = ([counted, perMinute]: Limit): readonly Bucket[] => {
    if (perMinute === null) return [];
    const known = buckets.get(counted);
    const bucket = known?.perMinute === perMinute ? known : createBucket(perMinute);
    buckets.set(counted, bucket);
    return [bucket];
  };

  /** A refused request costs nothing, so that Retry-After is accurate. */
  const pass = (wanted: readonly Limit[]): void => {
    const concerned = wanted.flatMap(bucketOf);
    const seconds = Math.max(0, ...concerned.map((bucket) => bucket.wait()));
    if (seconds > 0) throw tooManyRequests(seconds);
    for (const bucket of concerned) bucket.take();
  };

  return {
    admit: (exchange, identity) => {
      pass(limitsOn(exchange, identity, limits()));
    },
    admitLogin: () => {
      pass([['logins', limits().oauthPerMinute]]);
    },
  };
}
