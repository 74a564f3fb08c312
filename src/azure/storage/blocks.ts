/** Blocks of a blob. Each function makes one attempt; errors that a retry can fix are temporary. */
import { Readable } from 'node:stream';
import { BlockBlobClient, type ContainerClient } from '@azure/storage-blob';
import { TransferError, transferError, type Temporary } from '../../transfer/errors/index.ts';
import type {
  ArrivedBlock,
  BlobProperties,
  PulledBlock,
  SourceAuthorization,
  StagedBlock,
} from '../../transfer/ports/blob-container.ts';
import { readServiceError, type ServiceError } from '../http/index.ts';
import { modifyRequests, type ContainerClients } from './clients.ts';
import { hasChanged, isMissingBlob, sourceStatus, temporaryOf, type BlobLocation } from './errors.ts';
import { withStallTimeout } from './stall-timeout.ts';

/** A request without any progress for this long has stalled. */
const STALL_SECONDS = 60;

const md5Bytes = (md5: string): Buffer => Buffer.from(md5, 'base64');

/**
 * Size of the pieces in which a block is sent. A block that is sent in one piece is in memory three times: as it is, next to
 * its headers, and encrypted. Each piece waits until the previous one has been sent.
 */
const PIECE_BYTES = 256 * 1024;

function* piecesOf(bytes: Buffer, onProgress: () => void): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    onProgress();
    yield bytes.subarray(start, start + PIECE_BYTES);
  }
}

const streamOf = (bytes: Buffer, onProgress: () => void) => (): Readable =>
  Readable.from(piecesOf(bytes, onProgress), { objectMode: false });

/** See BlobContainer.stage. */
export const stageBlock = (
  client: ContainerClient,
  blob: string,
  { id, bytes, md5 }: StagedBlock,
  signal: AbortSignal,
): Promise<void> =>
  withStallTimeout(new URL(client.url).host, STALL_SECONDS, signal, async (stall) => {
    const options = { abortSignal: stall.signal, transactionalContentMD5: md5Bytes(md5) };
    await client.getBlockBlobClient(blob).stageBlock(id, streamOf(bytes, stall.onProgress), bytes.length, options);
  });

/** See BlobContainer.arrived. */
export async function arrivedBlocks(client: ContainerClient, blob: string): Promise<readonly ArrivedBlock[]> {
  try {
    const { uncommittedBlocks = [] } = await client.getBlockBlobClient(blob).getBlockList('uncommitted');
    return uncommittedBlocks.map(({ name, size }) => ({ id: name, size }));
  } catch (error) {
    if (isMissingBlob(readServiceError(error))) return [];
    throw error;
  }
}

/** See BlobContainer.commit. */
export async function commitBlocks(
  client: ContainerClient,
  blob: string,
  blockIds: readonly string[],
  { md5, contentType, metadata, tier }: BlobProperties,
  replaces: string | null,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const { etag } = await withStallTimeout(
      new URL(client.url).host,
      STALL_SECONDS,
      signal,
      ({ signal: abortSignal }) =>
        client.getBlockBlobClient(blob).commitBlockList([...blockIds], {
          abortSignal,
          blobHTTPHeaders: { ...(md5 === null ? {} : { blobContentMD5: md5Bytes(md5) }), blobContentType: contentType },
          metadata: { ...metadata },
          ...(tier === null ? {} : { tier }),
          conditions: replaces === null ? { ifNoneMatch: '*' } : { ifMatch: replaces },
        }),
    );
    // Without its ETag, the new blob can't be recognized. The caller looks at it as if another writer had written it.
    return etag ?? null;
  } catch (error) {
    const serviceError = readServiceError(error);
    // When another runner has committed the blob, its uncommitted blocks no longer exist.
    if (hasChanged(serviceError) || serviceError.code === 'InvalidBlockList') return null;
    throw error;
  }
}

/** Time limit of a server-side copy, which shows no progress until it ends: 1 MiB/s, and at least 300 s for small blocks. */
const [MIN_COPY_BYTES_PER_SECOND, MIN_COPY_SECONDS] = [1024 * 1024, 300];
const copySeconds = (bytes: number): number => Math.max(MIN_COPY_SECONDS, Math.ceil(bytes / MIN_COPY_BYTES_PER_SECOND));

/**
 * Code of the service if its request to the source failed. A header contains the source's status, if there was a response
 * (Azure/azure-storage-azcopy#1673, #3057: 403 behind a firewall or a private endpoint).
 */
const SOURCE_UNREADABLE = 'CannotVerifyCopySource';

/** Statuses of the source that concern one blob: missing, archived, or another version. The source itself is readable. */
const BLOB_STATUSES = [404, 409, 412];

/** Whether the target can't read the source at all. A temporary error is retried, and doesn't count. */
function cannotRead(error: unknown, { code, status }: ServiceError, temporary: Temporary | null): boolean {
  const fromSource = sourceStatus(error);
  if (temporary !== null || status === 412 || (fromSource !== null && BLOB_STATUSES.includes(fromSource))) return false;
  return code === SOURCE_UNREADABLE || fromSource !== null;
}

function copyError(error: unknown, { uri, blob }: BlobLocation, offset: number, source: SourceAuthorization): unknown {
  if (error instanceof TransferError) return error;
  const serviceError = readServiceError(error);
  const { code, reason, correlationId } = serviceError;
  const context = { cause: error, correlationId, temporary: temporaryOf(error, serviceError, Date.now()) };
  if (cannotRead(error, serviceError, context.temporary)) {
    return transferError('ACRT5008', { blob, target: uri, source: new URL(source.url).origin, reason }, context);
  }
  if (code !== 'Md5Mismatch') return error;
  return transferError('ACRT5011', { blob, offset: String(offset), where: 'between the storage accounts' }, context);
}

/** See DirectCopy.pull. */
export async function pullBlock(
  clients: Pick<ContainerClients, 'singleAttempt' | 'singleAttemptPipeline'>,
  location: BlobLocation,
  { id, offset, size, etag, md5 }: PulledBlock,
  source: SourceAuthorization,
  signal: AbortSignal,
): Promise<void> {
  const { url } = clients.singleAttempt.getBlobClient(location.blob);
  // The SDK has no option for this header.
  const pinnedPipeline = modifyRequests(clients.singleAttemptPipeline(), ({ headers }) => {
    headers.set('x-ms-source-if-match', etag);
  });
  const client = new BlockBlobClient(url, pinnedPipeline);
  const bearer = /^Bearer (.+)$/.exec(source.authorization ?? '')?.[1];
  try {
    await withStallTimeout(new URL(location.uri).host, copySeconds(size), signal, (stall) =>
      client.stageBlockFromURL(id, source.url, offset, size, {
        abortSignal: stall.signal,
        ...(bearer === undefined ? {} : { sourceAuthorization: { scheme: 'Bearer', value: bearer } }),
        ...(md5 === null ? {} : { sourceContentMD5: md5Bytes(md5) }),
      }),
    );
  } catch (error) {
    throw copyError(error, location, offset, source);
  }
}
