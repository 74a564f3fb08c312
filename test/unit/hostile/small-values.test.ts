import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatBytes, parseSize } from '../../../src/transfer/model/bytes.ts';
import { readSas } from '../../../src/transfer/model/sas.ts';
import { formatShard, parseShard } from '../../../src/transfer/model/shard.ts';
import { hostileText, LONG, repeatedText } from './texts.fixture.ts';

const nearly = (...parts: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.oneof(fc.constantFrom(...parts), hostileText), { maxLength: 8 }).map((texts) => texts.join(''));

describe('a hostile size', () => {
  it('is a number of bytes that can be counted, or a problem', () => {
    fc.assert(
      fc.property(nearly('9', '0', '.', ' ', 'k', 'g', 'T', 'i', 'B', 'b', '-', 'e9', 'Infinity', '٣'), (text) => {
        const parsed = parseSize(text);

        if ('value' in parsed) expect(Number.isSafeInteger(parsed.value) && parsed.value > 0).toBe(true);
        else expect(parsed.problem.length).toBeLessThan(100);
      }),
      { numRuns: 1000 },
    );
  });

  it('has only a few characters for any number', () => {
    fc.assert(
      fc.property(fc.double(), (bytes) => {
        // The largest of all, as a number of PiB.
        expect(formatBytes(bytes).length).toBeLessThan(30);
      }),
    );
  });
});

describe('a hostile shard', () => {
  it('is one of several, or a problem', () => {
    fc.assert(
      fc.property(nearly('1', '2', '0', '/', '256', '999', '-', ' ', '٣'), (text) => {
        const parsed = parseShard(text);
        if ('problem' in parsed) return;

        const { number, of } = parsed.value;
        expect(number >= 1 && number <= of && of <= 256).toBe(true);
        expect(parseShard(formatShard(parsed.value))).toEqual(parsed);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a hostile SAS', () => {
  const SIGNATURE = 'c2lnbmF0dXJl';
  const field = fc.oneof(
    hostileText,
    fc.constantFrom('sv=1', 'se=', 'st=2026-01-01', 'sp=rl', 'sr=c', 'srt=co', '%', '?'),
  );
  const fields = fc.array(field, { maxLength: 6 });

  it('is logged without its signature', () => {
    fc.assert(
      fc.property(fields, fields, (before, after) => {
        const sas = readSas([...before, `sig=${SIGNATURE}`, ...after].join('&'));

        expect(JSON.stringify(sas)).not.toContain(SIGNATURE);
        expect([sas?.startsAt, sas?.expiresAt].filter((time) => Number.isNaN(time))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('is invalid without a signature', () => {
    fc.assert(
      fc.property(fields, (given) => {
        expect(readSas(given.join('&'))).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('long texts of one part over and over', () => {
  it('are read in one request', () => {
    fc.assert(
      fc.property(repeatedText(LONG), fc.constantFrom('', '1', '9'.repeat(1000), '1/'), (text, start) => {
        expect(parseSize(start + text)).toBeDefined();
        expect(parseShard(start + text)).toHaveProperty('problem');
        expect(readSas(start + text)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });
});
