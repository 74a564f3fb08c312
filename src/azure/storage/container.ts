import type { ContainerClient } from '@azure/storage-blob';
import { transferError } from '../../transfer/errors/index.ts';
import type { BlobFacts } from '../../transfer/model/blob.ts';
import type { Side } from '../../transfer/model/side.ts';
import type { BlobContainer, DirectCopy } from '../../transfer/ports/blob-container.ts';
import { isAbort, readServiceError } from '../http/index.ts';
import { arrivedBlocks, commitBlocks, pullBlock, stageBlock } from './blocks.ts';
import { createClients, storageScope, type ContainerAccess, type ContainerClients } from './clients.ts';
import {
  authorizeAsGiven,
  authorizeByDelegation,
  delegationOf,
  sasEndsAt,
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
    // The account's own tier is nothing that the blob was given.
    tier: properties.accessTierInferred === true ? null : (properties.accessTier ?? null),
  };
}

async function describeBlob(
  client: ContainerClient,
  blob: string,
  metadata: Readonly<Record<string, string>>,
  etag: string,
): Promise<boolean> {
  try {
    await client.getBlobClient(blob).setMetadata({ ...metadata }, { conditions: { ifMatch: etag } });
    return true;
  } catch (error) {
    if (hasChanged(readServiceError(error))) return false;
    throw error;
  }
}

async function removeBlob(client: ContainerClient, blob: string, etag: string): Promise<boolean> {
  try {
    await client.getBlobClient(blob).delete({ deleteSnapshots: 'include', conditions: { ifMatch: etag } });
    return true;
  } catch (error) {
    const refusal = readServiceError(error);
    if (isMissingBlob(refusal) || hasChanged(refusal)) return false;
    throw error;
  }
}

function authorizerOf(
  clients: ContainerClients,
  access: ContainerAccess,
  context: AuthorizationContext,
): DirectCopy['lend'] {
  const urlOf = (blob: string): string => clients.once.getBlobClient(blob).url;
  if (access.kind === 'sas') return authorizeAsGiven(urlOf);
  const { url } = clients.once;
  const token = async (): Promise<string> => {
    const answer = await access.credential.getToken(storageScope(url, access.audience));
    if (answer !== null) return answer.token;
    throw transferError('ACRT5005', { container: url, blob: '*', reason: 'there is no token to lend the source by' });
  };
  return authorizeByDelegation({ delegation: delegationOf(clients), urlOf, token }, context);
}

/** Opens a container. */
export function connectContainer(
  uri: string,
  side: Side,
  access: ContainerAccess,
  context: AuthorizationContext,
): BlobContainer {
  const clients = createClients(uri, access);
  const { patient, once } = clients;
  const attempt = async <Result>(
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
    attempt(blob, async () => {
      try {
        return await work();
      } catch (error) {
        if (isMissingBlob(readServiceError(error))) return null;
        throw error;
      }
    });
  const lend = authorizerOf(clients, access, context);
  return {
    uri,
    direct: {
      lend: (blob) => attempt(blob, () => lend(blob)),
      pull: (blob, block, loan, signal) =>
        attempt(blob, () => pullBlock(clients, { side, uri, blob }, block, loan, signal), signal),
    },
    accessEndsAt: access.kind === 'sas' ? sasEndsAt(access.sas) : null,
    find: (blob) => orNull(blob, () => findBlob(patient, blob)),
    read: (blob, range, into, signal) => attempt(blob, () => readRange(once, blob, range, into, signal), signal),
    arrived: (blob) => attempt(blob, () => arrivedBlocks(patient, blob)),
    stage: (blob, block, signal) => attempt(blob, () => stageBlock(once, blob, block, signal), signal),
    commit: (blob, blockIds, properties, replaces, signal) =>
      attempt(blob, () => commitBlocks(once, blob, blockIds, properties, replaces, signal), signal),
    describe: (blob, metadata, etag) => attempt(blob, () => describeBlob(patient, blob, metadata, etag)),
    readText: async (blob) => (await orNull(blob, () => readVersion(patient, blob)))?.text ?? null,
    writeText: (blob, body) => attempt(blob, () => writeText(patient, blob, body, {})),
    readVersion: (blob) => orNull(blob, () => readVersion(patient, blob)),
    replaceText: (blob, body, etag) => attempt(blob, () => replaceText(patient, blob, body, etag)),
    list: (suffix) => attempt(`*${suffix}`, () => listBlobs(patient, suffix)),
    remove: (blob, etag) => attempt(blob, () => removeBlob(patient, blob, etag)),
  };
}
