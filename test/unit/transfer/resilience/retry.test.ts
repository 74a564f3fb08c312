import { describe, expect, it } from '@jest/globals';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { afterTemporaryErrors, backoffSeconds, fixedDelays, retry } from '../../../../src/transfer/resilience/retry.ts';
import { fakeClock, unlimited } from '../ports/clock.fixture.ts';
import { passing } from '../ports/faulty-container.fixture.ts';

/** Work that throws each of these errors in turn, and then succeeds. */
function workOf(errors: readonly Error[]) {
  const clock = fakeClock();
  let tries = 0;
  let throttled = 0;
  const work = (): Promise<string> => {
    const error = errors[tries];
    tries += 1;
    return error === undefined ? Promise.resolve('done') : Promise.reject(error);
  };
  const delaySeconds = afterTemporaryErrors(() => {
    throttled += 1;
  });
  const made = { clock, tries: () => tries, throttled: () => throttled };
  return { ...made, run: (signal = unlimited()) => retry(work, { clock, delaySeconds, signal }) };
}

describe('retry', () => {
  it('runs successful work once', async () => {
    const { run, clock, tries } = workOf([]);

    expect([await run(), tries(), clock.slept]).toEqual(['done', 1, []]);
  });

  it('honors Retry-After, including zero', async () => {
    const { run, tries, clock } = workOf([passing(17), passing(0), passing(90)]);

    expect([await run(), tries(), clock.slept]).toEqual(['done', 4, [17, 90]]);
  });

  it('backs off exponentially with jitter, up to ten seconds', async () => {
    const { run, clock } = workOf(Array.from({ length: 7 }, () => passing()));
    await run();
    const limits = [0.5, 1, 2, 4, 8, 10, 10];

    expect(clock.slept).toHaveLength(7);
    for (const [index, seconds] of clock.slept.entries()) {
      expect(seconds).toBeLessThanOrEqual(limits[index] ?? 0);
      expect(seconds).toBeGreaterThanOrEqual((limits[index] ?? 0) / 2);
    }
    expect(backoffSeconds(10_000)).toBeLessThanOrEqual(10);
  });

  it('throws the last error after ten attempts', async () => {
    const errors = Array.from({ length: 11 }, (_, index) => passing(index));
    const { run, tries } = workOf(errors);

    await expect(run()).rejects.toBe(errors[9]);
    expect(tries()).toBe(10);
  });

  it.each([
    { name: 'that is not temporary', error: transferError('ACRT5003', { blob: 'a.tar' }) },
    { name: 'that is unexpected', error: new Error('bug') },
  ])('does not retry an error $name', async ({ error }) => {
    const { run, tries, clock } = workOf([error]);

    await expect(run()).rejects.toBe(error);
    expect([tries(), clock.slept]).toEqual([1, []]);
  });

  it('reports throttling, and only throttling', async () => {
    const { run, throttled } = workOf([passing(1, true), passing(1, false), passing(null, true)]);
    await run();

    expect(throttled()).toBe(2);
  });

  it('stops waiting when the signal aborts', async () => {
    const { run, tries } = workOf([passing(60), passing(60)]);

    await expect(run(AbortSignal.abort(new Error('the time limit')))).rejects.toThrow('the time limit');
    expect(tries()).toBe(1);
  });
});

describe('fixedDelays', () => {
  /** Reads each of these values in turn. An error is thrown. */
  async function read(values: readonly (number | Error)[]) {
    const clock = fakeClock();
    const remaining = [...values];
    const attempt = (): Promise<number | undefined> => {
      const value = remaining.shift();
      return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
    };
    const delaySeconds = fixedDelays<number | undefined>([2, 5], (value) => value === 1);
    const value = await retry(attempt, { clock, signal: unlimited(), delaySeconds }).catch((error: unknown) => error);
    return { value, slept: clock.slept };
  }

  it('end with the first final value', async () => {
    expect(await read([0, 1, 0])).toEqual({ value: 1, slept: [2] });
  });

  it('end with the last value if none is final', async () => {
    expect(await read([0, 7, 8, 1])).toEqual({ value: 8, slept: [2, 5] });
  });

  it('end with the first error', async () => {
    expect(await read([0, passing(), 1])).toEqual({ value: expect.any(Error), slept: [2] });
  });
});
