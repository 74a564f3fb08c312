import type { Clock } from '../../transfer/ports/clock.ts';

/** Outcome of a request that was sent. */
export type RequestOutcome =
  /** The service responded. */
  | { readonly kind: 'completed' }
  /** No response, or a server error. */
  | { readonly kind: 'failed' }
  | {
      readonly kind: 'throttled';
      /** See retryAfterSeconds. */
      readonly seconds: number | null;
    };

/** Reports the outcome of a request, once, and frees its slot for the next. */
export type Release = (outcome: RequestOutcome) => void;

/**
 * Limits the concurrent requests to one service, and sends none while the service asks to wait. The concurrency is adaptive
 * (AIMD). A service's limits apply to all requests of an identity together, so one throttled request slows down all of them
 * (Microsoft Learn, "Azure Container Registry SKU features and limits", throttling).
 */
export interface Throttle {
  /** A position in the queue. A request keeps it for all attempts, so that later requests don't overtake it. */
  readonly nextPosition: () => number;
  /** Resolves when the request can be sent. */
  readonly acquire: (position: number) => Promise<Release>;
}

/** Concurrent requests. */
const [INITIAL_CONCURRENCY, MAX_CONCURRENCY] = [16, 32];

/** Responses without throttling after which the concurrency grows by one. */
const RESPONSES_PER_INCREASE = 50;

/** Longest wait for a service that names none. The wait starts at one second and doubles with each throttled request. */
const MAX_BACKOFF_SECONDS = 30;

interface QueuedRequest {
  readonly position: number;
  readonly admit: () => void;
}

/** Adaptive concurrency: additive increase, multiplicative decrease. */
interface Concurrency {
  readonly limit: number;
  /** Responses since the limit last changed. */
  readonly responses: number;
  /** Consecutive throttled requests. */
  readonly throttled: number;
  /** Counts the decreases. Requests of one generation that are throttled together decrease the limit once. */
  readonly generation: number;
}

const increase = (concurrency: Concurrency): Concurrency => {
  const responses = concurrency.responses + 1;
  return responses < RESPONSES_PER_INCREASE
    ? { ...concurrency, responses, throttled: 0 }
    : { ...concurrency, responses: 0, throttled: 0, limit: Math.min(MAX_CONCURRENCY, concurrency.limit + 1) };
};

const decrease = ({ limit, throttled, generation }: Concurrency): Concurrency => ({
  limit: Math.max(1, Math.floor(limit / 2)),
  responses: 0,
  throttled: throttled + 1,
  generation: generation + 1,
});

function insert(queue: QueuedRequest[], request: QueuedRequest): void {
  const next = queue.findIndex(({ position }) => position > request.position);
  queue.splice(next < 0 ? queue.length : next, 0, request);
}

/** The throttle's own waits aren't aborted: the queued requests have time limits. */
const NO_ABORT = new AbortController().signal;

/** Creates a throttle for the clients of one service. */
export function createThrottle(clock: Clock): Throttle {
  const queue: QueuedRequest[] = [];
  let concurrency: Concurrency = { limit: INITIAL_CONCURRENCY, responses: 0, throttled: 0, generation: 0 };
  let [lastPosition, active, pausedUntil, waking] = [0, 0, 0, false];

  const wakeIn = async (seconds: number): Promise<void> => {
    if (waking) return;
    waking = true;
    await clock.sleep(seconds, NO_ABORT);
    waking = false;
    admitNext();
  };

  const admitNext = (): void => {
    while (queue.length > 0 && active < concurrency.limit) {
      const seconds = (pausedUntil - clock.now()) / 1000;
      if (seconds > 0) {
        void wakeIn(seconds);
        return;
      }
      active += 1;
      queue.shift()?.admit();
    }
  };

  const pause = (requested: number | null): void => {
    const backoff = Math.min(MAX_BACKOFF_SECONDS, 2 ** Math.max(0, concurrency.throttled - 1));
    pausedUntil = Math.max(pausedUntil, clock.now() + (requested ?? backoff) * 1000);
  };

  const releaseOf =
    (generation: number): Release =>
    (outcome) => {
      active -= 1;
      const current = generation === concurrency.generation;
      if (outcome.kind === 'completed' && current) concurrency = increase(concurrency);
      if (outcome.kind === 'throttled') {
        if (current) concurrency = decrease(concurrency);
        pause(outcome.seconds);
      }
      admitNext();
    };

  return {
    nextPosition: () => (lastPosition += 1),
    acquire: (position) =>
      new Promise((resolve) => {
        const admit = (): void => {
          resolve(releaseOf(concurrency.generation));
        };
        insert(queue, { position, admit });
        admitNext();
      }),
  };
}
