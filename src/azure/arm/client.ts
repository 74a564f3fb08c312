import { createContainerRegistryManagement } from '@azure/arm-containerregistry/api';
import type { TokenCredential } from '@azure/core-auth';
import type * as z from 'zod';
import {
  classifyArm,
  describeSchemaError,
  isNotFound,
  TransferError,
  transferError,
} from '../../transfer/errors/index.ts';
import type { Side } from '../../transfer/model/side.ts';
import type { Cloud } from '../cloud/cloud.ts';
import {
  networkError,
  nextUrl,
  oneLine,
  outageError,
  retryAfterSeconds,
  sdkOptions,
  serviceReason,
  USER_AGENT,
} from '../http/index.ts';

/** Supports transfer pipelines with both storage access modes. */
const API_VERSION = '2025-06-01-preview';

/** ARM's response to one request. */
export interface ArmResponse {
  readonly status: number;
  readonly body: unknown;
  /** See retryAfterSeconds. */
  readonly retryAfterSeconds: number | null;
  readonly correlationId: string | null;
  /** Error of a response of 400 or above; `reason` is `Code: message`. */
  readonly error: { readonly code: string; readonly reason: string } | null;
}

/** Query of a request to another resource provider than Microsoft.ContainerRegistry. */
export interface ArmQuery {
  readonly apiVersion: string;
  /** `$filter`, not encoded; null: none. */
  readonly filter: string | null;
}

/**
 * ARM client of one side. Error responses are returned, not thrown. A request that ARM didn't answer throws ACRT2005, ACRT2012,
 * ACRT2013, ACRT2018 or ACRT2019.
 */
export interface Arm {
  readonly side: Side;
  readonly get: (resourceId: string, query?: ArmQuery) => Promise<ArmResponse>;
  readonly put: (resourceId: string, body: unknown, query?: ArmQuery) => Promise<ArmResponse>;
  readonly post: (resourceId: string, body: unknown, query?: ArmQuery) => Promise<ArmResponse>;
  readonly delete: (resourceId: string, query?: ArmQuery) => Promise<ArmResponse>;
  /** Reads the next page of a list by the URL that the service returned. Rejects with PagingError for another host. */
  readonly follow: (url: string) => Promise<ArmResponse>;
}

