/** Cancellation of a step by the runner or the time limit. */
import { setTimeout as wait } from 'node:timers/promises';

/** Signals that end a step. */
interface Cancellation {
  /** Aborts when the runner cancels the step, or at the time limit (TimeoutError). */
  readonly signal: AbortSignal;
  /** Aborts 2 s later. Writes that are still pending are then abandoned. */
  readonly ending: AbortSignal;
  /** Whether the runner has canceled the step. */
  readonly canceled: () => boolean;
}

/** GitHub sends SIGINT, then SIGTERM 7.5 s later, and kills the process after another 2.5 s (docs, "Canceling a workflow"). */
const WRITE_SECONDS = 2;
const EXIT_SECONDS = 4.5;

async function runAfter(seconds: number, action: () => void): Promise<void> {
  await wait(seconds * 1000, undefined, { ref: false });
  action();
}

/**
 * Listens for the runner's signals and for the time limit.
 * @param timeoutMinutes null: no time limit
 * @param onCancel called once, with the name of the signal
 * @param onOverdue called if the step has not ended by itself after 4.5 s: it must exit now
 */
export function listenForCancellation(
  timeoutMinutes: number | null,
  onCancel: (signal: string) => void,
  onOverdue: () => void,
): Cancellation {
  const [stop, ending] = [new AbortController(), new AbortController()];
  const cancel = (name: string): void => {
    if (stop.signal.aborted) return;
    onCancel(name);
    stop.abort(new DOMException(`${name} received`, 'AbortError'));
    void runAfter(EXIT_SECONDS, onOverdue);
  };
  process.on('SIGINT', cancel).on('SIGTERM', cancel);
  const limit = timeoutMinutes === null ? [] : [AbortSignal.timeout(timeoutMinutes * 60_000)];
  const signal = AbortSignal.any([...limit, stop.signal]);
  signal.addEventListener('abort', () => {
    void runAfter(WRITE_SECONDS, () => {
      ending.abort(signal.reason);
    });
  });
  return { signal, ending: ending.signal, canceled: () => stop.signal.aborted };
}
