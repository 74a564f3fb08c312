import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { CloudDescription } from './description.ts';

/** Permissions and times of a SAS. */
export interface SasWish {
  /** Letters, such as `racwdl`. */
  readonly permissions: string;
  /** Absent: now. */
  readonly startsOn?: Date;
  readonly expiresOn: Date;
}

/** A SAS of the container of a cloud's pipelines, signed with the account's key: without `?`, for HTTPS only. */
export function containerSas(storage: CloudDescription['storage'], wish: SasWish): string {
  const values = {
    ...wish,
    containerName: new URL(storage.containerUri).pathname.split('/').at(-1) ?? '',
    permissions: ContainerSASPermissions.parse(wish.permissions),
    protocol: SASProtocol.Https,
  };
  const key = new StorageSharedKeyCredential(storage.account, storage.key);
  return generateBlobSASQueryParameters(values, key).toString();
}
