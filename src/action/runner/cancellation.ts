/** How a step ends when its runner tells it to. */
import { setTimeout as wait } from 'node:timers/promises';

/** Signals by which the end of a step is made known. */
export interface Cancellation {
  /** Aborts when the runner tells the step to end, or at the time limit (TimeoutError). */
  readonly signal: AbortSignal;
  /** Aborts a little later: what has not been written by then is not waited for. */
  readonly ending: AbortSignal;
  /** Whether the runner has told the step to end. */
  readonly cancelled: () => boolean;
}

/** GitHub sends SIGINT, SIGTERM 7.5 s later, and kills the process 2.5 s after that (docs, "Canceling a workflow"). */
const WRITING_SECONDS = 2;
const LAST_SECONDS = 4.5;

async function endLater(seconds: number, end: () => void): Promise<void> {
  await wait(seconds * 1000, undefined, { ref: false });
  end();
}

/**
 * Listens for the runner's signals and for the time limit.
 * @param onCancel told once, with the name of the signal
 * @param onOverdue told when the step has not ended by itself in 4.5 s: it must end now
 */
export function listenForCancellation(
  timeoutMinutes: number,
  onCancel: (signal: string) => void,
  onOverdue: () => void,
): Cancellation {
  const [stop, ending] = [new AbortController(), new AbortController()];
  const cancel = (name: string): void => {
    if (stop.signal.aborted) return;
    onCancel(name);
    stop.abort(new DOMException(`${name} came`, 'AbortError'));
    void endLater(LAST_SECONDS, onOverdue);
  };
  process.on('SIGINT', cancel).on('SIGTERM', cancel);
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMinutes * 60_000), stop.signal]);
  signal.addEventListener('abort', () => {
    void endLater(WRITING_SECONDS, () => {
      ending.abort(signal.reason);
    });
  });
  return { signal, ending: ending.signal, cancelled: () => stop.signal.aborted };
}
