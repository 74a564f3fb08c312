/** Small texts in a container: the documents beside the blobs. */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ContainerClient } from '@azure/storage-blob';
import type { TextVersion } from '../../transfer/ports/blob-container.ts';
import { readServiceError } from '../http/index.ts';
import { connectionLost, hasChanged } from './errors.ts';

/** Documents beside the blobs; larger ones are not ours. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/** A document that has not come by then never will: bodies stop too. */
const TEXT_SECONDS = 120;

/** When a write is done: always, while the blob has this ETag, or while there is none. */
interface WriteConditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: '*';
}

/** See BlobContainer.readVersion; throws where there is none. */
export async function readVersion(client: ContainerClient, blob: string): Promise<TextVersion> {
  const {
    contentLength = 0,
    etag = '',
    readableStreamBody,
  } = await client
    .getBlobClient(blob)
    .download(undefined, undefined, { abortSignal: AbortSignal.timeout(TEXT_SECONDS * 1000) });
  if (readableStreamBody === undefined) return { text: '', etag };
  if (contentLength > MAX_TEXT_BYTES) {
    if (readableStreamBody instanceof Readable) readableStreamBody.destroy();
    throw new Error(`${contentLength} bytes are more than a document has`);
  }
  try {
    return { text: await text(readableStreamBody), etag };
  } catch (error) {
    // The SDK calls it an abort.
    throw connectionLost(new URL(client.url).host, 'the connection broke within a document', error);
  }
}

/** Writes a JSON text whole; the service refuses it when the conditions do not hold. */
export async function writeText(
  client: ContainerClient,
  blob: string,
  body: string,
  conditions: WriteConditions,
): Promise<void> {
  const bytes = Buffer.from(body);
  const blobHTTPHeaders = { blobContentType: 'application/json' };
  await client.getBlockBlobClient(blob).upload(bytes, bytes.length, { blobHTTPHeaders, conditions });
}

/** See BlobContainer.replaceText. */
export async function replaceText(
  client: ContainerClient,
  blob: string,
  body: string,
  etag: string | null,
): Promise<boolean> {
  try {
    await writeText(client, blob, body, etag === null ? { ifNoneMatch: '*' } : { ifMatch: etag });
    return true;
  } catch (error) {
    if (hasChanged(readServiceError(error))) return false;
    throw error;
  }
}

/** See BlobContainer.list. */
export async function listBlobs(client: ContainerClient, suffix: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of client.listBlobsFlat()) if (name.endsWith(suffix)) names.push(name);
  return names.sort();
}
