/** How many at a time, with a slow start. */
import pLimit from 'p-limit';

const [AT_FIRST, AT_MOST] = [2, 16];

/**
 * Few at first, and one more with each that is done. Each connection takes its time to open: all of them at the beginning
 * would keep the first bytes waiting, which need two.
 */
export function slowStartLimit(): ConcurrencyLimit {
  const limit = pLimit(AT_FIRST);
  return async (work) => {
    try {
      return await limit(work);
    } finally {
      limit.concurrency = Math.min(AT_MOST, limit.concurrency + 1);
    }
  };
}

/** Runs the work when its turn has come. */
export type ConcurrencyLimit = <Result>(work: () => Promise<Result>) => Promise<Result>;
