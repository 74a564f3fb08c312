import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openHashing } from '../../../src/hashing/pool.ts';
import { openChainedMd5 } from '../../../src/hashing/md5-chain.ts';
import type { Hashing, Md5Chain } from '../../../src/transfer/hashing.ts';

const run = promisify(execFile);
const md5Of = (bytes: Buffer): Buffer => createHash('md5').update(bytes).digest();

const hashing = openHashing(2);
const later = openHashing(2);

afterAll(() => {
  hashing.close();
  later.close();
});

function shared(bytes: Buffer, { allocate }: Hashing = hashing): Buffer {
  const memory = allocate(bytes.length);
  memory.set(bytes);
  return memory;
}

describe('openHashing', () => {
  it.each([0, 1, 63, 64, 65, 65_535, 65_536, 65_537, 5_000_003])('computes the MD5 of %i bytes', async (size) => {
    const bytes = randomBytes(size);
    expect(await hashing.md5(shared(bytes))).toEqual(md5Of(bytes));
    expect(await hashing.finish(shared(bytes), null)).toEqual(md5Of(bytes));
  });

  it('goes on with the MD5 of a blob, cut anywhere at a multiple of 64, also in another process', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }),
        fc.integer({ min: 0, max: 3000 }),
        fc.infiniteStream(fc.boolean()),
        async (chunks, tail, elsewhere) => {
          const parts = chunks.map((count) => randomBytes(count * 64));
          const last = randomBytes(tail);
          let chain: Md5Chain | null = null;
          for (const part of parts) {
            const at = elsewhere.next().value ? hashing : later;
            const link: Md5Chain = await at.link(shared(part, at), chain);
            // What an id keeps of it.
            chain = { bytes: link.bytes, state: Buffer.from(link.state.toString('base64'), 'base64') };
          }
          expect(await later.finish(shared(last, later), chain)).toEqual(md5Of(Buffer.concat([...parts, last])));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('hashes many blocks at once, each with its own answer', async () => {
    const blocks = Array.from({ length: 40 }, () => randomBytes(70_000));
    const hashes = await Promise.all(blocks.map((block) => hashing.md5(shared(block))));
    expect(hashes).toEqual(blocks.map(md5Of));
  });

  it('sees a part of a larger memory, as it is when it is hashed', async () => {
    const memory = hashing.allocate(300_000);
    randomBytes(300_000).copy(memory);
    expect(await hashing.md5(memory.subarray(1000, 200_000))).toEqual(
      md5Of(Buffer.from(memory.subarray(1000, 200_000))),
    );
  });

  it('says that a blob cannot be cut inside of a chunk, and goes on', async () => {
    await expect(hashing.link(shared(randomBytes(70_001)), null)).rejects.toThrow('cut after 70001 bytes');
    const bytes = randomBytes(70_000);
    expect(await hashing.md5(shared(bytes))).toEqual(md5Of(bytes));
  });

  it('rejects what is asked of threads that were ended, before and after', async () => {
    const ended = openHashing(1);
    const bytes = shared(randomBytes(100_000), ended);
    const asked = ended.md5(bytes);
    ended.close();
    await expect(asked).rejects.toThrow('has ended');
    await expect(ended.md5(bytes)).rejects.toThrow('have ended');
  });

  it('keeps the process until the answer is there, and no longer', async () => {
    const pool = new URL('../../../src/hashing/pool.ts', import.meta.url).href;
    // Nothing is closed here, and nothing else keeps the process.
    const script = `
      const { openHashing } = await import('${pool}');
      const hashing = openHashing(2);
      const chain = await hashing.link(hashing.allocate(1 << 20).fill('a'), null);
      console.log((await hashing.finish(Buffer.alloc(0), chain)).toString('hex'));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
    expect(stdout.trim()).toBe(md5Of(Buffer.alloc(1 << 20, 'a')).toString('hex'));
  });
});

describe('openChainedMd5', () => {
  it('counts bytes beyond 32 bits', async () => {
    // The length that MD5 appends is all that differs: a chain that says it has come 2^29 bytes further has another end.
    const md5 = await openChainedMd5();
    const chunk = Buffer.alloc(64, 1);
    const { state } = md5.link(chunk, null);
    const ends = [64, 64 + 2 ** 29, 64 + 2 ** 32, 64 + 2 ** 40].map((bytes) =>
      md5.finish(Buffer.alloc(0), { bytes, state }).toString('hex'),
    );
    expect(new Set(ends).size).toBe(ends.length);
    // MD5 (RFC 1321, 3.2) appends 0x80, zeros, and the count of bits as 64 bits: that chunk, hashed by hand.
    const last = (bytes: number): string => {
      const padding = Buffer.alloc(64);
      padding[0] = 0x80;
      padding.writeBigUInt64LE(BigInt(bytes) * 8n, 56);
      return md5.link(padding, { bytes, state }).state.toString('hex');
    };
    expect(ends).toEqual([64, 64 + 2 ** 29, 64 + 2 ** 32, 64 + 2 ** 40].map(last));
  });
});
