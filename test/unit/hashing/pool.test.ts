import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHasher } from '../../../src/hashing/pool.ts';
import type { HashedBlock, Hasher, Md5Chain } from '../../../src/transfer/ports/hasher.ts';
import { randomContent } from '../../seed.ts';

const randomBytes = randomContent('hashing pool');

const run = promisify(execFile);
const md5Of = (bytes: Buffer): Buffer => createHash('md5').update(bytes).digest();

const hashing = createHasher(2);
const later = createHasher(2);

afterAll(() => {
  hashing.close();
  later.close();
});

function shared(bytes: Buffer, { allocate }: Hasher = hashing): Buffer {
  const memory = allocate(bytes.length);
  memory.set(bytes);
  return memory;
}

describe('createHasher', () => {
  it.each([0, 1, 63, 64, 65, 65_535, 65_536, 65_537, 5_000_003])('computes the MD5 of %i bytes', async (size) => {
    const bytes = randomBytes(size);
    expect(await hashing.md5(shared(bytes))).toEqual(md5Of(bytes));
    expect(await hashing.finish(shared(bytes), null)).toEqual({ md5: md5Of(bytes), whole: md5Of(bytes) });
  });

  it('resumes the MD5 of a blob at any multiple of 64, also in another process', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }),
        fc.integer({ min: 0, max: 3000 }),
        fc.infiniteStream(fc.boolean()),
        async (chunks, tail, elsewhere) => {
          const content = randomContent(`${chunks.join(', ')}, ${tail}`);
          const parts = chunks.map((count) => content(count * 64));
          const last = content(tail);
          let chain: Md5Chain | null = null;
          for (const part of parts) {
            const at = elsewhere.next().value ? hashing : later;
            const linked: HashedBlock = await at.link(shared(part, at), chain);
            expect(linked.md5).toEqual(md5Of(part));
            // The part that a block id contains.
            const { bytes, state } = linked.chain;
            chain = { bytes, state: Buffer.from(state.toString('base64'), 'base64') };
          }
          expect(await later.finish(shared(last, later), chain)).toEqual({
            md5: md5Of(last),
            whole: md5Of(Buffer.concat([...parts, last])),
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('hashes many blocks concurrently, each with its own response', async () => {
    const blocks = Array.from({ length: 40 }, () => randomBytes(70_000));
    const hashes = await Promise.all(blocks.map((block) => hashing.md5(shared(block))));
    expect(hashes).toEqual(blocks.map(md5Of));
  });

  it('hashes a part of a larger buffer, with its current content', async () => {
    const memory = hashing.allocate(300_000);
    randomBytes(300_000).copy(memory);
    expect(await hashing.md5(memory.subarray(1000, 200_000))).toEqual(
      md5Of(Buffer.from(memory.subarray(1000, 200_000))),
    );
  });

  it('fails if a block is not a whole number of chunks, and continues', async () => {
    await expect(hashing.link(shared(randomBytes(70_001)), null)).rejects.toThrow('resumed after 70001 bytes');
    const bytes = randomBytes(70_000);
    expect(await hashing.md5(shared(bytes))).toEqual(md5Of(bytes));
  });

  describe('the number of its threads', () => {
    const LARGE = 100_000;
    let threads: number;
    let counted: Hasher;
    const hash = async (count: number, bytes = LARGE): Promise<void> => {
      await Promise.all(Array.from({ length: count }, () => counted.md5(shared(Buffer.alloc(bytes), counted))));
    };

    beforeEach(() => {
      threads = 0;
      counted = createHasher(2, () => {
        threads += 1;
      });
    });

    afterEach(() => {
      counted.close();
    });

    it('stays one while that thread is idle', async () => {
      for (let turn = 0; turn < 3; turn += 1) await hash(1);
      expect(threads).toBe(1);
    });

    it('grows with concurrent requests, up to its limit', async () => {
      await hash(2);
      expect(threads).toBe(2);
      await hash(5);
      expect(threads).toBe(2);
    });

    it('is zero for small blocks, whether hashed or expected', async () => {
      counted.expect(65_535);
      await hash(3, 65_535);
      expect(threads).toBe(0);
      await hash(1, 65_536);
      expect(threads).toBe(1);
    });

    it('is one after large blocks are expected, and stays one', async () => {
      counted.expect(65_536);
      counted.expect(LARGE);
      expect(threads).toBe(1);
      await hash(1);
      expect(threads).toBe(1);
    });

    it('stays zero after close', () => {
      counted.close();
      counted.expect(LARGE);
      expect(threads).toBe(0);
    });
  });

  it('rejects requests before and after close', async () => {
    const ended = createHasher(1);
    const bytes = shared(randomBytes(100_000), ended);
    const asked = ended.md5(bytes);
    ended.close();
    await expect(asked).rejects.toThrow('has ended');
    await expect(ended.md5(bytes)).rejects.toThrow('The hasher is closed');
  });

  it('keeps the process alive until the response, and no longer', async () => {
    const pool = new URL('../../../src/hashing/pool.ts', import.meta.url).href;
    // Nothing is closed here, and nothing else keeps the process alive.
    const script = `
      const { createHasher } = await import('${pool}');
      const hashing = createHasher(2);
      const { chain } = await hashing.link(hashing.allocate(1 << 20).fill('a'), null);
      console.log((await hashing.finish(Buffer.alloc(0), chain)).whole.toString('hex'));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
    expect(stdout.trim()).toBe(md5Of(Buffer.alloc(1 << 20, 'a')).toString('hex'));
  });
});
