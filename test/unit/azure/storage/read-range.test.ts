import { Readable } from 'node:stream';
import type { ContainerClient } from '@azure/storage-blob';
import { describe, expect, it } from '@jest/globals';
import { readRange } from '../../../../src/azure/storage/read-range.ts';

/** A container that returns these bytes for every range. */
const returning = (...chunks: readonly Buffer[]): ContainerClient =>
  ({
    url: 'https://a.example/c',
    getBlobClient: () => ({ download: () => Promise.resolve({ readableStreamBody: Readable.from(chunks) }) }),
  }) as unknown as ContainerClient;

const read = (client: ContainerClient, into: Buffer): Promise<string | null> =>
  readRange(client, 'b.tar', { offset: 0, etag: '"1"' }, into, new AbortController().signal);

describe('readRange', () => {
  it('fills the given buffer', async () => {
    const into = Buffer.alloc(5);
    await read(returning(Buffer.from('ab'), Buffer.from('cde')), into);

    expect(into.toString()).toBe('abcde');
  });

  it.each([
    ['fewer bytes', ['ab', 'c'], 'received 3 bytes instead of 5'],
    ['more bytes in one chunk', ['abcdefgh'], 'received 8 bytes instead of 5'],
    ['more bytes in many chunks, as from a proxy that ignores ranges', ['abcd', 'efg', 'hi', 'j'], '10 bytes'],
  ])('throws a temporary error for %s', async (_, chunks, message) => {
    const reading = read(returning(...chunks.map((chunk) => Buffer.from(chunk))), Buffer.alloc(5));

    await expect(reading).rejects.toMatchObject({
      facts: { id: 'ACRT2005', message: expect.stringContaining(message) },
      temporary: { throttled: false },
    });
  });
});
