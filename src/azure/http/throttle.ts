import type { Clock } from '../../transfer/ports/clock.ts';

/** What came of a request that was let through the gate. */
export type RequestOutcome =
  /** It was answered. */
  | { readonly kind: 'answered' }
  /** It was not answered, or with an error of the service's own. */
  | { readonly kind: 'lost' }
  | {
      readonly kind: 'throttled';
      /** What the service asked to wait, seconds; null when it does not say. */
      readonly seconds: number | null;
    };

/** Says how a request went, once, and so makes room for the next. */
export type Release = (passage: RequestOutcome) => void;

/**
 * Lets the requests of one service's clients through: as many at a time as the service bears, and none while it asks to
 * wait. Its limits are for all requests of an identity together, so one that is refused tells of all
 * (Microsoft Learn, "Azure Container Registry SKU features and limits", throttling).
 */
export interface Throttle {
  /** A place in the queue. A request keeps it over its tries, so that those who came later do not overtake it. */
  readonly draw: () => number;
  /** Resolves when the request may be sent. */
  readonly enter: (place: number) => Promise<Release>;
}

/** Requests at a time: at first, and at most. */
const [AT_FIRST, AT_MOST] = [16, 32];

/** Answers without a refusal, after which one more request at a time is tried. */
const GROWTH = 50;

/** Waits for a service that does not say how long: one second, doubled with every further refusal, up to this. */
const MAX_GUESS_SECONDS = 30;

/** The service's periods are minutes; nobody is waited for longer than two. */
const MAX_PAUSE_SECONDS = 120;

interface Waiting {
  readonly place: number;
  readonly admit: () => void;
}

/** How many requests at a time: one more for every so many answers, half as many for a refusal. */
interface Pace {
  readonly atATime: number;
  /** Answers since it last changed. */
  readonly answers: number;
  /** Refusals without an answer between them. */
  readonly refusals: number;
  /** Counts the refusals that have slowed it down: several requests refused at the same time do so once. */
  readonly round: number;
}

const faster = (pace: Pace): Pace => {
  const answers = pace.answers + 1;
  return answers < GROWTH
    ? { ...pace, answers, refusals: 0 }
    : { ...pace, answers: 0, refusals: 0, atATime: Math.min(AT_MOST, pace.atATime + 1) };
};

const slower = ({ atATime, refusals, round }: Pace): Pace => ({
  atATime: Math.max(1, Math.floor(atATime / 2)),
  answers: 0,
  refusals: refusals + 1,
  round: round + 1,
});

function insert(queue: Waiting[], waiting: Waiting): void {
  const behind = queue.findIndex(({ place }) => place > waiting.place);
  queue.splice(behind < 0 ? queue.length : behind, 0, waiting);
}

/** Nobody ends the gate's own waits: those who wait behind it have time limits. */
const NO_ABORT = new AbortController().signal;

/** Makes a gate that nobody has passed yet. */
export function createThrottle(clock: Clock): Throttle {
  const queue: Waiting[] = [];
  let pace: Pace = { atATime: AT_FIRST, answers: 0, refusals: 0, round: 0 };
  let [places, underway, closedUntil, waking] = [0, 0, 0, false];

  const wakeIn = async (seconds: number): Promise<void> => {
    if (waking) return;
    waking = true;
    await clock.sleep(seconds, NO_ABORT);
    waking = false;
    admitNext();
  };

  const admitNext = (): void => {
    while (queue.length > 0 && underway < pace.atATime) {
      const seconds = (closedUntil - clock.now()) / 1000;
      if (seconds > 0) {
        void wakeIn(seconds);
        return;
      }
      underway += 1;
      queue.shift()?.admit();
    }
  };

  const pause = (asked: number | null): void => {
    const guess = Math.min(MAX_GUESS_SECONDS, 2 ** Math.max(0, pace.refusals - 1));
    const seconds = Math.min(MAX_PAUSE_SECONDS, asked ?? guess);
    closedUntil = Math.max(closedUntil, clock.now() + seconds * 1000);
  };

  const leaver =
    (round: number): Release =>
    (passage) => {
      underway -= 1;
      const current = round === pace.round;
      if (passage.kind === 'answered' && current) pace = faster(pace);
      if (passage.kind === 'throttled') {
        if (current) pace = slower(pace);
        pause(passage.seconds);
      }
      admitNext();
    };

  return {
    draw: () => (places += 1),
    enter: (place) =>
      new Promise((resolve) => {
        const admit = (): void => {
          resolve(leaver(pace.round));
        };
        insert(queue, { place, admit });
        admitNext();
      }),
  };
}
