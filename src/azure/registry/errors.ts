import { classifyRegistry, TransferError, transferError } from '../../transfer/errors/index.ts';
import { networkError, readServiceError, type ServiceError } from '../http/index.ts';

/** Whether something is not there. */
export const isMissing = ({ status }: ServiceError): boolean => status === 404;

/** Whether a repository is not there. Any other 404 is of somebody who does not know the path. */
export const isMissingRepository = (refusal: ServiceError): boolean =>
  isMissing(refusal) && refusal.code === 'NAME_UNKNOWN';

/**
 * Whether the principal may not have it. The registry says so with 401 where others say 403. A firewall's 403 says nothing
 * about the principal.
 */
export const isDenied = ({ status, reason }: ServiceError): boolean =>
  (status === 401 || status === 403) && classifyRegistry(reason) === 'ACRT6004';

/** What the work gives, or something else when it was refused in a way that is an answer too. */
export async function catchExpected<Result, Otherwise>(
  expected: (refusal: ServiceError) => boolean,
  otherwise: (refusal: ServiceError) => Otherwise,
  work: () => Promise<Result>,
): Promise<Result | Otherwise> {
  try {
    return await work();
  } catch (error) {
    const refusal = readServiceError(error);
    if (!expected(refusal)) throw error;
    return otherwise(refusal);
  }
}

/**
 * The failure of a read: ACRT2005 when there was no answer, ACRT6005 and ACRT6006 for what is known, ACRT6004 for every other reason.
 * @param registry its login server
 * @param reference what was to be read
 */
export function readError(error: unknown, registry: string, reference: string): TransferError {
  if (error instanceof TransferError) return error;
  const { reason, correlationId } = readServiceError(error);
  const unanswered = networkError(error, `https://${registry}`);
  return (
    unanswered ??
    transferError(classifyRegistry(reason), { registry, reference, reason }, { cause: error, correlationId })
  );
}
