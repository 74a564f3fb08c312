import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from '@jest/globals';
import { decideRetry, retryIfInvalid, retryingSend } from '../../../../src/azure/http/retrying-send.ts';
import { createThrottle } from '../../../../src/azure/http/throttle.ts';
import {
  responseError,
  type RegistryRequest,
  type RegistryResponse,
} from '../../../../src/azure/registry/transport.ts';
import { failed, ok } from '../../../../src/transfer/errors/index.ts';
import { fakeClock, type FakeClock } from '../../transfer/ports/clock.fixture.ts';
import { responseOf, registryWith } from '../registry/transport.fixture.ts';

const NOW = Date.UTC(2026, 0, 1);
const REQUEST: RegistryRequest = { method: 'GET', url: 'https://registry.example/v2/', headers: {}, maxBytes: 100 };
const timedOut = (): Error => Object.assign(new Error('too long'), { name: 'AbortError' });
const thrown = (status: number): Error => responseError(responseOf(status));

const unreadable = (): Error => Object.assign(responseError(responseOf(200)), { code: RestError.PARSE_ERROR });

function damaged(): unknown {
  try {
    return retryIfInvalid((): unknown => JSON.parse('<html>'));
  } catch (error) {
    return error;
  }
}
const broken = (code: string): RestError => new RestError('broken', { code });

/** Sends one request with retries. Its attempts have these outcomes in order; the last one repeats. */
async function sendWith(
  outcomes: readonly (RegistryResponse | Error)[],
): Promise<{ clock: FakeClock; attempts: number; result: RegistryResponse | Error }> {
  const clock = fakeClock();
  const { send, requests } = registryWith(() => {
    const outcome = outcomes[Math.min(requests.length, outcomes.length) - 1];
    return outcome instanceof Error ? Promise.reject(outcome) : outcome!;
  });
  const result = await retryingSend(
    createThrottle(clock),
    clock,
  )(() => send(REQUEST)).catch((error: unknown) => error as Error);
  return { clock, attempts: requests.length, result };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('decideRetry', () => {
  it.each([
    { status: 200, headers: {}, outcome: { kind: 'completed' }, retried: false },
    { status: 401, headers: {}, outcome: { kind: 'completed' }, retried: false },
    { status: 404, headers: {}, outcome: { kind: 'completed' }, retried: false },
    { status: 501, headers: {}, outcome: { kind: 'completed' }, retried: false },
    { status: 408, headers: {}, outcome: { kind: 'failed' }, retried: true },
    { status: 500, headers: {}, outcome: { kind: 'failed' }, retried: true },
    { status: 503, headers: {}, outcome: { kind: 'failed' }, retried: true },
    { status: 503, headers: { 'retry-after': '2' }, outcome: { kind: 'throttled', seconds: 2 }, retried: true },
    { status: 429, headers: { 'retry-after': '37' }, outcome: { kind: 'throttled', seconds: 37 }, retried: true },
    { status: 429, headers: {}, outcome: { kind: 'throttled', seconds: null }, retried: true },
    { status: 429, headers: { 'retry-after': 'soon' }, outcome: { kind: 'throttled', seconds: null }, retried: true },
    {
      status: 429,
      headers: { 'retry-after': new Date(NOW + 5000).toUTCString() },
      outcome: { kind: 'throttled', seconds: 5 },
      retried: true,
    },
  ])('maps HTTP $status with $headers to $outcome', ({ status, headers, outcome, retried }) => {
    const decision = decideRetry(ok(responseOf(status, '', headers)), NOW);
    expect(decision.outcome).toEqual(outcome);
    expect(decision.maxAttempts > 1).toBe(retried);
  });

  it.each([
    { name: 'a broken connection', error: broken('ECONNRESET'), attempts: 10 },
    { name: 'a truncated response', error: broken('ERR_STREAM_PREMATURE_CLOSE'), attempts: 10 },
    { name: 'a request that times out', error: timedOut(), attempts: 10 },
    { name: 'a name that does not resolve', error: broken('ENOTFOUND'), attempts: 5 },
    { name: 'an untrusted certificate', error: broken('SELF_SIGNED_CERT_IN_CHAIN'), attempts: 1 },
    { name: 'a damaged response', error: damaged(), attempts: 5 },
    { name: 'a server error that an SDK has thrown', error: thrown(503), attempts: 10 },
    { name: 'a successful response that an SDK could not read', error: unreadable(), attempts: 10 },
    { name: 'a denial that an SDK has thrown', error: thrown(403), attempts: 1 },
    { name: 'a response that is too large', error: new Error('the response is larger than 100 bytes'), attempts: 1 },
  ])('allows $tries attempts for $name', ({ error, attempts }) => {
    expect(decideRetry(failed(error), NOW).maxAttempts).toBe(attempts);
  });
});

describe('retryingSend', () => {
  it.each([
    { name: 'server errors', outcome: responseOf(500) },
    { name: 'broken connections', outcome: broken('ECONNRESET') },
  ])('retries after $name', async ({ outcome }) => {
    const { clock, attempts, result } = await sendWith([outcome, outcome, responseOf(200, 'well')]);
    expect(result).toMatchObject({ status: 200 });
    expect(attempts).toBe(3);
    // Half a second, then doubled; jitter shortens each wait.
    const [first = 0, second = 0, ...rest] = clock.slept;
    expect([first >= 0.25, first <= 0.5, second >= 0.5, second <= 1, rest]).toEqual([true, true, true, true, []]);
  });

  it('waits exactly as long as Retry-After', async () => {
    const { clock, attempts, result } = await sendWith([responseOf(429, '', { 'retry-after': '50' }), responseOf(200)]);
    expect(result).toMatchObject({ status: 200 });
    expect(clock.slept).toEqual([50]);
    expect(attempts).toBe(2);
  });

  it('does not count waits that the service asks for against the retry budget', async () => {
    const throttled = responseOf(429, '', { 'retry-after': '100' });
    const { attempts, result } = await sendWith([throttled, throttled, throttled, responseOf(200)]);
    expect(result).toMatchObject({ status: 200 });
    expect(attempts).toBe(4);
  });

  it('returns the last response after ten attempts', async () => {
    const { clock, attempts, result } = await sendWith([responseOf(500), responseOf(502)]);
    expect(result).toMatchObject({ status: 502 });
    expect(attempts).toBe(10);
    expect(sum(clock.slept)).toBeLessThan(80);
  });

  it('throws the last error', async () => {
    const { attempts, result } = await sendWith([broken('ECONNREFUSED')]);
    expect(result).toMatchObject({ code: 'ECONNREFUSED' });
    expect(attempts).toBe(5);
  });

  it('ends when the retry budget of two minutes is spent', async () => {
    const clock = fakeClock();
    const { send, requests } = registryWith(async () => {
      await clock.sleep(60, AbortSignal.any([]));
      throw timedOut();
    });
    await expect(retryingSend(createThrottle(clock), clock)(() => send(REQUEST))).rejects.toThrow('too long');
    expect(requests).toHaveLength(2);
  });

  it('pauses all requests when one is throttled', async () => {
    const clock = fakeClock();
    let throttled = 1;
    const { send, requests } = registryWith(() => {
      throttled -= 1;
      return throttled < 0 ? responseOf(200) : responseOf(429, '', { 'retry-after': '9' });
    });
    const retry = retryingSend(createThrottle(clock), clock);
    const responses = await Promise.all(Array.from({ length: 40 }, () => retry(() => send(REQUEST))));
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    expect(requests).toHaveLength(41);
    expect(clock.slept).toEqual([9]);
  });
});
