/** Documents in a container, next to the transfer blobs. */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ContainerClient, ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';
import { MAX_DOCUMENT_BYTES } from '../../transfer/model/bounded-json.ts';
import type { TextVersion } from '../../transfer/ports/blob-container.ts';
import { readPages, readServiceError } from '../http/index.ts';
import { connectionLost, hasChanged } from './errors.ts';

/** Time limit of a download, because a response body can stall. */
const DOWNLOAD_SECONDS = 120;

/** Condition of a write: none, this ETag, or no existing blob. */
interface WriteConditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: '*';
}

/** See BlobContainer.readVersion. Throws if the blob doesn't exist. */
export async function readVersion(client: ContainerClient, blob: string): Promise<TextVersion> {
  const {
    contentLength = 0,
    etag = '',
    readableStreamBody,
  } = await client
    .getBlobClient(blob)
    .download(undefined, undefined, { abortSignal: AbortSignal.timeout(DOWNLOAD_SECONDS * 1000) });
  if (readableStreamBody === undefined) return { text: '', etag };
  if (contentLength > MAX_DOCUMENT_BYTES) {
    if (readableStreamBody instanceof Readable) readableStreamBody.destroy();
    throw new Error(`${contentLength} bytes are too large for a document`);
  }
  try {
    return { text: await text(readableStreamBody), etag };
  } catch (error) {
    // The SDK reports a lost connection as an abort.
    throw connectionLost(new URL(client.url).host, 'the connection was lost during the download of a document', error);
  }
}

/** Writes a JSON text in one request. The service rejects it if the conditions aren't met. */
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

/** A page of a list, or its end. */
type ListResult = IteratorResult<ContainerListBlobFlatSegmentResponse, void>;

/** See BlobContainer.list. */
export async function listBlobs(client: ContainerClient, suffix: string): Promise<readonly string[]> {
  const pages = await readPages(async (position) => {
    const settings = position === null ? {} : { continuationToken: position };
    const page: ListResult = await client.listBlobsFlat().byPage(settings).next();
    if (page.done === true) return { content: [], next: null };
    const { segment, continuationToken } = page.value;
    const names = segment.blobItems.map(({ name }) => name).filter((name) => name.endsWith(suffix));
    return { content: names, next: continuationToken };
  });
  return pages.flat().sort();
}
