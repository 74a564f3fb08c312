import { connectionLost } from './errors.ts';

/** Ends a request that has come to a standstill. */
export interface StallTimeout {
  /** Aborts when the caller gives up, or when nothing moves. */
  readonly signal: AbortSignal;
  /** Something has moved. */
  readonly alive: () => void;
}

/**
 * Watches over a request: when nothing has moved for so many seconds it is ended, as a temporary failure (ACRT2005).
 * @param host for the message
 * @param signal the caller's own; what it aborts stays an abort
 */
export async function withStallTimeout<Result>(
  host: string,
  seconds: number,
  signal: AbortSignal,
  work: (watch: StallTimeout) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const giveUp = (): void => {
    controller.abort(signal.reason);
  };
  const stalled = new AbortController();
  const timer = setTimeout(() => {
    stalled.abort();
    controller.abort();
  }, seconds * 1000);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await work({ signal: controller.signal, alive: () => timer.refresh() });
  } catch (error) {
    if (!stalled.signal.aborted) throw error;
    throw connectionLost(host, `nothing has moved for ${seconds} s`, error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
