import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from '@jest/globals';
import { decideRetry, retryIfInvalid, retryingSend } from '../../../../src/azure/http/retrying-send.ts';
import { createThrottle } from '../../../../src/azure/http/throttle.ts';
import {
  refusedResponse,
  type RegistryRequest,
  type RegistryResponse,
} from '../../../../src/azure/registry/transport.ts';
import { fakeClock, type FakeClock } from '../../transfer/ports/clock.fixture.ts';
import { answerOf, registryWith } from '../registry/transport.fixture.ts';

const NOW = Date.UTC(2026, 0, 1);
const ASK: RegistryRequest = { method: 'GET', url: 'https://registry.example/v2/', headers: {}, largest: 100 };
const tooLong = (): Error => Object.assign(new Error('too long'), { name: 'AbortError' });
const thrown = (status: number): Error => refusedResponse(answerOf(status));

const unread = (): Error => Object.assign(refusedResponse(answerOf(200)), { code: RestError.PARSE_ERROR });

function damaged(): unknown {
  try {
    return retryIfInvalid((): unknown => JSON.parse('<html>'));
  } catch (error) {
    return error;
  }
}
const broken = (code: string): RestError => new RestError('broken', { code });

/** Tries one request of which the service makes this, one after the other; the last one repeats. */
async function trySteadily(
  happenings: readonly (RegistryResponse | Error)[],
): Promise<{ clock: FakeClock; tries: number; result: RegistryResponse | Error }> {
  const clock = fakeClock();
  const { send, asked } = registryWith(() => {
    const happening = happenings[Math.min(asked.length, happenings.length) - 1];
    return happening instanceof Error ? Promise.reject(happening) : happening!;
  });
  const result = await retryingSend(
    createThrottle(clock),
    clock,
  )(() => send(ASK)).catch((error: unknown) => error as Error);
  return { clock, tries: asked.length, result };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('decideRetry', () => {
  it.each([
    { status: 200, headers: {}, passage: { kind: 'answered' }, again: false },
    { status: 401, headers: {}, passage: { kind: 'answered' }, again: false },
    { status: 404, headers: {}, passage: { kind: 'answered' }, again: false },
    { status: 501, headers: {}, passage: { kind: 'answered' }, again: false },
    { status: 408, headers: {}, passage: { kind: 'lost' }, again: true },
    { status: 500, headers: {}, passage: { kind: 'lost' }, again: true },
    { status: 503, headers: {}, passage: { kind: 'lost' }, again: true },
    { status: 503, headers: { 'retry-after': '2' }, passage: { kind: 'throttled', seconds: 2 }, again: true },
    { status: 429, headers: { 'retry-after': '37' }, passage: { kind: 'throttled', seconds: 37 }, again: true },
    { status: 429, headers: {}, passage: { kind: 'throttled', seconds: null }, again: true },
    { status: 429, headers: { 'retry-after': 'soon' }, passage: { kind: 'throttled', seconds: null }, again: true },
    {
      status: 429,
      headers: { 'retry-after': new Date(NOW + 5000).toUTCString() },
      passage: { kind: 'throttled', seconds: 5 },
      again: true,
    },
  ])('tells of HTTP $status with $headers: $passage', ({ status, headers, passage, again }) => {
    const verdict = decideRetry({ kind: 'answer', answer: answerOf(status, '', headers) }, NOW);
    expect(verdict.passage).toEqual(passage);
    expect(verdict.tries > 1).toBe(again);
  });

  it.each([
    { name: 'a broken connection', error: broken('ECONNRESET'), tries: 10 },
    { name: 'half an answer', error: broken('ERR_STREAM_PREMATURE_CLOSE'), tries: 10 },
    { name: 'no answer in time', error: tooLong(), tries: 10 },
    { name: 'a name that does not resolve', error: broken('ENOTFOUND'), tries: 5 },
    { name: 'a certificate that nobody trusts', error: broken('SELF_SIGNED_CERT_IN_CHAIN'), tries: 1 },
    { name: 'what is no answer to this', error: damaged(), tries: 5 },
    { name: 'an answer that an SDK has thrown', error: thrown(503), tries: 10 },
    { name: 'a good answer that an SDK could not read', error: unread(), tries: 10 },
    { name: 'a refusal that an SDK has thrown', error: thrown(403), tries: 1 },
    { name: 'an answer that is not read', error: new Error('the answer is larger than 100 bytes'), tries: 1 },
  ])('allows $tries tries for $name', ({ error, tries }) => {
    expect(decideRetry({ kind: 'error', error }, NOW).tries).toBe(tries);
  });
});

describe('retryingSend', () => {
  it.each([
    { name: 'errors of the service', happening: answerOf(500) },
    { name: 'broken connections', happening: broken('ECONNRESET') },
  ])('survives $name', async ({ happening }) => {
    const { clock, tries, result } = await trySteadily([happening, happening, answerOf(200, 'well')]);
    expect(result).toMatchObject({ status: 200 });
    expect(tries).toBe(3);
    // Half a second, and doubled; spread downwards.
    const [first = 0, second = 0, ...rest] = clock.slept;
    expect([first >= 0.25, first <= 0.5, second >= 0.5, second <= 1, rest]).toEqual([true, true, true, true, []]);
  });

  it('waits as long as the service asks, and no longer', async () => {
    const { clock, tries, result } = await trySteadily([answerOf(429, '', { 'retry-after': '50' }), answerOf(200)]);
    expect(result).toMatchObject({ status: 200 });
    expect(clock.slept).toEqual([50]);
    expect(tries).toBe(2);
  });

  it('is not out of patience by waits that the service asks for', async () => {
    const refused = answerOf(429, '', { 'retry-after': '100' });
    const { tries, result } = await trySteadily([refused, refused, refused, answerOf(200)]);
    expect(result).toMatchObject({ status: 200 });
    expect(tries).toBe(4);
  });

  it('gives up after ten tries, with the last answer', async () => {
    const { clock, tries, result } = await trySteadily([answerOf(500), answerOf(502)]);
    expect(result).toMatchObject({ status: 502 });
    expect(tries).toBe(10);
    expect(sum(clock.slept)).toBeLessThan(80);
  });

  it('gives up with the last error', async () => {
    const { tries, result } = await trySteadily([broken('ECONNREFUSED')]);
    expect(result).toMatchObject({ code: 'ECONNREFUSED' });
    expect(tries).toBe(5);
  });

  it('gives up when two minutes are over', async () => {
    const clock = fakeClock();
    const { send, asked } = registryWith(async () => {
      await clock.sleep(60, AbortSignal.any([]));
      throw tooLong();
    });
    await expect(retryingSend(createThrottle(clock), clock)(() => send(ASK))).rejects.toThrow('too long');
    expect(asked).toHaveLength(2);
  });

  it('holds all requests back when one is refused', async () => {
    const clock = fakeClock();
    let refusals = 1;
    const { send, asked } = registryWith(() => {
      refusals -= 1;
      return refusals < 0 ? answerOf(200) : answerOf(429, '', { 'retry-after': '9' });
    });
    const steady = retryingSend(createThrottle(clock), clock);
    const answers = await Promise.all(Array.from({ length: 40 }, () => steady(() => send(ASK))));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(asked).toHaveLength(41);
    expect(clock.slept).toEqual([9]);
  });
});
