import { Failure, failure, registryFailureId } from '../../transfer/errors/index.ts';
import { networkFailure, refusalOf, type ServiceRefusal } from '../http/index.ts';

/** Whether something is not there. */
export const isMissing = ({ status }: ServiceRefusal): boolean => status === 404;

/** Whether a repository is not there. Any other 404 is of somebody who does not know the path. */
export const isMissingRepository = (refusal: ServiceRefusal): boolean =>
  isMissing(refusal) && refusal.code === 'NAME_UNKNOWN';

/**
 * Whether the principal may not have it. The registry says so with 401 where others say 403. A firewall's 403 says nothing
 * about the principal.
 */
export const isDenied = ({ status, reason }: ServiceRefusal): boolean =>
  (status === 401 || status === 403) && registryFailureId(reason) === 'ACRT6004';

/** What the work gives, or something else when it was refused in a way that is an answer too. */
export async function unless<Result, Otherwise>(
  expected: (refusal: ServiceRefusal) => boolean,
  otherwise: (refusal: ServiceRefusal) => Otherwise,
  work: () => Promise<Result>,
): Promise<Result | Otherwise> {
  try {
    return await work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (!expected(refusal)) throw error;
    return otherwise(refusal);
  }
}

/**
 * The failure of a read: ACRT2005 when there was no answer, ACRT6005 and ACRT6006 for what is known, ACRT6004 for every other reason.
 * @param registry its login server
 * @param reference what was to be read
 */
export function readFailure(error: unknown, registry: string, reference: string): Failure {
  if (error instanceof Failure) return error;
  const { reason, correlationId } = refusalOf(error);
  const unanswered = networkFailure(error, `https://${registry}`);
  return (
    unanswered ?? failure(registryFailureId(reason), { registry, reference, reason }, { cause: error, correlationId })
  );
}
