/** Reads what an SDK has thrown; network errors. */
import { isRestError, type RestError } from '@azure/core-rest-pipeline';
import { classifyNetwork, TransferError, transferError } from '../../transfer/errors/index.ts';
import { REQUEST_SECONDS } from './request-timeout.ts';

/** What a service said when it refused. */
export interface ServiceError {
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** `AuthorizationFailed`, `BlobNotFound` …; null when the service gave none. */
  readonly code: string | null;
  /** One line for people. */
  readonly reason: string;
  readonly correlationId: string | null;
}

/** Codes of Node for connections that never came about, or broke. */
const NETWORK_CODES =
  /^(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|REQUEST_SEND_ERROR|PARSE_ERROR|CERT_.*|UNABLE_TO_.*|SELF_SIGNED.*|DEPTH_ZERO.*|ERR_TLS.*|ERR_SSL.*|EPROTO)$/;

/** Nobody reads more; who means harm could send megabytes. */
const MAX_REASON_LENGTH = 2000;

/** What a service says, in one line that a person would read. */
export const oneLine = (text: string): string => text.slice(0, MAX_REASON_LENGTH).replace(/\s+/g, ' ').trim();

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** `{"error":{"code","message"}}` of ARM, or `{"errors":[{"code","message"}]}` of a registry. */
function bodyError(body: unknown): { code: string | null; message: string | null } {
  const { error, errors } = (body ?? {}) as { error?: unknown; errors?: unknown };
  const first: unknown = Array.isArray(errors) ? errors[0] : error;
  const { code, message } = (first ?? {}) as { code?: unknown; message?: unknown };
  return { code: textOf(code), message: textOf(message) };
}

function parsedBody(error: RestError): unknown {
  try {
    return JSON.parse(error.response?.bodyAsText ?? '');
  } catch {
    return undefined;
  }
}

/** As much of an answer as tells whether to ask again. */
export interface Answered {
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | undefined };
}

/** The answer that an SDK has thrown; null when there was none, or a good one that could not be read. */
export function answerIn(error: unknown): Answered | null {
  if (!isRestError(error) || error.statusCode === undefined || error.response === undefined) return null;
  return error.statusCode < 300 ? null : { status: error.statusCode, headers: error.response.headers };
}

/** Whether an error only says that the caller has given up. */
export const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** What any thrown value says, in one line. */
export const serviceReason = (error: unknown): string => readServiceError(error).reason;

function answerOf(error: RestError): ServiceError {
  const headers = error.response?.headers;
  const body = bodyError(parsedBody(error));
  const code = body.code ?? headers?.get('x-ms-error-code') ?? textOf(error.code);
  const status = error.statusCode ?? null;
  const message = oneLine(body.message ?? error.message);
  // An answer to HEAD has no body, so that the code is all there is to say.
  const words =
    code === null || message.includes(code) ? message : [code, message].filter((part) => part !== '').join(': ');
  const reason = oneLine([status === null ? '' : `HTTP ${status}`, words].filter((part) => part !== '').join(' '));
  const correlationId = headers?.get('x-ms-correlation-request-id') ?? headers?.get('x-ms-request-id') ?? null;
  return { status, code, reason, correlationId };
}

/** Reads what an SDK call has thrown. */
export function readServiceError(error: unknown): ServiceError {
  if (isRestError(error)) return answerOf(error);
  if (!(error instanceof Error)) return { status: null, code: null, reason: String(error), correlationId: null };
  const code = textOf((error as NodeJS.ErrnoException).code);
  return { status: null, code, reason: oneLine(error.message), correlationId: null };
}

/**
 * The failure of a request that never got an answer (ACRT2005, ACRT2012, ACRT2013); null when there was one.
 * @param url what was asked
 */
export function networkError(error: unknown, url: string): TransferError | null {
  if (isAbort(error)) {
    return transferError(
      'ACRT2005',
      { host: new URL(url).host, reason: `no answer within ${REQUEST_SECONDS} s` },
      { cause: error },
    );
  }
  const { status, code, reason } = readServiceError(error);
  if (status !== null || code === null || !NETWORK_CODES.test(code)) return null;
  return transferError(classifyNetwork(code), { host: new URL(url).host, reason }, { cause: error });
}

/**
 * The failure that an error is by itself, whatever was being done: of the sign-in, or of a request that got no answer
 * (ACRT2001 to ACRT2013); null when a service has refused.
 * @param url what was asked
 */
export const knownError = (error: unknown, url: string): TransferError | null =>
  error instanceof TransferError ? error : networkError(error, url);
