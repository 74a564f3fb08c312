import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { blockBytes, blockSpans } from '../../../../src/transfer/handoff/block-plan.ts';

const MIB = 1024 ** 2;
const MOST = { stream: 50_000 * 40 * MIB, server: 50_000 * 4000 * MIB };
const METHODS = ['stream', 'server'] as const;

describe.each(METHODS)('blocks of method %s', (method) => {
  const most = method === 'stream' ? 40 * MIB : 4000 * MIB;
  const size = fc.oneof(
    fc.nat(1024 * MIB),
    fc.nat({ max: 2 ** 31 - 1 }).map((part) => Math.floor((part / 2 ** 31) * MOST[method])),
  );
  const bandwidth = fc.option(fc.integer({ min: 16 * 1024, max: 1024 * MIB }));

  it('are at most 50,000, none too large, and whole chunks of MD5, for every size and bandwidth', () => {
    fc.assert(
      fc.property(size, bandwidth, (bytes, line) => {
        const block = blockBytes('a.tar', bytes, method, line);

        expect(block % 64).toBe(0);
        expect(block).toBeLessThanOrEqual(most);
        if (bytes > 0) expect(Math.ceil(bytes / block)).toBeLessThanOrEqual(50_000);
      }),
    );
  });

  it('hold the largest blob, and no larger one', () => {
    expect(blockBytes('a.tar', MOST[method], method, null)).toBe(most);
    expect(() => blockBytes('a.tar', MOST[method] + 1, method, null)).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ id: 'ACRT5012' }) }),
    );
  });

  it.each([1024, 16 * 1024, 10 ** 6, 4 * MIB, 10 ** 9])(
    'hold it also with a bandwidth of %i bytes per second',
    (line) => {
      expect(blockBytes('a.tar', MOST[method], method, line)).toBe(most);
    },
  );
});

describe('blockBytes', () => {
  it.each([
    { name: 'a range that is checked', size: 1024 * MIB, line: null, expected: 4 * MIB },
    { name: 'about a second of a low bandwidth', size: 1024 * MIB, line: MIB, expected: MIB },
    { name: 'not too small for the lowest bandwidth', size: 1024 * MIB, line: 1, expected: 256 * 1024 },
    { name: 'not larger for a high bandwidth', size: 1024 * MIB, line: 10 ** 9, expected: 4 * MIB },
  ])('through the runner is $name', ({ size, line, expected }) => {
    expect(blockBytes('a.tar', size, 'stream', line)).toBe(expected);
  });

  it.each([
    { size: 1, blocks: 1 },
    { size: 256 * MIB, blocks: 1 },
    { size: 256 * MIB + 1, blocks: 17 },
  ])('divides $size bytes into $blocks blocks from storage to storage', ({ size, blocks }) => {
    expect(blockSpans(size, blockBytes('a.tar', size, 'server', null))).toHaveLength(blocks);
  });
});

describe('blockSpans', () => {
  it('divides a blob without gaps, all blocks except the last of the same size', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.integer({ min: 64, max: 512 }), (size, bytes) => {
        const spans = blockSpans(size, bytes);
        let end = 0;
        for (const [index, span] of spans.entries()) {
          expect(span).toMatchObject({ index, offset: end });
          if (index < spans.length - 1) expect(span.size).toBe(bytes);
          expect(span.size).toBeGreaterThan(0);
          end += span.size;
        }

        expect(end).toBe(size);
      }),
    );
  });
});
