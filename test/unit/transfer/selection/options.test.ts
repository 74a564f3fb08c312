import { describe, expect, it } from '@jest/globals';
import { readOptionValue } from '../../../../src/transfer/selection/options.ts';

const DAY = 24 * 3600;

describe('readOptionValue', () => {
  it.each([
    { text: '1', newest: 1 },
    { text: '9999', newest: 9999 },
    { text: '10000', newest: 10_000 },
  ])('reads newest=$text', ({ text, newest }) => {
    expect(readOptionValue('newest', text)).toEqual({ ok: true, value: { newest } });
  });

  it.each(['0', '10001', '99999', '100000', '1.5', '-1', '05', 'x'])('rejects newest=%s', (text) => {
    expect(readOptionValue('newest', text)).toEqual({ ok: false, problem: expect.stringContaining('from 1 to 10000') });
  });

  it.each([
    { text: '1h', seconds: 3600 },
    { text: '30d', seconds: 30 * DAY },
    { text: '99999w', seconds: 99_999 * 7 * DAY },
  ])('reads pushed-within=$text', ({ text, seconds }) => {
    expect(readOptionValue('pushed-within', text)).toEqual({ ok: true, value: { pushedWithinSeconds: seconds } });
  });

  it.each(['0d', '30', 'd', '30m', '30D', '1.5h', '100000h'])('rejects pushed-within=%s', (text) => {
    expect(readOptionValue('pushed-within', text)).toEqual({
      ok: false,
      problem: expect.stringContaining('is not a duration'),
    });
  });

  it('reads a range of versions', () => {
    const parsed = readOptionValue('semver', '>=1.2,<2');
    if (!parsed.ok) throw new Error(parsed.problem);
    const { semver } = parsed.value;
    expect(semver?.text).toBe('>=1.2,<2');
    expect(['1.1.9', '1.2.0', '1.9.9', '2.0.0', 'latest'].filter((tag) => semver?.matches(tag))).toEqual([
      '1.2.0',
      '1.9.9',
    ]);
  });

  it('rejects a text that is not a range', () => {
    expect(readOptionValue('semver', 'one')).toEqual({
      ok: false,
      problem: expect.stringContaining('not a range of versions'),
    });
  });

  it.each(['semver', 'newest', 'pushed-within'] as const)('rejects %s without a value, or in quotes', (key) => {
    expect(readOptionValue(key, '')).toEqual({ ok: false, problem: expect.stringContaining('needs a value') });
    for (const quoted of ['"5"', "'5", '5`']) {
      expect(readOptionValue(key, quoted)).toEqual({ ok: false, problem: expect.stringContaining('without quotes') });
    }
  });
});
