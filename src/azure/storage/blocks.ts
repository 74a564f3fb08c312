/** Blocks of a blob: one attempt each, what may go better the next time is a temporary failure. */
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
import { changing, type ContainerClients } from './clients.ts';
import { hasChanged, isMissingBlob, sourceStatus, temporaryOf, type StoragePlace } from './errors.ts';
import { withStallTimeout } from './stall-timeout.ts';

/** Without anything taken up or answered for so long, a request has come to a standstill. */
const STALL_SECONDS = 60;

const md5Bytes = (md5: string): Buffer => Buffer.from(md5, 'base64');

/**
 * A whole block at once would lie in memory three times: as it is, beside its headers, and encrypted. In pieces, each waits
 * until the one before it has gone out.
 */
const PIECE_BYTES = 256 * 1024;

function* piecesOf(bytes: Buffer, taken: () => void): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    taken();
    yield bytes.subarray(start, start + PIECE_BYTES);
  }
}

const piecewise = (bytes: Buffer, taken: () => void) => (): Readable =>
  Readable.from(piecesOf(bytes, taken), { objectMode: false });

/** See BlobContainer.stage. */
export const stageBlock = (
  client: ContainerClient,
  blob: string,
  { id, bytes, md5 }: StagedBlock,
  signal: AbortSignal,
): Promise<void> =>
  withStallTimeout(new URL(client.url).host, STALL_SECONDS, signal, async (watch) => {
    const options = { abortSignal: watch.signal, transactionalContentMD5: md5Bytes(md5) };
    await client.getBlockBlobClient(blob).stageBlock(id, piecewise(bytes, watch.alive), bytes.length, options);
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
): Promise<boolean> {
  try {
    await withStallTimeout(new URL(client.url).host, STALL_SECONDS, signal, ({ signal: abortSignal }) =>
      client.getBlockBlobClient(blob).commitBlockList([...blockIds], {
        abortSignal,
        blobHTTPHeaders: { ...(md5 === null ? {} : { blobContentMD5: md5Bytes(md5) }), blobContentType: contentType },
        metadata: { ...metadata },
        ...(tier === null ? {} : { tier }),
        conditions: replaces === null ? { ifNoneMatch: '*' } : { ifMatch: replaces },
      }),
    );
    return true;
  } catch (error) {
    const refusal = readServiceError(error);
    // Blocks are gone once another runner has committed the blob; who looks, finds it.
    if (hasChanged(refusal) || refusal.code === 'InvalidBlockList') return false;
    throw error;
  }
}

/** How long a service may take to fetch a block of its own accord, of which nothing is seen until it has: at 1 MiB/s, and for small ones. */
const [PULL_BYTES, PULL_SECONDS] = [1024 * 1024, 300];
const secondsToPull = (bytes: number): number => Math.max(PULL_SECONDS, Math.ceil(bytes / PULL_BYTES));

/**
 * The service says so whenever its own request to the source fails, and gives the source's own status where it has one
 * (Azure/azure-storage-azcopy#1673, #3057: 403 behind a firewall or a private endpoint).
 */
const UNREADABLE = 'CannotVerifyCopySource';

/** What the source itself says of one blob: it is gone, archived, or another version. The way to it is open. */
const ABOUT_THE_BLOB = [404, 409, 412];

/** Whether the target cannot read the source at all, now and later. What may pass is tried again, and tells nothing of the way. */
function cannotRead(error: unknown, { code, status }: ServiceError, temporary: Temporary | null): boolean {
  const ofSource = sourceStatus(error);
  if (temporary !== null || status === 412 || (ofSource !== null && ABOUT_THE_BLOB.includes(ofSource))) return false;
  return code === UNREADABLE || ofSource !== null;
}

function pullError(error: unknown, { uri, blob }: StoragePlace, offset: number, loan: SourceAuthorization): unknown {
  if (error instanceof TransferError) return error;
  const refusal = readServiceError(error);
  const { code, reason, correlationId } = refusal;
  const context = { cause: error, correlationId, temporary: temporaryOf(error, refusal, Date.now()) };
  if (cannotRead(error, refusal, context.temporary)) {
    return transferError('ACRT5008', { blob, target: uri, source: new URL(loan.url).origin, reason }, context);
  }
  if (code !== 'Md5Mismatch') return error;
  return transferError(
    'ACRT5011',
    { blob, offset: String(offset), where: 'on its way from storage to storage' },
    context,
  );
}

/** See DirectCopy.pull. */
export async function pullBlock(
  clients: Pick<ContainerClients, 'once' | 'pipeline'>,
  place: StoragePlace,
  { id, offset, size, etag, md5 }: PulledBlock,
  loan: SourceAuthorization,
  signal: AbortSignal,
): Promise<void> {
  const { url } = clients.once.getBlobClient(place.blob);
  // The SDK has no option for it.
  const pinned = changing(clients.pipeline(), ({ headers }) => {
    headers.set('x-ms-source-if-match', etag);
  });
  const client = new BlockBlobClient(url, pinned);
  const bearer = /^Bearer (.+)$/.exec(loan.authorization ?? '')?.[1];
  try {
    await withStallTimeout(new URL(place.uri).host, secondsToPull(size), signal, (watch) =>
      client.stageBlockFromURL(id, loan.url, offset, size, {
        abortSignal: watch.signal,
        ...(bearer === undefined ? {} : { sourceAuthorization: { scheme: 'Bearer', value: bearer } }),
        ...(md5 === null ? {} : { sourceContentMD5: md5Bytes(md5) }),
      }),
    );
  } catch (error) {
    throw pullError(error, place, offset, loan);
  }
}
