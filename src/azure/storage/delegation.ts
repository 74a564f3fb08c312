/** User delegation: a SAS for one blob, signed with a key that the principal was given (Microsoft: Create a user delegation SAS). */
import {
  BlobSASPermissions,
  BlobServiceClient,
  generateBlobSASQueryParameters,
  SASProtocol,
  type ContainerClient,
  type UserDelegationKey,
} from '@azure/storage-blob';
import { refusalOf } from '../service-error.ts';
import type { ContainerClients } from './access.ts';

/** A span of time, milliseconds since the epoch. */
export interface Validity {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Signs in the name of a principal. */
export interface Delegation {
  /**
   * Asks for a key.
   * @returns null when the principal may not have one
   */
  readonly askForKey: (validity: Validity) => Promise<UserDelegationKey | null>;
  /** SAS, without `?`, that reads one blob, by HTTPS. */
  readonly sign: (blob: string, key: UserDelegationKey, validity: Validity) => string;
}

/** The account's endpoint: what stands before the container in its URL. */
function serviceUrl({ url, containerName }: ContainerClient): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.slice(0, -containerName.length)}`;
}

/** Delegation of the principal that a container was opened as. */
export function delegationOf({ patient, timely }: Pick<ContainerClients, 'patient' | 'timely'>): Delegation {
  const { accountName, containerName } = patient;
  return {
    askForKey: async ({ startsAt, endsAt }) => {
      const service = new BlobServiceClient(serviceUrl(patient), timely());
      try {
        return await service.getUserDelegationKey(new Date(startsAt), new Date(endsAt));
      } catch (error) {
        // The right to have one is a right on the account, which a role on the container does not give.
        const { status } = refusalOf(error);
        if (status === 401 || status === 403) return null;
        throw error;
      }
    },
    sign: (blob, key, { startsAt, endsAt }) => {
      const values = {
        containerName,
        blobName: blob,
        permissions: BlobSASPermissions.parse('r'),
        protocol: SASProtocol.Https,
        startsOn: new Date(startsAt),
        expiresOn: new Date(endsAt),
      };
      return generateBlobSASQueryParameters(values, key, accountName).toString();
    },
  };
}
