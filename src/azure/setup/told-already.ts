import { Failure } from '../../transfer/failure.ts';
import { networkFailure } from '../service-error.ts';

/**
 * The failure that an error is by itself, whatever was being done: of the sign-in, or of a request that got no answer
 * (ACRT2001 to ACRT2013); null when a service has refused.
 * @param url what was asked
 */
export const toldAlready = (error: unknown, url: string): Failure | null =>
  error instanceof Failure ? error : networkFailure(error, url);
