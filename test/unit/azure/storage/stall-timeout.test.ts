import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { withStallTimeout, type StallTimeout } from '../../../../src/azure/storage/stall-timeout.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const NEVER = new AbortController().signal;

/** Work that goes on until it is ended. */
function endless() {
  let watch: StallTimeout | null = null;
  const work = (given: StallTimeout): Promise<never> => {
    watch = given;
    return new Promise((_, reject) => {
      given.signal.addEventListener('abort', () => {
        reject(new DOMException('ended', 'AbortError'));
      });
    });
  };
  return { work, alive: () => watch?.alive(), isEnded: () => watch?.signal.aborted };
}

describe('a watched request', () => {
  it('that comes to a standstill is ended, and may be tried again', async () => {
    const request = endless();
    const failed = expect(withStallTimeout('a.example', 30, NEVER, request.work)).rejects.toMatchObject({
      facts: { id: 'ACRT2005', message: expect.stringContaining('a.example: nothing has moved for 30 s') },
      temporary: { retryAfterSeconds: null, throttled: false },
    });
    jest.advanceTimersByTime(29_999);
    expect(request.isEnded()).toBe(false);
    jest.advanceTimersByTime(1);
    await failed;
  });

  it('lives as long as something moves', async () => {
    const request = endless();
    const failed = expect(withStallTimeout('a.example', 30, NEVER, request.work)).rejects.toMatchObject({
      facts: { id: 'ACRT2005' },
    });
    for (let second = 0; second < 100; second += 20) {
      jest.advanceTimersByTime(20_000);
      request.alive();
    }
    expect(request.isEnded()).toBe(false);
    jest.advanceTimersByTime(30_000);
    await failed;
  });

  it('that the caller ends stays ended by the caller', async () => {
    const [caller, request] = [new AbortController(), endless()];
    const ended = expect(withStallTimeout('a.example', 30, caller.signal, request.work)).rejects.toMatchObject({
      name: 'AbortError',
    });
    caller.abort();
    await ended;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is not begun when the caller has given up', async () => {
    const work = jest.fn<() => Promise<void>>();
    const reason = new Error('given up');
    await expect(withStallTimeout('a.example', 30, AbortSignal.abort(reason), work)).rejects.toBe(reason);
    expect(work).not.toHaveBeenCalled();
  });

  it('gives what the work gives, or throws', async () => {
    expect(await withStallTimeout('a.example', 30, NEVER, () => Promise.resolve(5))).toBe(5);
    const broken = new Error('broken');
    await expect(withStallTimeout('a.example', 30, NEVER, () => Promise.reject(broken))).rejects.toBe(broken);
    expect(jest.getTimerCount()).toBe(0);
  });
});
