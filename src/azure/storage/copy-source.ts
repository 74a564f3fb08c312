/**
 * Authorization of the source of a server-side copy: by user delegation SAS, or by token.
 *
 * A user delegation SAS for one blob is signed with a key of the principal (Microsoft: Create a user delegation SAS).
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

/** Period of validity, milliseconds since the epoch. */
export interface Validity {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Requests keys and signs SAS for a principal. */
interface Delegation {
  /**
   * Requests a user delegation key.
   * @returns null if the principal lacks the permission
   */
  readonly requestKey: (validity: Validity) => Promise<UserDelegationKey | null>;
  /** Creates a SAS, without `?`, that reads one blob by HTTPS. */
  readonly sign: (blob: string, key: UserDelegationKey, validity: Validity) => string;
}

/** Endpoint of the account: the part of the URL before the container. */
function serviceUrl({ url, containerName }: ContainerClient): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.slice(0, -containerName.length)}`;
}

/** Creates the delegation of the principal that a container's clients use. */
export function delegationOf({
  retrying,
  timeLimitedPipeline,
  mask,
}: Pick<ContainerClients, 'retrying' | 'timeLimitedPipeline'> & Pick<AuthorizationContext, 'mask'>): Delegation {
  const { accountName, containerName } = retrying;
  return {
    requestKey: async ({ startsAt, endsAt }) => {
      const service = new BlobServiceClient(serviceUrl(retrying), timeLimitedPipeline());
      try {
        const key = await service.getUserDelegationKey(new Date(startsAt), new Date(endsAt));
        mask(key.value);
        return key;
      } catch (error) {
        // The permission is needed on the account. A role on the container doesn't grant it.
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

/** Context of an authorization. */
export interface AuthorizationContext {
  readonly clock: Pick<Clock, 'now'>;
  /** Called with each secret before it is used. */
  readonly mask: (secret: string) => void;
}

/** A container whose blobs can be authorized as the source of a copy. */
interface SourceAuthorizer {
  readonly delegation: Delegation;
  /** URL of a blob, without SAS. */
  readonly urlOf: (blob: string) => string;
  /** The principal's own token for storage. */
  readonly token: () => Promise<string>;
}

/** A key, and the SAS that were signed with it. */
interface Signer extends Validity {
  readonly key: UserDelegationKey;
  /** SAS by blob. The blocks of a blob share a SAS, so that it is masked only once. */
  readonly sasByBlob: Map<string, string>;
}

const LIFETIME_MINUTES = 60;

/** A key with a shorter remaining lifetime is replaced. */
const RENEWAL_MINUTES = 10;

/** Tolerated difference between the clocks of runner and service. */
const SKEW_MINUTES = 5;

const minutes = (count: number): number => count * 60_000;

/** Caches the key. Concurrent callers share one request. The key is renewed before it expires. Null: the principal gets no key. */
function cachedSigner({ delegation }: SourceAuthorizer, { clock }: AuthorizationContext): () => Promise<Signer | null> {
  let cached: Promise<Signer | null> | null = null;
  const requestSigner = async (): Promise<Signer | null> => {
    const validity = { startsAt: clock.now() - minutes(SKEW_MINUTES), endsAt: clock.now() + minutes(LIFETIME_MINUTES) };
    const key = await delegation.requestKey(validity);
    return key === null ? null : { ...validity, key, sasByBlob: new Map() };
  };
  const renew = (): Promise<Signer | null> => {
    const pending = requestSigner().catch((error: unknown) => {
      cached = null;
      throw error;
    });
    cached = pending;
    return pending;
  };
  return async () => {
    const current = cached ?? renew();
    const signer = await current;
    if (signer === null || signer.endsAt - clock.now() >= minutes(RENEWAL_MINUTES)) return signer;
    // The first caller renews the key, the others wait for it.
    return cached === current || cached === null ? renew() : cached;
  };
}

/**
 * The secret part of a SAS, without padding. The runner compares each log line with each mask, in every form. A transfer can
 * have thousands of blobs, so nothing else of a SAS is masked.
 */
const signatureOf = (sas: string): string => (new URLSearchParams(sas).get('sig') ?? sas).replace(/=+$/, '');

/** Authorizes blobs by the SAS in their URLs. */
export const authorizeBySasUrl =
  (urlOf: (blob: string) => string): DirectCopy['authorizeSource'] =>
  (blob) =>
    Promise.resolve({ url: urlOf(blob), authorization: null });

/**
 * Authorizes each blob by a user delegation SAS for this blob. If the principal can't get a key, the blob is authorized by
 * the principal's own token.
 */
export function authorizeByDelegation(
  source: SourceAuthorizer,
  context: AuthorizationContext,
): DirectCopy['authorizeSource'] {
  const currentSigner = cachedSigner(source, context);
  const sasOf = (signer: Signer, blob: string): string => {
    const existing = signer.sasByBlob.get(blob);
    if (existing !== undefined) return existing;
    const sas = source.delegation.sign(blob, signer.key, signer);
    context.mask(signatureOf(sas));
    signer.sasByBlob.set(blob, sas);
    return sas;
  };
  return async (blob) => {
    const [url, signer] = [source.urlOf(blob), await currentSigner()];
    if (signer !== null) return { url: `${url}?${sasOf(signer, blob)}`, authorization: null };
    return { url, authorization: `Bearer ${await source.token()}` };
  };
}

/**
 * Expiry of a SAS, milliseconds since the epoch: `se`, or the expiry `ske` of its user delegation key if that is earlier
 * (Microsoft: Create a user delegation SAS). Null if it has neither.
 */
export function sasExpiresAt(sas: string): number | null {
  const fields = new URLSearchParams(sas);
  const expiries = ['se', 'ske']
    .map((name) => Date.parse(fields.get(name) ?? ''))
    .filter((time) => !Number.isNaN(time));
  return expiries.length === 0 ? null : Math.min(...expiries);
}
