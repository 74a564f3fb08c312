import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ContainerClient } from '@azure/storage-blob';
import type { BlobRange } from '../../transfer/ports/blob-container.ts';
import { connectionLost } from './errors.ts';
import { withStallTimeout } from './stall-timeout.ts';

/** The service gives the MD5 of a range of at most so many bytes (Microsoft: Get Blob). */
const MAX_HASHED_RANGE = 4 * 1024 * 1024;

/** A range of which no byte has come for so long is asked for again. */
const STALL_SECONDS = 30;

/** Puts what a stream brings into memory that is there already, so that nothing piles up before the collector. */
async function fill(body: Readable, into: Buffer, alive: () => void): Promise<number> {
  let filled = 0;
  body.on('data', (chunk: Buffer) => {
    alive();
    // More may come than was asked for, where somebody on the way takes no notice of ranges. It is counted, not kept.
    const room = Math.max(0, into.length - filled);
    into.set(chunk.length > room ? chunk.subarray(0, room) : chunk, Math.min(filled, into.length));
    filled += chunk.length;
  });
  await finished(body);
  return filled;
}

/** Reads a range once; see BlobContainer.read. */
export function readRange(
  client: ContainerClient,
  blob: string,
  { offset, etag }: BlobRange,
  into: Buffer,
  signal: AbortSignal,
  stallSeconds = STALL_SECONDS,
): Promise<string | null> {
  const { host } = new URL(client.url);
  return withStallTimeout(host, stallSeconds, signal, async (watch) => {
    const answer = await client.getBlobClient(blob).download(offset, into.length, {
      abortSignal: watch.signal,
      conditions: { ifMatch: etag },
      rangeGetContentMD5: into.length <= MAX_HASHED_RANGE,
      maxRetryRequests: 0,
    });
    watch.alive();
    const { readableStreamBody: body, contentMD5 } = answer;
    if (!(body instanceof Readable)) throw new Error('the answer has no body');
    const filled = await fill(body, into, watch.alive).catch((error: unknown) => {
      // The SDK calls a connection that breaks an abort, as if somebody had given up.
      if (watch.signal.aborted) throw error;
      throw connectionLost(host, 'the connection broke within a range', error);
    });
    if (filled !== into.length) throw connectionLost(host, `${filled} bytes came instead of ${into.length}`);
    return contentMD5 === undefined ? null : Buffer.from(contentMD5).toString('base64');
  });
}
