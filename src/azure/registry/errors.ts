import { classifyRegistry, TransferError, transferError } from '../../transfer/errors/index.ts';
import { isOutage, networkError, readServiceError, type ServiceError } from '../http/index.ts';

/** Whether the requested resource doesn't exist. */
export const isMissing = ({ status }: ServiceError): boolean => status === 404;

/** Whether the repository doesn't exist. Any other 404 comes from a server that doesn't know the path, such as a proxy. */
export const isMissingRepository = (error: ServiceError): boolean => isMissing(error) && error.code === 'NAME_UNKNOWN';

/**
 * Whether the principal lacks a permission. The registry responds with 401 where other services use 403. A firewall's 403
 * doesn't count, because it says nothing about the principal.
 */
export const isDenied = ({ status, reason }: ServiceError): boolean =>
  (status === 401 || status === 403) && classifyRegistry(reason) === 'ACRT6004';

/** Runs `work`, and replaces an expected error response by a value. */
export async function catchExpected<Result, Otherwise>(
  isExpected: (error: ServiceError) => boolean,
  otherwise: (error: ServiceError) => Otherwise,
  work: () => Promise<Result>,
): Promise<Result | Otherwise> {
  try {
    return await work();
  } catch (error) {
    const serviceError = readServiceError(error);
    // A page of a proxy or gateway says nothing about the requested resource or the principal.
    if (isOutage(error) || !isExpected(serviceError)) throw error;
    return otherwise(serviceError);
  }
}

/**
 * Converts the error of a read: ACRT2005, ACRT2012, ACRT2013, ACRT2018 or ACRT2019 without a response of the registry, ACRT6005 and ACRT6006 for known reasons,
 * ACRT6004 for all others.
 * @param registry login server
 * @param reference artifact or list that was read
 */
export function readError(error: unknown, registry: string, reference: string): TransferError {
  if (error instanceof TransferError) return error;
  const { reason, correlationId } = readServiceError(error);
  return (
    networkError(error, `https://${registry}`) ??
    transferError(classifyRegistry(reason), { registry, reference, reason }, { cause: error, correlationId })
  );
}
