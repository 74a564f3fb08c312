/** What storage's answers and broken connections mean. */
import { isRestError } from '@azure/core-rest-pipeline';
import { classifyStorage, TransferError, transferError, type Temporary } from '../../transfer/errors/index.ts';
import type { Side } from '../../transfer/model/side.ts';
import { networkError, parseRetryAfter, readServiceError, type ServiceError } from '../http/index.ts';

/** What was asked for. */
export interface StoragePlace {
  readonly side: Side;
  readonly uri: string;
  readonly blob: string;
}

/** `404` of a blob and of its container look alike but for the code. */
export const isMissingBlob = ({ status, code }: ServiceError): boolean =>
  status === 404 && code !== 'ContainerNotFound';

/** A condition of the request does not hold. A lease is answered with 412 too (Microsoft: Blob service error codes). */
const isConditionNotMet = ({ status, code }: ServiceError): boolean =>
  status === 412 && code?.startsWith('Lease') !== true;

/**
 * Whether a write was refused because the blob is not what it was (Microsoft: "Specifying conditional headers for Blob
 * service operations"): another version, there already, or not there any more.
 */
export const hasChanged = (refusal: ServiceError): boolean =>
  isConditionNotMet(refusal) || refusal.code === 'BlobAlreadyExists' || refusal.code === 'BlobNotFound';

/** Ids of another length wait for this blob (Microsoft: Blob service error codes). */
const FOREIGN_BLOCKS = ['InvalidBlobOrBlock', 'InvalidBlockId'];

/** Statuses that may pass. */
const isTransient = (status: number): boolean => [408, 429, 500, 502, 503, 504].includes(status);

/** The source of a copy had trouble that may pass (the SDK's own retries take these codes for it, whatever the status). */
const TRANSIENT_SOURCE = ['InternalError', 'OperationTimedOut', 'ServerBusy'];

const headerOf = (error: unknown, name: string): string | null =>
  (isRestError(error) ? error.response?.headers.get(name) : null) ?? null;

/** Asked for less (Microsoft: "Scalability and performance targets for Blob storage", ServerBusy). */
const isThrottled = ({ status, code }: ServiceError, retryAfterSeconds: number | null): boolean =>
  status === 429 || (status === 503 && (code === null || code === 'ServerBusy' || retryAfterSeconds !== null));

const LOST: Temporary = { retryAfterSeconds: null, throttled: false };

/** No certificate becomes valid by waiting. */
const REFUSED_BY_US = /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS|ERR_SSL)/;

function lostConnection(error: unknown, code: string | null): Temporary | null {
  if (code !== null && REFUSED_BY_US.test(code)) return null;
  return networkError(error, 'https://storage') === null ? null : LOST;
}

/** A connection that broke, or came to a standstill, in the middle (ACRT2005, temporary). */
export const connectionLost = (host: string, reason: string, cause?: unknown): TransferError =>
  transferError('ACRT2005', { host, reason }, { cause, temporary: LOST });

/** The HTTP status that the source of a copy answered with, as the service tells it; null when it does not. */
export function sourceStatus(error: unknown): number | null {
  const told = headerOf(error, 'x-ms-copy-source-status-code');
  return told === null ? null : Number(told);
}

/** Whether the same request may go better the next time. */
export function temporaryOf(error: unknown, refusal: ServiceError, now: number): Temporary | null {
  const { status, code } = refusal;
  if (status === null) return lostConnection(error, code);
  if (code === 'Md5Mismatch') return LOST;
  const ofSource = headerOf(error, 'x-ms-copy-source-error-code');
  if (!isTransient(status) && (ofSource === null || !TRANSIENT_SOURCE.includes(ofSource))) return null;
  const retryAfterSeconds = parseRetryAfter(headerOf(error, 'retry-after'), now);
  return { retryAfterSeconds, throttled: isThrottled(refusal, retryAfterSeconds) };
}

/**
 * What anything that the SDK throws means for a container: ACRT2005, ACRT3006, ACRT5003, ACRT5004, ACRT5005, ACRT5013, ACRT5015
 * to ACRT5020. A request that the caller has ended is the caller's affair, not for here.
 */
export function storageError(error: unknown, { side, uri, blob }: StoragePlace): TransferError {
  if (error instanceof TransferError) return error;
  const refusal = readServiceError(error);
  const { status, code, reason, correlationId } = refusal;
  const context = { cause: error, correlationId, temporary: temporaryOf(error, refusal, Date.now()) };
  if (isConditionNotMet(refusal)) return transferError('ACRT5003', { blob }, context);
  if (code === 'ContainerNotFound') return transferError('ACRT3006', { side, container: uri }, context);
  const known = classifyStorage(code);
  if (known !== null) return transferError(known, { side, container: uri, reason }, context);
  if (status === 401 || status === 403) return transferError('ACRT5004', { side, container: uri, reason }, context);
  if (code !== null && FOREIGN_BLOCKS.includes(code)) {
    return transferError('ACRT5013', { blob, container: uri, reason }, context);
  }
  const network = status === null ? networkError(error, uri) : null;
  if (network !== null) {
    // Its words, but with what is known of trying again.
    return new TransferError(network.facts, context);
  }
  return transferError('ACRT5005', { container: uri, blob, reason }, context);
}
