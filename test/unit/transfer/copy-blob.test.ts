import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { blockBytes, stageBlob, type StagedBlob } from '../../../src/transfer/copy-blob.ts';
import type { BlobContainer } from '../../../src/transfer/services.ts';
import { unlimited } from './clock.ts';
import { md5Of, memoryContainer, type MemoryContainer } from './container.ts';

const BLOCK = blockBytes(0);
const CONTENT = randomBytes(6 * BLOCK + 3);

function sourceWith(size: number): MemoryContainer {
  const source = memoryContainer('https://source/transfer');
  source.put('a.tar', CONTENT.subarray(0, size));
  return source;
}

interface Staging {
  /** What is read from instead of the source itself. */
  readonly reading?: BlobContainer;
  readonly signal?: AbortSignal;
  readonly onBytes?: (done: number) => void;
}

function stage(source: MemoryContainer, target: BlobContainer, staging: Staging = {}): Promise<StagedBlob> {
  const { reading = source, signal = unlimited(), onBytes = () => undefined } = staging;
  const facts = source.blobs.get('a.tar')?.facts;
  if (facts === undefined) throw new Error('a.tar is not there');
  return stageBlob(reading, target, 'a.tar', facts, { signal, onBytes });
}

/** Lets all work that is still under way come to its end. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 200; turns += 1) await turn();
}

describe('blockBytes', () => {
  it.each([
    { name: 'an empty blob', size: 0 },
    { name: '1 TiB', size: 1024 ** 4 },
    { name: 'the largest block blob', size: 50_000 * 4000 * 1024 ** 2 },
    { name: 'a size that is no multiple', size: 50_000 * BLOCK + 1 },
  ])('keeps $name within 50,000 blocks of at most 4,000 MiB', ({ size }) => {
    expect(Math.ceil(size / blockBytes(size))).toBeLessThanOrEqual(50_000);
    expect(blockBytes(size)).toBeLessThanOrEqual(4000 * 1024 ** 2);
  });
});

describe('stageBlob', () => {
  it.each([
    { name: 'nothing', size: 0, blocks: 0 },
    { name: 'one byte', size: 1, blocks: 1 },
    { name: 'a block less one byte', size: BLOCK - 1, blocks: 1 },
    { name: 'a block', size: BLOCK, blocks: 1 },
    { name: 'a block and one byte', size: BLOCK + 1, blocks: 2 },
    { name: 'more blocks than travel together', size: 6 * BLOCK + 3, blocks: 7 },
  ])('copies $name bit for bit', async ({ size, blocks }) => {
    const target = memoryContainer('https://target/transfer');
    const staged = await stage(sourceWith(size), target);
    await target.commit('a.tar', staged.blockIds, { md5: staged.md5, contentType: 'x', metadata: {} });

    expect(staged.blockIds).toHaveLength(blocks);
    expect(staged.md5).toBe(md5Of(CONTENT.subarray(0, size)));
    expect(target.blobs.get('a.tar')?.bytes.equals(CONTENT.subarray(0, size))).toBe(true);
  });

  it('hashes in order, whatever the order in which ranges come in', async () => {
    const source = sourceWith(6 * BLOCK + 3);
    const late: BlobContainer = {
      ...source,
      read: async (blob, range, into, signal) => {
        // The first of every four comes last.
        for (let turns = 0; turns < 20 - 5 * ((range.offset / BLOCK) % 4); turns += 1) await turn();
        await source.read(blob, range, into, signal);
      },
    };

    expect((await stage(source, memoryContainer('https://target/t'), { reading: late })).md5).toBe(md5Of(CONTENT));
  });

  it('names blocks with ids of one length, in order', async () => {
    const { blockIds } = await stage(sourceWith(3 * BLOCK), memoryContainer('https://target/transfer'));

    expect(blockIds).toEqual([...blockIds].sort());
    expect(new Set(blockIds.map((id) => id.length)).size).toBe(1);
  });

  it('tells how much has arrived, up to the whole', async () => {
    const done: number[] = [];
    await stage(sourceWith(2 * BLOCK + 5), memoryContainer('https://t/t'), { onBytes: (bytes) => done.push(bytes) });

    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect([done.length, done.at(-1)]).toEqual([3, 2 * BLOCK + 5]);
  });

  it('keeps four blocks in flight, and borrows memory for no more', async () => {
    const source = sourceWith(6 * BLOCK + 3);
    const memory = new Set<ArrayBufferLike>();
    const reading: BlobContainer = {
      ...source,
      read: (blob, range, into, signal) => {
        memory.add(into.buffer);
        return source.read(blob, range, into, signal);
      },
    };
    await stage(source, memoryContainer('https://target/transfer'), { reading });

    expect([source.mostReadsAtATime(), memory.size]).toEqual([4, 4]);
  });

  it('notices a source that is written meanwhile', async () => {
    const source = sourceWith(6 * BLOCK);
    const reading: BlobContainer = {
      ...source,
      read: async (blob, range, into, signal) => {
        await source.read(blob, range, into, signal);
        if (range.offset === BLOCK) source.put('a.tar', randomBytes(6 * BLOCK));
      },
    };
    const staged = stage(source, memoryContainer('https://target/transfer'), { reading });

    await expect(staged).rejects.toHaveProperty('facts.id', 'ACRT5003');
  });

  it.each([
    { name: 'a read', failing: 'read' },
    { name: 'a block on its way up', failing: 'stage' },
  ] as const)('tells the first error of $name, and asks for nothing more', async ({ failing }) => {
    const source = sourceWith(6 * BLOCK);
    const target = memoryContainer('https://target/transfer');
    let failures = 0;
    const once = (): Promise<never> => {
      failures += 1;
      return Promise.reject(new Error(`error ${failures}`));
    };
    const staged = stage(source, failing === 'stage' ? { ...target, stage: once } : target, {
      reading: failing === 'read' ? { ...source, read: once } : source,
    });

    await expect(staged).rejects.toThrow('error 1');
    await settle();
    const asked = failing === 'read' ? failures : source.calls.length;
    expect(asked).toBeLessThanOrEqual(4);
    expect(target.calls).not.toContain('commit a.tar');
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    const onBytes = (): void => {
      controller.abort(new Error('the time limit'));
    };
    const target = memoryContainer('https://target/transfer');
    const staged = stage(sourceWith(6 * BLOCK), target, { signal: controller.signal, onBytes });

    await expect(staged).rejects.toThrow('the time limit');
  });
});
