/** A token bucket: as many requests at once as the limit of a minute, then as many as flow in. */
export interface Bucket {
  readonly perMinute: number;
  /** Seconds until a request may pass; 0: now. */
  readonly wait: () => number;
  /** Takes what one request costs. */
  readonly take: () => void;
}

/**
 * A full bucket.
 * @param now milliseconds of a clock that does not go back
 */
export function createBucket(perMinute: number, now: () => number = () => performance.now()): Bucket {
  const perMillisecond = perMinute / 60_000;
  // A limit below one a minute must still let the first request pass.
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
