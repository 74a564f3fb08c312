/** Classifies error responses of storage, and lost connections. */
import { isRestError } from '@azure/core-rest-pipeline';
import { classifyStorage, TransferError, transferError, type Temporary } from '../../transfer/errors/index.ts';
import type { Side } from '../../transfer/model/side.ts';
import { networkError, readServiceError, retryAfterSeconds, type ServiceError } from '../http/index.ts';

/** A blob of one side's container. */
export interface BlobLocation {
  readonly side: Side;
  readonly uri: string;
  readonly blob: string;
}

/** Whether a blob doesn't exist. The 404 of a missing container only differs in its code. */
export const isMissingBlob = ({ status, code }: ServiceError): boolean =>
  status === 404 && code !== 'ContainerNotFound';

/** Whether a condition of the request isn't met. A lease also causes a 412 (Microsoft: Blob service error codes). */
const isConditionNotMet = ({ status, code }: ServiceError): boolean =>
  status === 412 && code?.startsWith('Lease') !== true;

/**
 * Whether a conditional write failed because the blob has changed (Microsoft: "Specifying conditional headers for Blob
 * service operations"): it has another version, already exists, or no longer exists.
 */
export const hasChanged = (error: ServiceError): boolean =>
  isConditionNotMet(error) || error.code === 'BlobAlreadyExists' || error.code === 'BlobNotFound';

/** The blob has uncommitted blocks with ids of another length (Microsoft: Blob service error codes). */
const FOREIGN_BLOCKS = ['InvalidBlobOrBlock', 'InvalidBlockId'];

/** Statuses of temporary errors. */
const isTransient = (status: number): boolean => [408, 429, 500, 502, 503, 504].includes(status);

/** Codes of temporary errors of a copy's source. The SDK's own retries use the same codes, regardless of the status. */
const TRANSIENT_SOURCE_CODES = ['InternalError', 'OperationTimedOut', 'ServerBusy'];

const headerOf = (error: unknown, name: string): string | null =>
  (isRestError(error) ? error.response?.headers.get(name) : null) ?? null;

/** Whether the service throttles (Microsoft: "Scalability and performance targets for Blob storage", ServerBusy). */
const isThrottled = ({ status, code }: ServiceError, requestedSeconds: number | null): boolean =>
  status === 429 || (status === 503 && (code === null || code === 'ServerBusy' || requestedSeconds !== null));

/** A temporary error without a requested wait. */
const TEMPORARY: Temporary = { retryAfterSeconds: null, throttled: false };

/** TLS errors and refusals of a proxy aren't temporary: a retry doesn't make a certificate valid. */
const PERMANENT = /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS|ERR_SSL|PROXY_REFUSED)/;

function temporaryNetworkError(error: unknown, code: string | null): Temporary | null {
  if (code !== null && PERMANENT.test(code)) return null;
  return networkError(error, 'https://storage') === null ? null : TEMPORARY;
}

/** Creates the temporary error of a connection that was lost or has stalled (ACRT2005). */
export const connectionLost = (host: string, reason: string, cause?: unknown): TransferError =>
  transferError('ACRT2005', { host, reason }, { cause, temporary: TEMPORARY });

/** HTTP status of the source of a copy, from the service's response; null if the response doesn't contain it. */
export function sourceStatus(error: unknown): number | null {
  const status = headerOf(error, 'x-ms-copy-source-status-code');
  return status === null ? null : Number(status);
}

/** How a temporary error is retried; null for a permanent one. */
export function temporaryOf(error: unknown, serviceError: ServiceError, now: number): Temporary | null {
  const { status, code } = serviceError;
  if (status === null) return temporaryNetworkError(error, code);
  if (code === 'Md5Mismatch') return TEMPORARY;
  const sourceCode = headerOf(error, 'x-ms-copy-source-error-code');
  if (!isTransient(status) && (sourceCode === null || !TRANSIENT_SOURCE_CODES.includes(sourceCode))) return null;
  const seconds = retryAfterSeconds((name) => headerOf(error, name), now);
  return { retryAfterSeconds: seconds, throttled: isThrottled(serviceError, seconds) };
}

/**
 * Converts any error of the SDK: ACRT2005, ACRT2012, ACRT2013, ACRT2018, ACRT3006, ACRT5003, ACRT5004, ACRT5005, ACRT5013,
 * ACRT5015 to ACRT5020. The caller handles its own aborts before.
 */
export function storageError(error: unknown, { side, uri, blob }: BlobLocation): TransferError {
  if (error instanceof TransferError) return error;
  const serviceError = readServiceError(error);
  const { status, code, reason, correlationId } = serviceError;
  const context = { cause: error, correlationId, temporary: temporaryOf(error, serviceError, Date.now()) };
  if (isConditionNotMet(serviceError)) return transferError('ACRT5003', { blob }, context);
  if (code === 'ContainerNotFound') return transferError('ACRT3006', { side, container: uri }, context);
  const known = classifyStorage(code);
  if (known !== null) return transferError(known, { side, container: uri, reason }, context);
  const network = networkError(error, uri);
  // A server error of storage itself is ACRT5005, which names the blob.
  if (network !== null && network.facts.id !== 'ACRT2019') {
    // Keeps the facts, and adds whether a retry can help.
    return new TransferError(network.facts, context);
  }
  if (status === 401 || status === 403) return transferError('ACRT5004', { side, container: uri, reason }, context);
  if (code !== null && FOREIGN_BLOCKS.includes(code)) {
    return transferError('ACRT5013', { blob, container: uri, reason }, context);
  }
  return transferError('ACRT5005', { container: uri, blob, reason }, context);
}
