import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { AnonymousCredential, ContainerClient, type StoragePipelineOptions } from '@azure/storage-blob';
import type { TokenCredential } from '@azure/core-auth';
import { failure, Failure } from '../transfer/failure.ts';
import type { BlobContainer, BlobFacts, Side, TextVersion } from '../transfer/services.ts';
import { isAbort, networkFailure, refusalOf, type ServiceRefusal } from './service-error.ts';
import { USER_AGENT } from './user-agent.ts';

/** How a container is opened. */
export type ContainerAccess =
  | {
      readonly kind: 'token';
      readonly credential: TokenCredential;
      /** Audience of storage tokens; null: the account's own URL. */
      readonly audience: string | null;
    }
  /** Container SAS without `?`. */
  | { readonly kind: 'sas'; readonly sas: string };

/** When a write is done: always, while the blob has this ETag, or while there is none. */
interface WriteConditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: '*';
}

/** Documents beside the blobs; larger ones are not ours. */
const LARGEST_TEXT_BYTES = 64 * 1024 * 1024;

/** A range that has not come in this time is asked for again by the SDK's own retries. */
const REQUEST_TIMEOUT_SECONDS = 120;

function openClient(uri: string, access: ContainerAccess): ContainerClient {
  const options: StoragePipelineOptions = {
    userAgentOptions: { userAgentPrefix: USER_AGENT },
    retryOptions: { maxTries: 5, tryTimeoutInMs: REQUEST_TIMEOUT_SECONDS * 1000 },
  };
  if (access.kind === 'sas') return new ContainerClient(`${uri}?${access.sas}`, new AnonymousCredential(), options);
  const audience = `${access.audience ?? new URL(uri).origin}/.default`;
  return new ContainerClient(uri, access.credential, { ...options, audience });
}

/** `404` of a blob and of its container look alike but for the code. */
const isMissingBlob = ({ status, code }: { status: number | null; code: string | null }): boolean =>
  status === 404 && code !== 'ContainerNotFound';

function storageFailure(error: unknown, uri: string, blob: string, side: Side): Error {
  if (error instanceof Failure || isAbort(error)) return error as Error;
  const { status, code, reason, correlationId } = refusalOf(error);
  const context = { cause: error, correlationId };
  if (status === 412) return failure('ACRT5003', { blob }, context);
  if (code === 'ContainerNotFound') return failure('ACRT3006', { side, container: uri }, context);
  if (status === 401 || status === 403) return failure('ACRT5004', { side, container: uri, reason }, context);
  return networkFailure(error, uri) ?? failure('ACRT5005', { container: uri, blob, reason }, context);
}

async function findBlob(client: ContainerClient, blob: string): Promise<BlobFacts> {
  const properties = await client.getBlobClient(blob).getProperties();
  return {
    size: properties.contentLength ?? 0,
    md5: properties.contentMD5 === undefined ? null : Buffer.from(properties.contentMD5).toString('base64'),
    etag: properties.etag ?? '',
    contentType: properties.contentType ?? 'application/octet-stream',
    metadata: properties.metadata ?? {},
    modifiedAt: properties.lastModified?.getTime() ?? 0,
  };
}

async function readVersion(client: ContainerClient, blob: string): Promise<TextVersion> {
  const { contentLength = 0, etag = '', readableStreamBody } = await client.getBlobClient(blob).download();
  if (readableStreamBody === undefined) return { text: '', etag };
  if (contentLength > LARGEST_TEXT_BYTES) {
    if (readableStreamBody instanceof Readable) readableStreamBody.destroy();
    throw new Error(`${contentLength} bytes are more than a document has`);
  }
  return { text: await text(readableStreamBody), etag };
}

/** Writes a JSON text whole; the service refuses it when the conditions do not hold. */
async function writeText(client: ContainerClient, blob: string, body: string, conditions: WriteConditions) {
  const bytes = Buffer.from(body);
  const blobHTTPHeaders = { blobContentType: 'application/json' };
  await client.getBlockBlobClient(blob).upload(bytes, bytes.length, { blobHTTPHeaders, conditions });
}

/**
 * Whether a write was refused because the blob is not what it was (Microsoft: "Specifying conditional headers for Blob
 * service operations"): another version, there already, or not there any more.
 */
const hasChanged = ({ status, code }: ServiceRefusal): boolean =>
  status === 412 || code === 'BlobAlreadyExists' || code === 'BlobNotFound';

async function replaceText(client: ContainerClient, blob: string, body: string, etag: string | null): Promise<boolean> {
  try {
    await writeText(client, blob, body, etag === null ? { ifNoneMatch: '*' } : { ifMatch: etag });
    return true;
  } catch (error) {
    if (hasChanged(refusalOf(error))) return false;
    throw error;
  }
}

async function listBlobs(client: ContainerClient, suffix: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of client.listBlobsFlat()) if (name.endsWith(suffix)) names.push(name);
  return names.sort();
}

/** Opens a container. */
export function connectContainer(uri: string, side: Side, access: ContainerAccess): BlobContainer {
  const client = openClient(uri, access);
  const attempt = async <Result>(blob: string, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw storageFailure(error, uri, blob, side);
    }
  };
  const orNull = <Result>(blob: string, work: () => Promise<Result>): Promise<Result | null> =>
    attempt(blob, async () => {
      try {
        return await work();
      } catch (error) {
        if (isMissingBlob(refusalOf(error))) return null;
        throw error;
      }
    });
  return {
    uri,
    find: (blob) => orNull(blob, () => findBlob(client, blob)),
    read: (blob, { offset, etag }, into, signal) =>
      attempt(blob, async () => {
        await client.getBlobClient(blob).downloadToBuffer(into, offset, into.length, {
          abortSignal: signal,
          blockSize: into.length,
          concurrency: 1,
          conditions: { ifMatch: etag },
        });
      }),
    stage: (blob, { id, bytes, md5 }, signal) =>
      attempt(blob, async () => {
        const transactionalContentMD5 = Buffer.from(md5, 'base64');
        const options = { abortSignal: signal, transactionalContentMD5 };
        await client.getBlockBlobClient(blob).stageBlock(id, bytes, bytes.length, options);
      }),
    commit: (blob, blockIds, { md5, contentType, metadata }) =>
      attempt(blob, async () => {
        await client.getBlockBlobClient(blob).commitBlockList([...blockIds], {
          blobHTTPHeaders: { blobContentMD5: Buffer.from(md5, 'base64'), blobContentType: contentType },
          metadata: { ...metadata },
        });
      }),
    readText: async (blob) => (await orNull(blob, () => readVersion(client, blob)))?.text ?? null,
    writeText: (blob, body) => attempt(blob, () => writeText(client, blob, body, {})),
    readVersion: (blob) => orNull(blob, () => readVersion(client, blob)),
    replaceText: (blob, body, etag) => attempt(blob, () => replaceText(client, blob, body, etag)),
    list: (suffix) => attempt(`*${suffix}`, () => listBlobs(client, suffix)),
  };
}
