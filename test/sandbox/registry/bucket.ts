/** A token bucket: a burst up to the limit of a minute, then requests at that rate. */
export interface Bucket {
  readonly perMinute: number;
  /** Seconds until a request is admitted; 0: now. */
  readonly wait: () => number;
  /** Takes the cost of one request. */
  readonly take: () => void;
}

/**
 * Creates a full bucket.
 * @param now milliseconds of a monotonic clock
 */
export function createBucket(perMinute: number, now: () => number = () => performance.now()): Bucket {
  const perMillisecond = perMinute / 60_000;
  // A limit below one per minute must still admit the first request.
  const capacity = Math.max(1, perMinute);
  let [level, levelAt] = [capacity, now()];
  const fill = (): number => {
    const time = now();
    level = Math.min(capacity, level + (time - levelAt) * perMillisecond);
    levelAt = time;
    return level;
  };
  return {
    perMinute,
    wait: () => Math.max(0, (1 - fill()) / perMillisecond / 1000),
    take: () => {
      level = fill() - 1;
    },
  };
}
