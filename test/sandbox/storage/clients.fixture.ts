import { createHash } from 'node:crypto';
import {
  BlobSASPermissions,
  BlobServiceClient,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { ContainerClient } from '@azure/storage-blob';
import { trusting } from './clouds.fixture.ts';
import type { StorageCloud } from './clouds.fixture.ts';

const HOUR = 3_600_000;

/** MD5, 16 bytes. */
export const md5 = (bytes: Buffer): Buffer => createHash('md5').update(bytes).digest();

/** The container of the tests, by the account's key. */
export function byKey({ storage, ca }: StorageCloud): ContainerClient {
  const key = new StorageSharedKeyCredential(storage.account, storage.key);
  return new BlobServiceClient(storage.endpoint, key, trusting(ca)).getContainerClient('transfer');
}

/** A principal's bearer token. */
export const tokenOf = (cloud: StorageCloud, objectId: string): Promise<string> =>
  cloud.tokens.mintFor(objectId, 'https://storage.azure.com');

/** The account, as a principal. */
export function serviceAs(cloud: StorageCloud, objectId: string): BlobServiceClient {
  const getToken = async (): Promise<{ token: string; expiresOnTimestamp: number }> => ({
    token: await tokenOf(cloud, objectId),
    expiresOnTimestamp: Date.now() + HOUR,
  });
  return new BlobServiceClient(cloud.storage.endpoint, { getToken }, trusting(cloud.ca));
}

/** What a user delegation SAS is made of. */
export interface DelegationWish {
  readonly blob: string;
  readonly permissions?: string;
  /** End of the SAS. */
  readonly expiresOn?: Date;
  /** End of the key. */
  readonly keyExpiresOn?: Date;
}

/** URL of one blob with a user delegation SAS that a principal has made, read only unless wished otherwise. */
export async function delegatedUrl(cloud: StorageCloud, objectId: string, wish: DelegationWish): Promise<string> {
  const { blob, permissions = 'r', expiresOn = new Date(Date.now() + HOUR), keyExpiresOn = expiresOn } = wish;
  const startsOn = new Date(Date.now() - 2 * HOUR);
  const key = await serviceAs(cloud, objectId).getUserDelegationKey(startsOn, keyExpiresOn);
  const sas = generateBlobSASQueryParameters(
    {
      containerName: 'transfer',
      blobName: blob,
      permissions: BlobSASPermissions.parse(permissions),
      startsOn,
      expiresOn,
      protocol: SASProtocol.Https,
    },
    key,
    cloud.storage.account,
  );
  return `${byKey(cloud).getBlobClient(blob).url}?${sas.toString()}`;
}

/** What the work is refused with. */
export const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing refused',
    (error: unknown) => error,
  );
