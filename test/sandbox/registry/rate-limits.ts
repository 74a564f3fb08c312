import type { RateLimits } from '../description.ts';
import { HttpAnswer } from '../http.ts';
import type { Exchange } from '../http.ts';
import { createBucket } from './bucket.ts';
import type { Bucket } from './bucket.ts';

/**
 * What the registry lets pass, by the classes of Microsoft Learn, "Azure Container Registry SKU features and limits": token buckets for each
 * identity and for all together. Writes are not limited here.
 */
export interface RateLimiter {
  /** Lets a request of the data plane pass or throws 429 with Retry-After. */
  readonly admit: (exchange: Exchange, identity: string) => void;
  /** The same for a request to the token service. */
  readonly admitLogin: () => void;
}

/** A name for what is counted, and how much of it may pass. */
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

/** Assumed: the body; its code is the one of OCI distribution 1.1. That Retry-After is in whole seconds is documented. */
const tooManyRequests = (seconds: number): HttpAnswer =>
  new HttpAnswer(
    429,
    { errors: [{ code: 'TOOMANYREQUESTS', message: 'too many requests', detail: null }] },
    { 'retry-after': String(Math.ceil(seconds)) },
  );

/**
 * Nothing is used at first.
 * @param limits always the present ones; a bucket whose limit has changed is a new one
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

  /** A request that is refused costs nothing, so that Retry-After holds. */
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
