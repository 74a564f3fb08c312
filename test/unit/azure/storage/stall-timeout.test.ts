import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { withStallTimeout, type StallTimeout } from '../../../../src/azure/storage/stall-timeout.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const NO_ABORT = new AbortController().signal;

/** Work that continues until it is aborted. */
function endless() {
  let stall: StallTimeout | null = null;
  const work = (timeout: StallTimeout): Promise<never> => {
    stall = timeout;
    return new Promise((_, reject) => {
      timeout.signal.addEventListener('abort', () => {
        reject(new DOMException('ended', 'AbortError'));
      });
    });
  };
  return { work, onProgress: () => stall?.onProgress(), isAborted: () => stall?.signal.aborted };
}

describe('withStallTimeout', () => {
  it('aborts a stalled request with a temporary error', async () => {
    const request = endless();
    const failed = expect(withStallTimeout('a.example', 30, NO_ABORT, request.work)).rejects.toMatchObject({
      facts: { id: 'ACRT2005', message: expect.stringContaining('a.example: no progress for 30 s') },
      temporary: { retryAfterSeconds: null, throttled: false },
    });
    jest.advanceTimersByTime(29_999);
    expect(request.isAborted()).toBe(false);
    jest.advanceTimersByTime(1);
    await failed;
  });

  it('does not abort a request with progress', async () => {
    const request = endless();
    const failed = expect(withStallTimeout('a.example', 30, NO_ABORT, request.work)).rejects.toMatchObject({
      facts: { id: 'ACRT2005' },
    });
    for (let second = 0; second < 100; second += 20) {
      jest.advanceTimersByTime(20_000);
      request.onProgress();
    }
    expect(request.isAborted()).toBe(false);
    jest.advanceTimersByTime(30_000);
    await failed;
  });

  it('passes on an abort of the caller', async () => {
    const [caller, request] = [new AbortController(), endless()];
    const ended = expect(withStallTimeout('a.example', 30, caller.signal, request.work)).rejects.toMatchObject({
      name: 'AbortError',
    });
    caller.abort();
    await ended;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not start if the caller has aborted', async () => {
    const work = jest.fn<() => Promise<void>>();
    const reason = new Error('given up');
    await expect(withStallTimeout('a.example', 30, AbortSignal.abort(reason), work)).rejects.toBe(reason);
    expect(work).not.toHaveBeenCalled();
  });

  it('returns the result of the work, or throws its error', async () => {
    expect(await withStallTimeout('a.example', 30, NO_ABORT, () => Promise.resolve(5))).toBe(5);
    const broken = new Error('broken');
    await expect(withStallTimeout('a.example', 30, NO_ABORT, () => Promise.reject(broken))).rejects.toBe(broken);
    expect(jest.getTimerCount()).toBe(0);
  });
});
