/** Concurrency limit with a slow start. */
import pLimit from 'p-limit';

const INITIAL_CONCURRENCY = 2;
const MAX_CONCURRENCY = 16;

/** Runs work as soon as the limit allows it. */
export type ConcurrencyLimit = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Creates a limit that starts low and rises by one with each call that finishes. Opening connections takes time: opening all
 * of them at once would delay the first results, which need two.
 */
export function slowStartLimit(): ConcurrencyLimit {
  const limit = pLimit(INITIAL_CONCURRENCY);
  return async (work) => {
    try {
      return await limit(work);
    } finally {
      limit.concurrency = Math.min(MAX_CONCURRENCY, limit.concurrency + 1);
    }
  };
}