interface RawResponse {
  readonly status: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

function errorOf(status: number, body: unknown): ArmResponse['error'] {
  if (status < 400) return null;
  const { code, message } = ((body as { error?: unknown } | undefined)?.error ?? {}) as Record<string, unknown>;
  const name = oneLine(typeof code === 'string' ? code : `HTTP ${status}`);
  return { code: name, reason: typeof message === 'string' ? oneLine(`${name}: ${message}`) : name };
}

function toArmResponse({ status, body, headers }: RawResponse): ArmResponse {
  return {
    status: Number(status),
    body,
    retryAfterSeconds: retryAfterSeconds((name) => headers[name], Date.now()),
    correlationId: headers['x-ms-correlation-request-id'] ?? headers['x-ms-request-id'] ?? null,
    error: errorOf(Number(status), body),
  };
}

/** Throws ACRT2018 or ACRT2019 for a response that says nothing about the request. */
function throwOutage({ headers, body }: RawResponse, { status, error, correlationId }: ArmResponse, arm: string): void {
  if (error === null) return;
  const response = {
    status,
    contentType: headers['content-type'] ?? null,
    body: typeof body === 'string' ? body : null,
  };
  const outage = outageError(response, arm, { reason: error.reason, correlationId });
  if (outage !== null) throw outage;
}

/** Adds a query. The SDK client adds its own api-version only to a URL without one. */
function withQuery(resourceId: string, { apiVersion, filter }: ArmQuery): string {
  const filtered = filter === null ? '' : `&$filter=${encodeURIComponent(filter)}`;
  return `${resourceId}?api-version=${apiVersion}${filtered}`;
}

/**
 * Connects to the control plane of one side. The stable SDK has no pipeline operations, so its client context sends raw
 * requests. They use the SDK's authentication and telemetry, and this action's retry policy.
 */
export function connectArm(side: Side, cloud: Cloud, credential: TokenCredential, subscriptionId: string): Arm {
  const client = createContainerRegistryManagement(credential, subscriptionId, {
    endpoint: cloud.arm,
    apiVersion: API_VERSION,
    credentials: { scopes: [cloud.armScope] },
    userAgentOptions: { userAgentPrefix: USER_AGENT },
    ...sdkOptions(),
  });
  const send = async (verb: string, url: string, request: () => PromiseLike<unknown>): Promise<ArmResponse> => {
    try {
      const raw = (await request()) as RawResponse;
      const response = toArmResponse(raw);
      throwOutage(raw, response, cloud.arm);
      return response;
    } catch (error) {
      if (error instanceof TransferError) throw error;
      const values = { side, what: `${verb} ${url}`, reason: serviceReason(error) };
      throw networkError(error, cloud.arm) ?? transferError('ACRT3009', values, { cause: error });
    }
  };
  const at = (resourceId: string, query: ArmQuery | undefined) =>
    client.pathUnchecked(query === undefined ? resourceId : withQuery(resourceId, query));
  return {
    side,
    get: (resourceId, query) => send('read', resourceId, () => at(resourceId, query).get()),
    put: (resourceId, body, query) => send('write', resourceId, () => at(resourceId, query).put({ body })),
    post: (resourceId, body, query) => send('post to', resourceId, () => at(resourceId, query).post({ body })),
    delete: (resourceId, query) => send('delete', resourceId, () => at(resourceId, query).delete()),
    follow: async (url) => {
      const next = nextUrl(url, cloud.arm);
      return send('read', url, () => client.pathUnchecked(next).get());
    },
  };
}

/** Whether the principal lacks a permission. */
export const isDenied = ({ status }: Pick<ArmResponse, 'status'>): boolean => status === 401 || status === 403;

/** Whether the resource doesn't exist, as reported by ARM itself or by the resource provider. */
export const isAbsent = ({ status, error }: Pick<ArmResponse, 'status' | 'error'>): boolean =>
  isNotFound(status, error?.reason ?? null);

/**
 * Parses the body of a response; null if the resource doesn't exist.
 * @param what operation for the message: `read the pipeline …`
 * @throws ACRT3002 for a denial, ACRT3036 to ACRT3041 for known errors, ACRT3009 for all other errors and for an
 *   unexpected body
 */
export function parseOr404<Shape extends z.ZodType>(
  arm: Arm,
  response: ArmResponse,
  schema: Shape,
  what: string,
): z.infer<Shape> | null {
  if (isAbsent(response)) return null;
  return parseBody(arm, response, schema, what);
}

/**
 * Checks that a request succeeded.
 * @throws the errors of parseOr404, also if the resource doesn't exist
 */
export function assertOk(arm: Arm, { error, correlationId, ...response }: ArmResponse, what: string): void {
  if (error === null) return;
  const values = { side: arm.side, what, reason: error.reason };
  throw transferError(classifyArm(error.reason, isDenied(response)), values, { correlationId });
}

/**
 * Parses the body of a response, which must be successful.
 * @throws the errors of assertOk, and ACRT3009 for an unexpected body
 */
export function parseBody<Shape extends z.ZodType>(
  arm: Arm,
  response: ArmResponse,
  schema: Shape,
  what: string,
): z.infer<Shape> {
  assertOk(arm, response, what);
  return parseResponse(arm, response, schema, what);
}

/**
 * Parses the body of a successful response.
 * @throws ACRT3009 for an unexpected body
 */
export function parseResponse<Shape extends z.ZodType>(
  arm: Arm,
  response: ArmResponse,
  schema: Shape,
  what: string,
): z.infer<Shape> {
  const parsed = schema.safeParse(response.body);
  if (parsed.success) return parsed.data;
  const reason = `unexpected response: ${describeSchemaError(parsed.error)}`;
  throw transferError('ACRT3009', { side: arm.side, what, reason }, { correlationId: response.correlationId });
}
