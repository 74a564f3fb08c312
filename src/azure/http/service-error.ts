/** Parses errors that SDK calls throw; network errors. */
import { isRestError, type RestError } from '@azure/core-rest-pipeline';
import {
  classifyNetwork,
  classifyOutage,
  TransferError,
  transferError,
  type ErrorResponse,
} from '../../transfer/errors/index.ts';
import { proxyOf } from './proxy.ts';
import { REQUEST_SECONDS } from './request-timeout.ts';

/** An error response of a service, or an error without a response. */
export interface ServiceError {
  /** HTTP status; null if there was no response. */
  readonly status: number | null;
  /** `AuthorizationFailed`, `BlobNotFound` …; null if the error has none. */
  readonly code: string | null;
  /** One line of readable text. */
  readonly reason: string;
  readonly correlationId: string | null;
}

/** Error codes of Node and the SDKs for connections that failed or broke. */
const NETWORK_CODES =
  /^(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|REQUEST_SEND_ERROR|PARSE_ERROR|CERT_.*|UNABLE_TO_.*|SELF_SIGNED.*|DEPTH_ZERO.*|ERR_TLS.*|ERR_SSL.*|EPROTO|PROXY_.*)$/;

/** Characters. A hostile service could send megabytes. */
const MAX_REASON_LENGTH = 2000;

/** Truncates the text of a service and collapses its white space into one line. */
export const oneLine = (text: string): string => text.slice(0, MAX_REASON_LENGTH).replace(/\s+/g, ' ').trim();

const nonEmptyString = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Reads `{"error":{"code","message"}}` of ARM, or `{"errors":[{"code","message"}]}` of a registry. */
function bodyError(body: unknown): { code: string | null; message: string | null } {
  const { error, errors } = (body ?? {}) as { error?: unknown; errors?: unknown };
  const first: unknown = Array.isArray(errors) ? errors[0] : error;
  const { code, message } = (first ?? {}) as { code?: unknown; message?: unknown };
  return { code: nonEmptyString(code), message: nonEmptyString(message) };
}

function parseErrorBody(error: RestError): unknown {
  try {
    return JSON.parse(error.response?.bodyAsText ?? '');
  } catch {
    return undefined;
  }
}

/** The parts of a response that decide whether the request is retried. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | undefined };
}

/** The error response inside a thrown SDK error; null if there was no response, or a successful one that couldn't be read. */
export function thrownResponse(error: unknown): ResponseHead | null {
  if (!isRestError(error) || error.statusCode === undefined || error.response === undefined) return null;
  return error.statusCode < 300 ? null : { status: error.statusCode, headers: error.response.headers };
}

/** Whether an error is an abort (AbortError). */
export const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** The reason in any thrown value, in one line. */
export const serviceReason = (error: unknown): string => readServiceError(error).reason;

function fromRestError(error: RestError): ServiceError {
  const headers = error.response?.headers;
  const body = bodyError(parseErrorBody(error));
  const code = body.code ?? headers?.get('x-ms-error-code') ?? nonEmptyString(error.code);
  const status = error.statusCode ?? null;
  const message = oneLine(body.message ?? error.message);
  // A response to HEAD has no body, so the code is the only information.
  const text =
    code === null || message.includes(code) ? message : [code, message].filter((part) => part !== '').join(': ');
  const reason = oneLine([status === null ? '' : `HTTP ${status}`, text].filter((part) => part !== '').join(' '));
  const correlationId = headers?.get('x-ms-correlation-request-id') ?? headers?.get('x-ms-request-id') ?? null;
  return { status, code, reason, correlationId };
}

/** Parses what an SDK call has thrown. */
export function readServiceError(error: unknown): ServiceError {
  if (isRestError(error)) return fromRestError(error);
  if (!(error instanceof Error)) return { status: null, code: null, reason: String(error), correlationId: null };
  const code = nonEmptyString((error as NodeJS.ErrnoException).code);
  return { status: null, code, reason: oneLine(error.message), correlationId: null };
}

/** Codes of connections that couldn't be opened. With a proxy, the connection to the proxy itself. */
const NOT_CONNECTED = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** https-proxy-agent: the proxy closed the connection before it answered. */
const PROXY_CLOSED = /^Proxy connection ended/;

/**
 * Adds the proxy that a request was sent through to the reason of its error.
 * @param proxy without its credentials; null: the request was sent directly
 */
export const throughProxy = (reason: string, proxy: string | null): string =>
  proxy === null ? reason : `${reason} (through the proxy ${proxy})`;

/** The title of a page of HTML, which often names the proxy. */
const titleOf = (body: string | null): string =>
  oneLine(/<title[^>]{0,200}>([^<]{1,200})/i.exec(body ?? '')?.[1] ?? '');

/**
 * Converts a response that the service itself didn't give, or a server error (ACRT2018, ACRT2019). Null for any other response.
 * @param url of the request
 */
export function outageError(
  response: ErrorResponse,
  url: string,
  { reason, ...context }: { readonly reason: string; readonly cause?: unknown; readonly correlationId?: string | null },
): TransferError | null {
  const id = classifyOutage(response);
  if (id === null) return null;
  const title = id === 'ACRT2018' ? titleOf(response.body) : '';
  const page = `HTTP ${response.status}${title === '' ? '' : `, a page with the title "${title}"`}`;
  const text = throughProxy(id === 'ACRT2018' ? page : reason, proxyOf(url));
  return transferError(id, { host: new URL(url).host, reason: text }, context);
}

/** The error response in a thrown SDK error; null if there was none. */
function errorResponse(error: unknown): ErrorResponse | null {
  const head = thrownResponse(error);
  if (head === null || !isRestError(error)) return null;
  const { status, headers } = head;
  return { status, contentType: headers.get('content-type') ?? null, body: error.response?.bodyAsText ?? null };
}

/** Whether an error response says nothing about the request: a page of a proxy or gateway, or a server error. */
export function isOutage(error: unknown): boolean {
  const response = errorResponse(error);
  return response !== null && classifyOutage(response) !== null;
}

/**
 * Converts the error of a request that the service didn't answer: without a response (ACRT2005, ACRT2012, ACRT2013), answered by
 * a proxy or gateway (ACRT2018), or with a server error (ACRT2019), or without a connection to the proxy (ACRT2020). Null for
 * any other response. The message names the proxy of the request.
 * @param url of the request
 */
export function networkError(error: unknown, url: string): TransferError | null {
  if (isAbort(error)) {
    const timeout = throughProxy(`no response within ${REQUEST_SECONDS} s`, proxyOf(url));
    return transferError('ACRT2005', { host: new URL(url).host, reason: timeout }, { cause: error });
  }
  const { status, code, reason, correlationId } = readServiceError(error);
  const response = errorResponse(error);
  if (response !== null) return outageError(response, url, { reason, correlationId, cause: error });
  if (status !== null || code === null || !NETWORK_CODES.test(code)) return null;
  const { host } = new URL(url);
  const proxy = proxyOf(url);
  if (proxy !== null && (NOT_CONNECTED.test(code) || PROXY_CLOSED.test(reason))) {
    return transferError('ACRT2020', { proxy, host, reason }, { cause: error });
  }
  return transferError(classifyNetwork(code), { host, reason: throughProxy(reason, proxy) }, { cause: error });
}

/**
 * Converts an error that means the same for every operation: a failed sign-in, or a request that the service didn't answer
 * (ACRT2001 to ACRT2020). Null for an error response of a service.
 * @param url of the request
 */
export const knownError = (error: unknown, url: string): TransferError | null =>
  error instanceof TransferError ? error : networkError(error, url);
