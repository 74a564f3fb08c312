import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  blockId,
  blockMd5,
  pulledBlockId,
  readBlockId,
  type BlockSource,
} from '../../../../src/transfer/model/block-id.ts';

const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes));
const mark = fc.record({ index: fc.nat(49_999), md5: sixteen, state: sixteen });
const source: fc.Arbitrary<BlockSource> = fc.record({
  method: fc.constantFrom('stream' as const, 'server' as const),
  etag: fc.string(),
  blockBytes: fc.integer({ min: 1, max: 4000 * 1024 ** 2 }),
});

describe('a block ID', () => {
  it('can be decoded with its own source only', () => {
    fc.assert(
      fc.property(source, source, mark, (own, other, block) => {
        const same = own.method === other.method && own.etag === other.etag && own.blockBytes === other.blockBytes;

        expect(readBlockId(own, blockId(own, block))).toEqual(block);
        expect(readBlockId(other, blockId(own, block))).toEqual(same ? block : null);
      }),
    );
  });

  it.each([
    { name: 'another version', other: { method: 'stream', etag: '"2"', blockBytes: 64 } },
    { name: 'another block size', other: { method: 'stream', etag: '"1"', blockBytes: 128 } },
    { name: 'another method', other: { method: 'server', etag: '"1"', blockBytes: 64 } },
  ] as const)('is not decoded with $name', ({ other }) => {
    const id = blockId({ method: 'stream', etag: '"1"', blockBytes: 64 }, MARK);

    expect(readBlockId(other, id)).toBeNull();
  });

  it('has the same length for all blocks, at most 64 bytes', () => {
    fc.assert(
      fc.property(source, mark, (own, block) => {
        const ids = [blockId(own, block), pulledBlockId(own, block.index)];

        expect(ids.map((id) => Buffer.from(id, 'base64').length)).toEqual([45, 45]);
        expect(ids.every((id) => id.length <= 64 && /^[A-Za-z0-9+/]+$/.test(id))).toBe(true);
      }),
    );
  });

  it('contains the MD5 of a block that was copied through the runner', () => {
    const own = { etag: '"1"', blockBytes: 64 };

    expect(blockMd5(blockId({ method: 'stream', ...own }, MARK))).toEqual(MARK.md5);
    expect(blockMd5(pulledBlockId({ method: 'server', ...own }, 3))).toBeNull();
  });

  it('of another tool is not decoded', () => {
    const own = { method: 'stream', etag: '"1"', blockBytes: 64 } as const;
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String({ minLength: 60, maxLength: 60 })), (id) => {
        expect(readBlockId(own, id)).toBeNull();
      }),
    );
    expect(blockMd5('YXpjb3B5')).toBeNull();
  });

  it.each([
    { name: 'too long', change: (id: string) => `${id}AAAA` },
    { name: 'without canonical base64', change: (id: string) => `${id.slice(0, 4)}\n${id.slice(4)}` },
    { name: 'too short', change: (id: string) => id.slice(0, -4) },
  ])('that is $name is not decoded', ({ change }) => {
    const own = { method: 'stream', etag: '"1"', blockBytes: 64 } as const;
    const id = change(blockId(own, MARK));

    expect([readBlockId(own, id), blockMd5(id)]).toEqual([null, null]);
  });
});

const MARK = { index: 7, md5: Buffer.alloc(16, 1), state: Buffer.alloc(16, 2) };
