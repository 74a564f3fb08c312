import { connectionLost } from './errors.ts';

/** Aborts a request that has stalled. */
export interface StallTimeout {
  /** Aborts when the caller aborts, or when the request has stalled. */
  readonly signal: AbortSignal;
  /** Restarts the timeout. */
  readonly onProgress: () => void;
}

/**
 * Aborts a request after this many seconds without progress, with a temporary error (ACRT2005).
 * @param host for the message
 * @param signal of the caller; its abort isn't converted
 */
export async function withStallTimeout<Result>(
  host: string,
  seconds: number,
  signal: AbortSignal,
  work: (stall: StallTimeout) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(signal.reason);
  };
  const stalled = new AbortController();
  const timer = setTimeout(() => {
    stalled.abort();
    controller.abort();
  }, seconds * 1000);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await work({ signal: controller.signal, onProgress: () => timer.refresh() });
  } catch (error) {
    if (!stalled.signal.aborted) throw error;
    throw connectionLost(host, `no progress for ${seconds} s`, error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
