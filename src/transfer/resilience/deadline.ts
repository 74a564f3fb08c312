/** Early end of a transfer: at the time limit, or because it was canceled. */
import { transferError, type TransferError } from '../errors/index.ts';

/** Signal and time limit of a transfer. */
export interface Deadline {
  /** Aborts at the time limit (TimeoutError), or when the transfer is canceled. */
  readonly signal: AbortSignal;
  readonly timeoutMinutes: number;
}

/**
 * The error of unfinished work: ACRT4003 at the time limit, ACRT4023 if the transfer was canceled.
 * @param what subject of the message: `The export of …`
 */
export function deadlineError(what: string, { signal, timeoutMinutes }: Deadline, cause?: unknown): TransferError {
  const { name } = signal.reason as Error;
  return name === 'TimeoutError'
    ? transferError('ACRT4003', { what, minutes: String(timeoutMinutes) }, { cause })
    : transferError('ACRT4023', { what }, { cause });
}

/**
 * Waits for work until a signal aborts, then throws the reason of the signal. The work continues in the background, because
 * requests in flight take too long to end.
 * @param graceSeconds seconds to wait for the work after the signal aborts
 */
export function withDeadline<Result>(
  signal: AbortSignal,
  work: () => Promise<Result>,
  graceSeconds = 0,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => {
        reject(signal.reason as Error);
      }, graceSeconds * 1000);
    };
  });
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([work(), aborted]).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  });
}
