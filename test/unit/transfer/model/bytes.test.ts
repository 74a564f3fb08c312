import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { formatBytes, parseSize } from '../../../../src/transfer/model/bytes.ts';

describe('parseSize', () => {
  it.each([
    { text: '1048576', bytes: 1_048_576 },
    { text: '100B', bytes: 100 },
    { text: '1kB', bytes: 1000 },
    { text: '1KiB', bytes: 1024 },
    { text: '650MB', bytes: 650_000_000 },
    { text: '4.7 GB', bytes: 4_700_000_000 },
    { text: '4GiB', bytes: 4 * 1024 ** 3 },
    { text: '4gib', bytes: 4 * 1024 ** 3 },
    { text: '1TB', bytes: 1e12 },
  ])('parses $text', ({ text, bytes }) => {
    expect(parseSize(text)).toEqual({ ok: true, value: bytes });
  });

  it.each(['', '0', '0.1B', '-1', '1e9', '4 G', '4Gi', 'GB', '4,7GB', '1PB', '9999999TiB', '4GB/s', '1 2'])(
    'refuses %j',
    (text) => {
      expect(parseSize(text)).toEqual({ ok: false, problem: 'use a size such as 4GiB, 4.7GB or 650MB' });
    },
  );

  it('parses formatted sizes within the shown precision', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1024 ** 4 }), (bytes) => {
        const parsed = parseSize(formatBytes(bytes));

        expect(parsed.ok && Math.abs(parsed.value - bytes) / bytes).toBeLessThan(0.06);
      }),
    );
  });
});
