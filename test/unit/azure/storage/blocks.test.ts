import type { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { ContainerClient } from '@azure/storage-blob';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { stageBlock } from '../../../../src/azure/storage/blocks.ts';

const MIB = 1024 * 1024;

/** A container that receives one piece of a block per interval, and stalls after this many pieces. */
const receiving = (intervalSeconds: number, pieces: number): ContainerClient =>
  ({
    url: 'https://a.example/c',
    getBlockBlobClient: () => ({
      stageBlock: async (_id: string, body: () => Readable, _length: number, options: { abortSignal: AbortSignal }) => {
        let received = 0;
        for await (const _ of body()) {
          received += 1;
          if (received > pieces) break;
          jest.advanceTimersByTime(intervalSeconds * 1000);
          await turn();
          options.abortSignal.throwIfAborted();
        }
        if (received <= pieces) return;
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

describe('stageBlock', () => {
  it('has no total time limit while pieces are sent', async () => {
    await stage(receiving(50, 100));
  });

  it('ends a stalled request', async () => {
    await expect(stage(receiving(1, 4))).rejects.toMatchObject({
      facts: { id: 'ACRT2005', message: expect.stringContaining('no progress for 60 s') },
      temporary: { throttled: false },
    });
  });
});
