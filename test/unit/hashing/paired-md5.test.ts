import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPairedMd5 } from '../../../src/hashing/paired-md5.ts';
import type { HashedBlock, Md5Chain } from '../../../src/transfer/ports/hasher.ts';
import { randomContent } from '../../seed.ts';

const randomBytes = randomContent('paired MD5');

const NOTHING = Buffer.alloc(0);
const SLICE = 64 * 1024;

const md5Of = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const paired = createPairedMd5();

/** Links parts in order. */
function linkAll(parts: readonly Uint8Array[]): {
  readonly links: readonly HashedBlock[];
  readonly chain: Md5Chain | null;
} {
  const links: HashedBlock[] = [];
  for (const part of parts) links.push(paired.link(part, links.at(-1)?.chain ?? null));
  return { links, chain: links.at(-1)?.chain ?? null };
}

const wholeChunks = fc
  .integer({ min: 0, max: 12 })
  .chain((chunks) => fc.uint8Array({ minLength: chunks * 64, maxLength: chunks * 64 }));

describe('finish', () => {
  const edges = [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, SLICE - 1, SLICE, SLICE + 1, 3 * SLICE + 56];

  it.each(edges)('computes both MD5s of %i bytes', (length) => {
    const bytes = randomBytes(length);
    const before = randomBytes(192);
    const { chain } = paired.link(before, null);

    expect(paired.finish(bytes, null)).toEqual({ md5: md5Of(bytes), whole: md5Of(bytes) });
    expect(paired.finish(bytes, chain)).toEqual({ md5: md5Of(bytes), whole: md5Of(before, bytes) });
  });

  it('equals the result of Node for any bytes, divided anywhere', () => {
    fc.assert(
      fc.property(fc.array(wholeChunks, { maxLength: 6 }), fc.uint8Array({ maxLength: 300 }), (parts, last) => {
        const { links, chain } = linkAll(parts);

        expect(links.map(({ md5 }) => md5)).toEqual(parts.map((part) => md5Of(part)));
        expect(chain?.bytes ?? 0).toBe(parts.reduce((sum, { length }) => sum + length, 0));
        expect(paired.finish(last, chain)).toEqual({ md5: md5Of(last), whole: md5Of(...parts, last) });
      }),
      { numRuns: 300 },
    );
  });
});

describe('link', () => {
  it('hashes more bytes than one call of the kernel', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -2, max: 2 }), (slices, chunks) => {
        const bytes = randomContent(`${slices} slices, ${chunks} chunks`)(Math.max(0, slices * SLICE + chunks * 64));
        const { links, chain } = linkAll([bytes]);

        expect(links[0]?.md5).toEqual(md5Of(bytes));
        expect(paired.finish(NOTHING, chain).whole).toEqual(md5Of(bytes));
      }),
      { numRuns: 40 },
    );
  });

  it.each([1, 55, 63, 65, SLICE + 1])(
    'refuses %i bytes, which is not a whole number of chunks, and continues',
    (length) => {
      const bytes = randomBytes(128);

      expect(() => paired.link(randomBytes(length), null)).toThrow(`resumed after ${length} bytes`);
      expect(paired.link(bytes, null).md5).toEqual(md5Of(bytes));
    },
  );

  it('can be repeated with the same chain, and changes neither the chain nor the bytes', () => {
    const [first, second] = [randomBytes(640), randomBytes(6400)];
    const { chain } = paired.link(first, null);
    const kept = { bytes: 640, state: Buffer.from(chain.state) };
    const copy = Buffer.from(second);
    const wrong = paired.link(randomBytes(6400), chain);
    const right = paired.link(second, chain);

    expect([chain, second]).toEqual([kept, copy]);
    expect(wrong.chain.state).not.toEqual(right.chain.state);
    expect(paired.finish(NOTHING, right.chain).whole).toEqual(md5Of(first, second));
  });

  it('keeps the chains of many blobs separate', () => {
    const blobs = Array.from({ length: 5 }, () => [randomBytes(64), randomBytes(6400), randomBytes(77)] as const);
    const begun = blobs.map(([first]) => paired.link(first, null).chain);
    const gone = blobs.map(([, second], index) => paired.link(second, begun[index] ?? null).chain);

    expect(blobs.map(([, , last], index) => paired.finish(last, gone[index] ?? null).whole)).toEqual(
      blobs.map((parts) => md5Of(...parts)),
    );
  });
});

describe('the number of bytes', () => {
  // MD5 appends the length, so a chain with another number of bytes has another result.
  const COUNTS = [64, 64 + 2 ** 29, 64 + 2 ** 32, 64 + 2 ** 40, 2 ** 46];
  const chunk = Buffer.alloc(64, 1);
  const { state } = paired.link(chunk, null).chain;

  it('can exceed 32 bits', () => {
    // MD5 (RFC 1321, 3.2) appends 0x80, zeros, and the number of bits as 64 bits. This chunk is hashed manually.
    const last = (bytes: number): Buffer => {
      const padding = Buffer.alloc(64);
      padding[0] = 0x80;
      padding.writeBigUInt64LE(BigInt(bytes) * 8n, 56);
      return paired.link(padding, { bytes, state }).chain.state;
    };
    const ends = COUNTS.map((bytes) => paired.finish(NOTHING, { bytes, state }).whole);

    expect(ends).toEqual(COUNTS.map(last));
    expect(new Set(ends.map((end) => end.toString('hex'))).size).toBe(COUNTS.length);
  });

  it('of the block is separate', () => {
    const bytes = randomBytes(100);

    expect(COUNTS.map((count) => paired.finish(bytes, { bytes: count, state }).md5)).toEqual(
      COUNTS.map(() => md5Of(bytes)),
    );
  });

  it('increases with every link', () => {
    const { chain } = paired.link(chunk, { bytes: 2 ** 33, state });

    expect(chain.bytes).toBe(2 ** 33 + 64);
  });
});

it('hashes bytes in shared memory, also from its middle', () => {
  const memory = new Uint8Array(new SharedArrayBuffer(10_000));
  memory.set(randomBytes(10_000));
  const part = memory.subarray(13, 13 + 6400);

  expect(paired.link(part, null).md5).toEqual(md5Of(Buffer.from(part)));
  expect(paired.finish(memory, null).whole).toEqual(md5Of(Buffer.from(memory)));
});
