import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  ContainerSASPermissions,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { StorageService } from './contracts.ts';
import { send } from './request.ts';

/** A container, and a SAS with all permissions on its blobs. */
export interface Container {
  readonly uri: string;
  /** Without `?`. */
  readonly sas: string;
  readonly sasExpires: Date;
}

const SAS_DAYS = 7;

/**
 * Creates a container with the account's key.
 * @param ca PEM of the CA that certifies the account's endpoint
 */
export async function createContainer(storage: StorageService, ca: string, name: string): Promise<Container> {
  const key = new StorageSharedKeyCredential(storage.account, storage.key);
  const sasExpires = new Date(Date.now() + SAS_DAYS * 86_400_000);
  const accountSas = generateAccountSASQueryParameters(
    {
      services: AccountSASServices.parse('b').toString(),
      resourceTypes: AccountSASResourceTypes.parse('c').toString(),
      permissions: AccountSASPermissions.parse('c'),
      expiresOn: sasExpires,
    },
    key,
  );
  const uri = `${storage.endpoint}/${name}`;
  const { status, body } = await send(`${uri}?restype=container&${accountSas.toString()}`, {
    ca,
    method: 'PUT',
    body: '',
  });
  if (status !== 201) throw new Error(`The container ${name} was not created: ${status} ${body}`);
  const permissions = ContainerSASPermissions.parse('racwdl');
  const sas = generateBlobSASQueryParameters({ containerName: name, permissions, expiresOn: sasExpires }, key);
  return { uri, sas: sas.toString(), sasExpires };
}
