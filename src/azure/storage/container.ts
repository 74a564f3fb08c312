import type { ContainerClient } from '@azure/storage-blob';
import { transferError } from '../../transfer/errors/index.ts';
import type { BlobFacts } from '../../transfer/model/blob.ts';
import type { Side } from '../../transfer/model/side.ts';
import type { BlobContainer, DirectCopy } from '../../transfer/ports/blob-container.ts';
import { isAbort, readServiceError } from '../http/index.ts';
import { arrivedBlocks, commitBlocks, pullBlock, stageBlock } from './blocks.ts';
import { createClients, storageScope, type ContainerAccess, type ContainerClients } from './clients.ts';
import {
  authorizeByDelegation,
  authorizeBySasUrl,
  delegationOf,
  sasExpiresAt,
  type AuthorizationContext,
} from './copy-source.ts';
import { listBlobs, readVersion, replaceText, writeText } from './documents.ts';
import { hasChanged, isMissingBlob, storageError } from './errors.ts';
import { readRange } from './read-range.ts';

async function findBlob(client: ContainerClient, blob: string): Promise<BlobFacts> {
  const properties = await client.getBlobClient(blob).getProperties();
  return {
    size: properties.contentLength ?? 0,
    md5: properties.contentMD5 === undefined ? null : Buffer.from(properties.contentMD5).toString('base64'),
    etag: properties.etag ?? '',
    contentType: properties.contentType ?? 'application/octet-stream',
    metadata: properties.metadata ?? {},
    modifiedAt: properties.lastModified?.getTime() ?? 0,
    // An inferred tier is the account's default, and not a property of the blob.
    tier: properties.accessTierInferred === true ? null : (properties.accessTier ?? null),
  };
}

async function describeBlob(
  client: ContainerClient,
  blob: string,
  metadata: Readonly<Record<string, string>>,
  etag: string,
): Promise<string | null> {
  try {
    const described = await client.getBlobClient(blob).setMetadata({ ...metadata }, { conditions: { ifMatch: etag } });
    return described.etag ?? null;
  } catch (error) {
    if (hasChanged(readServiceError(error))) return null;
    throw error;
  }
}

async function removeBlob(client: ContainerClient, blob: string, etag: string): Promise<boolean> {
  try {
    await client.getBlobClient(blob).delete({ deleteSnapshots: 'include', conditions: { ifMatch: etag } });
    return true;
  } catch (error) {
    const serviceError = readServiceError(error);
    if (isMissingBlob(serviceError) || hasChanged(serviceError)) return false;
    throw error;
  }
}

function authorizerOf(
  clients: ContainerClients,
  access: ContainerAccess,
  context: AuthorizationContext,
): DirectCopy['authorizeSource'] {
  const urlOf = (blob: string): string => clients.singleAttempt.getBlobClient(blob).url;
  if (access.kind === 'sas') return authorizeBySasUrl(urlOf);
  const { url } = clients.singleAttempt;
  const token = async (): Promise<string> => {
    const accessToken = await access.credential.getToken(storageScope(url, access.audience));
    if (accessToken !== null) return accessToken.token;
    throw transferError('ACRT5005', {
      container: url,
      blob: '*',
      reason: 'the credential returned no token for storage',
    });
  };
  return authorizeByDelegation({ delegation: delegationOf({ ...clients, mask: context.mask }), urlOf, token }, context);
}

/** Connects to a storage container. */
export function connectContainer(
  uri: string,
  side: Side,
  access: ContainerAccess,
  context: AuthorizationContext,
): BlobContainer {
  const clients = createClients(uri, access);
  const { retrying, singleAttempt } = clients;
  const withStorageError = async <Result>(
    blob: string,
    work: () => Promise<Result>,
    signal: AbortSignal | null = null,
  ): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted === true && (isAbort(error) || error === signal.reason)) throw error;
      throw storageError(error, { side, uri, blob });
    }
  };
  const orNull = <Result>(blob: string, work: () => Promise<Result>): Promise<Result | null> =>
    withStorageError(blob, async () => {
      try {
        return await work();
      } catch (error) {
        if (isMissingBlob(readServiceError(error))) return null;
        throw error;
      }
    });
  const authorizeSource = authorizerOf(clients, access, context);
  return {
    uri,
    direct: {
      authorizeSource: (blob) => withStorageError(blob, () => authorizeSource(blob)),
      pull: (blob, block, source, signal) =>
        withStorageError(blob, () => pullBlock(clients, { side, uri, blob }, block, source, signal), signal),
    },
    computesMd5: false,
    accessEndsAt: access.kind === 'sas' ? sasExpiresAt(access.sas) : null,
    find: (blob) => orNull(blob, () => findBlob(retrying, blob)),
    read: (blob, range, into, signal) =>
      withStorageError(blob, () => readRange(singleAttempt, blob, range, into, signal), signal),
    arrived: (blob) => withStorageError(blob, () => arrivedBlocks(retrying, blob)),
    stage: (blob, block, signal) =>
      withStorageError(blob, () => stageBlock(singleAttempt, blob, block, signal), signal),
    commit: (blob, blockIds, properties, replaces, signal) =>
      withStorageError(blob, () => commitBlocks(singleAttempt, blob, blockIds, properties, replaces, signal), signal),
    describe: (blob, metadata, etag) => withStorageError(blob, () => describeBlob(retrying, blob, metadata, etag)),
    readText: async (blob) => (await orNull(blob, () => readVersion(retrying, blob)))?.text ?? null,
    writeText: (blob, body) => withStorageError(blob, () => writeText(retrying, blob, body, {})),
    readVersion: (blob) => orNull(blob, () => readVersion(retrying, blob)),
    replaceText: (blob, body, etag) => withStorageError(blob, () => replaceText(retrying, blob, body, etag)),
    list: (suffix) => withStorageError(`*${suffix}`, () => listBlobs(retrying, suffix)),
    remove: (blob, etag) => withStorageError(blob, () => removeBlob(retrying, blob, etag)),
  };
}
