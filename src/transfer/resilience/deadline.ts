/** How a transfer ends before its time: at the time limit, or because somebody cancelled it. */
import { transferError, type TransferError } from '../errors/index.ts';

/** What is known of an end that came too early. */
export interface Deadline {
  /** Aborts at the time limit (TimeoutError), or when the transfer is cancelled. */
  readonly signal: AbortSignal;
  readonly timeoutMinutes: number;
}

/**
 * The failure of what had not ended: ACRT4003 at the time limit, ACRT4023 when it was cancelled.
 * @param what subject of a sentence: `The export of …`
 */
export function deadlineError(what: string, { signal, timeoutMinutes }: Deadline, cause?: unknown): TransferError {
  const { name } = signal.reason as Error;
  return name === 'TimeoutError'
    ? transferError('ACRT4003', { what, minutes: String(timeoutMinutes) }, { cause })
    : transferError('ACRT4023', { what }, { cause });
}

/**
 * Waits for work, but not beyond an end: then it throws the signal's reason, and the work is left to itself. Requests under
 * way take too long to end by themselves.
 * @param graceSeconds how long after the signal the work is still waited for
 */
export function withDeadline<Result>(
  signal: AbortSignal,
  work: () => Promise<Result>,
  graceSeconds = 0,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  let leave = (): void => undefined;
  const end = new Promise<never>((_, reject) => {
    leave = () => {
      timer = setTimeout(() => {
        reject(signal.reason as Error);
      }, graceSeconds * 1000);
    };
  });
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  return Promise.race([work(), end]).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  });
}
