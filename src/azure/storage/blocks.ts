/** Blocks of a blob: one attempt each, what may go better the next time is a temporary failure. */
import { Readable } from 'node:stream';
import { BlockBlobClient, type ContainerClient } from '@azure/storage-blob';
import { failure, Failure } from '../../transfer/failure.ts';
import type { ArrivedBlock, BlobProperties, Loan, PulledBlock, StagedBlock } from '../../transfer/storage.ts';
import { refusalOf } from '../service-error.ts';
import { changing, type ContainerClients } from './access.ts';
import { hasChanged, isAboutSource, isMissingBlob, temporaryOf, type StoragePlace } from './failures.ts';
import { watched } from './watch.ts';

/** The least that a line carries, bytes a second; a block that takes longer has come to a standstill. */
const SLOWEST_BYTES = 64 * 1024;
const LEAST_SECONDS = 60;
const secondsFor = (bytes: number): number => Math.max(LEAST_SECONDS, Math.ceil(bytes / SLOWEST_BYTES));

const md5Bytes = (md5: string): Buffer => Buffer.from(md5, 'base64');

/**
 * A whole block at once would lie in memory three times: as it is, beside its headers, and encrypted. In pieces, each waits
 * until the one before it has gone out.
 */
const PIECE_BYTES = 256 * 1024;

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) yield bytes.subarray(start, start + PIECE_BYTES);
}

const piecewise = (bytes: Buffer) => (): Readable => Readable.from(piecesOf(bytes), { objectMode: false });

/** See BlobContainer.stage. */
export const stageBlock = (
  client: ContainerClient,
  blob: string,
  { id, bytes, md5 }: StagedBlock,
  signal: AbortSignal,
): Promise<void> =>
  watched(new URL(client.url).host, secondsFor(bytes.length), signal, async (watch) => {
    const options = { abortSignal: watch.signal, transactionalContentMD5: md5Bytes(md5) };
    await client.getBlockBlobClient(blob).stageBlock(id, piecewise(bytes), bytes.length, options);
  });

/** See BlobContainer.arrived. */
export async function arrivedBlocks(client: ContainerClient, blob: string): Promise<readonly ArrivedBlock[]> {
  try {
    const { uncommittedBlocks = [] } = await client.getBlockBlobClient(blob).getBlockList('uncommitted');
    return uncommittedBlocks.map(({ name, size }) => ({ id: name, size }));
  } catch (error) {
    if (isMissingBlob(refusalOf(error))) return [];
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
    await watched(new URL(client.url).host, LEAST_SECONDS, signal, ({ signal: abortSignal }) =>
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
    const refusal = refusalOf(error);
    // Blocks are gone once another runner has committed the blob; who looks, finds it.
    if (hasChanged(refusal) || refusal.code === 'InvalidBlockList') return false;
    throw error;
  }
}

/** How long a service may take to fetch a block of its own accord; for 4000 MiB it asks for more. */
const PULL_SECONDS = 300;

/**
 * The service says so whenever its own request to the source fails, and gives the source's own status where it has one
 * (Azure/azure-storage-azcopy#1673, #3057: 403 behind a firewall or a private endpoint).
 */
const UNREADABLE = 'CannotVerifyCopySource';

function pullFailure(error: unknown, { uri, blob }: StoragePlace, offset: number, loan: Loan): unknown {
  if (error instanceof Failure) return error;
  const refusal = refusalOf(error);
  const { code, status, reason, correlationId } = refusal;
  const context = { cause: error, correlationId, temporary: temporaryOf(error, refusal, Date.now()) };
  if (status !== 412 && (code === UNREADABLE || isAboutSource(error))) {
    return failure('ACRT5008', { blob, target: uri, source: new URL(loan.url).origin, reason }, context);
  }
  if (code !== 'Md5Mismatch') return error;
  return failure('ACRT5011', { blob, offset: String(offset), where: 'on its way from storage to storage' }, context);
}

/** See DirectCopy.pull. */
export async function pullBlock(
  clients: Pick<ContainerClients, 'once' | 'pipeline'>,
  place: StoragePlace,
  { id, offset, size, etag, md5 }: PulledBlock,
  loan: Loan,
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
    await watched(new URL(place.uri).host, Math.max(PULL_SECONDS, secondsFor(size)), signal, (watch) =>
      client.stageBlockFromURL(id, loan.url, offset, size, {
        abortSignal: watch.signal,
        ...(bearer === undefined ? {} : { sourceAuthorization: { scheme: 'Bearer', value: bearer } }),
        ...(md5 === null ? {} : { sourceContentMD5: md5Bytes(md5) }),
      }),
    );
  } catch (error) {
    throw pullFailure(error, place, offset, loan);
  }
}
