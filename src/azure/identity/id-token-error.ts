/** Errors of requests for GitHub's id-token. */
import { transferError, type TransferError } from '../../transfer/errors/index.ts';
import { proxyName, serviceReason, throughProxy } from '../http/index.ts';

const HOST = "GitHub's id-token service";

/** @actions/http-client (tunnel): the proxy refused CONNECT, or there was no connection to it. */
const PROXY_ERROR = /tunneling socket could not be established, (?:statusCode=(\d+)|cause=(.*))/;

/** Node's messages about certificates. The error of the library has no code. */
const UNTRUSTED = /certificate/i;

/**
 * Converts the error of a request for GitHub's id-token: ACRT2018 and ACRT2020 if the proxy is the cause, ACRT2013 for a
 * certificate, otherwise ACRT2019. The library's error has no status. A job without the permission gets no error, so every
 * error is an outage.
 */
export function idTokenError(cause: unknown): TransferError {
  const reason = serviceReason(cause);
  const proxy = proxyName();
  const [matched, status, failure = ''] = PROXY_ERROR.exec(reason) ?? [];
  if (matched !== undefined && proxy !== null) {
    return status === undefined
      ? transferError('ACRT2020', { proxy, host: HOST, reason: failure }, { cause })
      : transferError('ACRT2018', { host: HOST, reason: throughProxy(`HTTP ${status}`, proxy) }, { cause });
  }
  return transferError(UNTRUSTED.test(reason) ? 'ACRT2013' : 'ACRT2019', { host: HOST, reason }, { cause });
}
