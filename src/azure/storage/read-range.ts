import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ContainerClient } from '@azure/storage-blob';
import type { BlobRange } from '../../transfer/ports/blob-container.ts';
import { connectionLost } from './errors.ts';
import { withStallTimeout } from './stall-timeout.ts';

/** Largest range for which the service returns an MD5, in bytes (Microsoft: Get Blob). */
const MAX_HASHED_RANGE = 4 * 1024 * 1024;

/** A download without progress for this long has stalled, and is retried. */
const STALL_SECONDS = 30;

/** Copies a stream into an existing buffer, so that no memory is allocated. Returns the number of received bytes. */
async function fill(body: Readable, into: Buffer, onProgress: () => void): Promise<number> {
  let filled = 0;
  body.on('data', (chunk: Buffer) => {
    onProgress();
    // A proxy that ignores ranges can send more bytes than requested. They are counted and dropped.
    const room = Math.max(0, into.length - filled);
    into.set(chunk.length > room ? chunk.subarray(0, room) : chunk, Math.min(filled, into.length));
    filled += chunk.length;
  });
  await finished(body);
  return filled;
}

/** Makes one attempt to read a range. See BlobContainer.read. */
export function readRange(
  client: ContainerClient,
  blob: string,
  { offset, etag }: BlobRange,
  into: Buffer,
  signal: AbortSignal,
  stallSeconds = STALL_SECONDS,
): Promise<string | null> {
  const { host } = new URL(client.url);
  return withStallTimeout(host, stallSeconds, signal, async (stall) => {
    const response = await client.getBlobClient(blob).download(offset, into.length, {
      abortSignal: stall.signal,
      conditions: { ifMatch: etag },
      rangeGetContentMD5: into.length <= MAX_HASHED_RANGE,
      maxRetryRequests: 0,
    });
    stall.onProgress();
    const { readableStreamBody: body, contentMD5 } = response;
    if (!(body instanceof Readable)) throw new Error('the response has no body');
    const filled = await fill(body, into, stall.onProgress).catch((error: unknown) => {
      // The SDK reports a lost connection as an abort.
      if (stall.signal.aborted) throw error;
      throw connectionLost(host, 'the connection was lost during the download of a range', error);
    });
    if (filled !== into.length) throw connectionLost(host, `received ${filled} bytes instead of ${into.length}`);
    return contentMD5 === undefined ? null : Buffer.from(contentMD5).toString('base64');
  });
}
