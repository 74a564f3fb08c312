import type { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { ContainerClient } from '@azure/storage-blob';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { stageBlock } from '../../../../src/azure/storage/blocks.ts';

const MIB = 1024 * 1024;

/** A container that takes a piece of a block every so many seconds, and stops for ever after some. */
const taking = (seconds: number, pieces: number): ContainerClient =>
  ({
    url: 'https://a.example/c',
    getBlockBlobClient: () => ({
      stageBlock: async (_id: string, body: () => Readable, _length: number, options: { abortSignal: AbortSignal }) => {
        let taken = 0;
        for await (const _ of body()) {
          taken += 1;
          if (taken > pieces) break;
          jest.advanceTimersByTime(seconds * 1000);
          await turn();
          options.abortSignal.throwIfAborted();
        }
        if (taken <= pieces) return;
        jest.advanceTimersByTime(600_000);
        options.abortSignal.throwIfAborted();
      },
    }),
  }) as unknown as ContainerClient;

const stage = (client: ContainerClient): Promise<void> => {
  const block = { id: 'YQ==', offset: 0, bytes: Buffer.alloc(4 * MIB), md5: '' };
  return stageBlock(client, 'b.tar', block, new AbortController().signal);
};

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a block on its way up', () => {
  it('may take as long as it likes while something moves', async () => {
    await stage(taking(50, 100));
  });

  it('is ended when nothing moves', async () => {
    await expect(stage(taking(1, 4))).rejects.toMatchObject({
      facts: { id: 'ACRT2005', message: expect.stringContaining('nothing has moved for 60 s') },
      temporary: { throttled: false },
    });
  });
});
