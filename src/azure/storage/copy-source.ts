/**
 * Authorization for a server-side copy: user delegation SAS or token.
 *
 * User delegation: a SAS for one blob, signed with a key that the principal was given (Microsoft: Create a user delegation SAS).
 */
import {
  BlobSASPermissions,
  BlobServiceClient,
  generateBlobSASQueryParameters,
  SASProtocol,
  type ContainerClient,
  type UserDelegationKey,
} from '@azure/storage-blob';
import type { DirectCopy } from '../../transfer/ports/blob-container.ts';
import type { Clock } from '../../transfer/ports/clock.ts';
import { readServiceError } from '../http/index.ts';
import type { ContainerClients } from './clients.ts';

/** A span of time, milliseconds since the epoch. */
export interface Validity {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Signs in the name of a principal. */
interface Delegation {
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
        const { status } = readServiceError(error);
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

/** What lending needs besides the container. */
export interface AuthorizationContext {
  readonly clock: Pick<Clock, 'now'>;
  /** Called with everything secret before it is used. */
  readonly mask: (secret: string) => void;
}

/** A container whose blobs are lent in a principal's name. */
export interface SourceAuthorizer {
  readonly delegation: Delegation;
  /** URL of a blob, without SAS. */
  readonly urlOf: (blob: string) => string;
  /** The principal's own token for storage. */
  readonly token: () => Promise<string>;
}

/** A key to sign with, and what has been signed with it. */
interface Signer extends Validity {
  readonly key: UserDelegationKey;
  /** By blob: blocks of one blob share a SAS, so that it is masked once and not with every block. */
  readonly signed: Map<string, string>;
}

const LIFE_MINUTES = 60;
/** What ends sooner is not lent any more. */
const RENEW_MINUTES = 10;
/** Clocks of the runner and of the service may differ by so much. */
const SKEW_MINUTES = 5;

const minutes = (count: number): number => count * 60_000;

/** One request for all who ask at the same time; asked again before what came of it ends. Null: no key is to be had. */
function cachedSigner({ delegation }: SourceAuthorizer, { clock }: AuthorizationContext): () => Promise<Signer | null> {
  let kept: Promise<Signer | null> | null = null;
  const ask = async (): Promise<Signer | null> => {
    const validity = { startsAt: clock.now() - minutes(SKEW_MINUTES), endsAt: clock.now() + minutes(LIFE_MINUTES) };
    const key = await delegation.askForKey(validity);
    return key === null ? null : { ...validity, key, signed: new Map() };
  };
  const begin = (): Promise<Signer | null> => {
    const asked = ask().catch((error: unknown) => {
      kept = null;
      throw error;
    });
    kept = asked;
    return asked;
  };
  return async () => {
    const first = kept ?? begin();
    const signer = await first;
    if (signer === null || signer.endsAt - clock.now() >= minutes(RENEW_MINUTES)) return signer;
    // Whoever notices it first asks, the others wait.
    return kept === first || kept === null ? begin() : kept;
  };
}

/** Lends by the SAS that the URLs of a container have already. */
export const authorizeAsGiven =
  (urlOf: (blob: string) => string): DirectCopy['lend'] =>
  (blob) =>
    Promise.resolve({ url: urlOf(blob), authorization: null });

/**
 * Lends blobs of a container by a user delegation SAS made on the spot for this one blob; where the principal may not make
 * one, by its own token.
 */
export function authorizeByDelegation(lender: SourceAuthorizer, context: AuthorizationContext): DirectCopy['lend'] {
  const signerNow = cachedSigner(lender, context);
  const sasOf = (signer: Signer, blob: string): string => {
    const before = signer.signed.get(blob);
    if (before !== undefined) return before;
    const sas = lender.delegation.sign(blob, signer.key, signer);
    context.mask(sas);
    signer.signed.set(blob, sas);
    return sas;
  };
  return async (blob) => {
    const [url, signer] = [lender.urlOf(blob), await signerNow()];
    if (signer !== null) return { url: `${url}?${sasOf(signer, blob)}`, authorization: null };
    return { url, authorization: `Bearer ${await lender.token()}` };
  };
}

/**
 * When a SAS ends, milliseconds since the epoch: at `se`, or with the user delegation key that it was signed with, at `ske`
 * (Microsoft: Create a user delegation SAS). Null when it does not say.
 */
export function sasEndsAt(sas: string): number | null {
  const fields = new URLSearchParams(sas);
  const ends = ['se', 'ske'].map((name) => Date.parse(fields.get(name) ?? '')).filter((end) => !Number.isNaN(end));
  return ends.length === 0 ? null : Math.min(...ends);
}
