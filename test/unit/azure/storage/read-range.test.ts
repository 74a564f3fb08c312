import { Readable } from 'node:stream';
import type { ContainerClient } from '@azure/storage-blob';
import { describe, expect, it } from '@jest/globals';
import { readRange } from '../../../../src/azure/storage/read-range.ts';

/** A container whose answers have these bytes, whatever range is asked for. */
const answering = (...chunks: readonly Buffer[]): ContainerClient =>
  ({
    url: 'https://a.example/c',
    getBlobClient: () => ({ download: () => Promise.resolve({ readableStreamBody: Readable.from(chunks) }) }),
  }) as unknown as ContainerClient;

const read = (client: ContainerClient, into: Buffer): Promise<string | null> =>
  readRange(client, 'b.tar', { offset: 0, etag: '"1"' }, into, new AbortController().signal);

describe('a range', () => {
  it('is put into the memory that was given', async () => {
    const into = Buffer.alloc(5);
    await read(answering(Buffer.from('ab'), Buffer.from('cde')), into);

    expect(into.toString()).toBe('abcde');
  });

  it.each([
    ['less', ['ab', 'c'], '3 bytes came instead of 5'],
    ['more in one piece', ['abcdefgh'], '8 bytes came instead of 5'],
    [
      'more in many pieces, as when somebody on the way takes no notice of ranges',
      ['abcd', 'efg', 'hi', 'j'],
      '10 bytes',
    ],
  ])('of which %s comes is tried again', async (_, chunks, message) => {
    const reading = read(answering(...chunks.map((chunk) => Buffer.from(chunk))), Buffer.alloc(5));

    await expect(reading).rejects.toMatchObject({
      facts: { id: 'ACRT2005', message: expect.stringContaining(message) },
      temporary: { throttled: false },
    });
  });
});
