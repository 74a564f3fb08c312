/** Blocks of an earlier attempt are reused only if they have the expected size. */
import { describe, expect, it } from '@jest/globals';
import { pulledBlockId } from '../../../../src/transfer/model/block-id.ts';
import type { BlobContainer, DirectCopy } from '../../../../src/transfer/ports/blob-container.ts';
import { troubled, type Call } from '../ports/faulty-container.fixture.ts';
import { BLOCK, CONTENT, expectedOf, scene, type Scene } from './copy-blob.fixture.ts';

const EXPECTED = expectedOf(CONTENT);
const LAST = Math.floor(CONTENT.length / BLOCK);

/** An attempt that has uploaded all blocks, and was killed before the commit. */
async function broughtAll(): Promise<Scene> {
  const made = scene({ at: { bytes: CONTENT } });
  const before = ({ kind }: Call): void => {
    if (kind === 'commit') throw new Error('killed');
  };
  await expect(made.handOff(EXPECTED, { containers: { target: troubled(made.target, { before }) } })).rejects.toThrow();
  return made;
}

/** Index of a block, from the four bytes of its id after method and tag. */
const indexOf = (id: string): number => Buffer.from(id, 'base64').readUInt32BE(9);

/** A target where one uploaded block has another size. */
const withSize = (target: BlobContainer, index: number, size: number): BlobContainer => ({
  ...target,
  arrived: async (name) =>
    (await target.arrived(name)).map((block) => (indexOf(block.id) === index ? { ...block, size } : block)),
});

describe('a block that passed through the runner', () => {
  it('is used if it has its size', async () => {
    const { target, handOff } = await broughtAll();
    const last = CONTENT.length - LAST * BLOCK;
    const { handoff } = await handOff(EXPECTED, { containers: { target: withSize(target, LAST, last) } });
    expect(handoff).toMatchObject({ reused: CONTENT.length, bytes: 0 });
  });

  it.each([
    { name: 'the first, shorter', index: 0, size: BLOCK - 1 },
    { name: 'the first, longer', index: 0, size: BLOCK + 1 },
    { name: 'one in the middle, shorter', index: 5, size: BLOCK - 1 },
    { name: 'one in the middle, empty', index: 5, size: 0 },
    { name: 'the last, as long as the others', index: LAST, size: BLOCK },
    { name: 'the last, shorter', index: LAST, size: 1 },
  ])('is copied again if it has another size: $name', async ({ index, size }) => {
    const { source, target, arrived, handOff } = await broughtAll();
    const reads = source.calls.length;
    const { handoff } = await handOff(EXPECTED, { containers: { target: withSize(target, index, size) } });
    const reused = index * BLOCK;
    expect(handoff).toMatchObject({ reused, bytes: CONTENT.length - reused });
    expect(source.calls.slice(reads).filter((call) => call.startsWith('read'))).toHaveLength(LAST + 1 - index);
    expect(arrived()?.equals(CONTENT)).toBe(true);
  });
});

const MIB = 1024 ** 2;
const PULLED = 16 * MIB;
/** One byte more than the maximum size of a blob in one block. */
const SIZE = 256 * MIB + 1;

/** Offsets of the blocks that are fetched again although all are uploaded, the third of them with this size. Keeps no bytes. */
async function fetchedAgain(size: number): Promise<{ readonly offsets: readonly number[]; readonly handoff: unknown }> {
  const facts = { size: SIZE, md5: EXPECTED.md5 };
  const { source, target, handOff } = scene({ at: { bytes: CONTENT, facts }, part: { method: 'server' }, reach: true });
  const family = { method: 'server', etag: source.blobs.get('a.tar')?.facts.etag ?? '', blockBytes: PULLED } as const;
  const blocks = Array.from({ length: 17 }, (_, index) => ({
    id: pulledBlockId(family, index),
    size: index === 16 ? 1 : index === 2 ? size : PULLED,
  }));
  const offsets: number[] = [];
  const { direct } = target;
  const pull: DirectCopy['pull'] = (_, { offset }) => {
    offsets.push(offset);
    return Promise.resolve();
  };
  const light: BlobContainer = {
    ...target,
    direct: direct && { ...direct, pull },
    arrived: () => Promise.resolve(blocks),
    // The bytes of the blob don't exist, so they can't be hashed.
    computesMd5: true,
    commit: () => Promise.resolve('"committed"'),
  };
  const { handoff } = await handOff(null, { containers: { target: light } });
  return { offsets, handoff };
}

describe('a block that the target fetched', () => {
  it('is used if it has its size', async () => {
    expect(await fetchedAgain(PULLED)).toMatchObject({ offsets: [], handoff: { reused: SIZE, bytes: 0 } });
  });

  it.each([0, 1, PULLED - 1, PULLED + 1])('is fetched again if it has another size: %d', async (size) => {
    const handoff = { reused: SIZE - PULLED, bytes: PULLED };
    expect(await fetchedAgain(size)).toMatchObject({ offsets: [2 * PULLED], handoff });
  });
});

describe('a block of a streamed blob', () => {
  it('is hashed once if its range is checked', async () => {
    const bytes = Buffer.alloc(4 * 1024 * 1024, 1);
    const { handOff, hashing } = scene({ at: { bytes }, part: { bandwidth: null } });

    expect(await handOff(expectedOf(bytes))).toMatchObject({ handoff: { bytes: bytes.length, method: 'stream' } });
    expect(hashing.hashed()).toBe(bytes.length);
  });
});
