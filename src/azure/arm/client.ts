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
import { networkError, oneLine, sdkOptions, serviceReason, USER_AGENT } from '../http/index.ts';

/** The api-version that has transfer pipelines with both storage access modes. */
const API_VERSION = '2025-06-01-preview';

/** ARM's answer to one request. */
export interface ArmAnswer {
  readonly status: number;
  readonly body: unknown;
  /** What the service asked to wait, seconds. */
  readonly retryAfterSeconds: number | null;
  readonly correlationId: string | null;
  /** `Code: message` of an error answer. */
  readonly error: { readonly code: string; readonly reason: string } | null;
}

/** How a resource of another provider than the registries' own is asked for. */
export interface ArmQuery {
  readonly apiVersion: string;
  /** `$filter`, not yet encoded; null: none. */
  readonly filter: string | null;
}

/** ARM for one side. Answers of 4xx are returned, not thrown; a request that got no answer is ACRT2005. */
export interface Arm {
  readonly side: Side;
  readonly get: (resourceId: string, query?: ArmQuery) => Promise<ArmAnswer>;
  readonly put: (resourceId: string, body: unknown, query?: ArmQuery) => Promise<ArmAnswer>;
  readonly post: (resourceId: string, body: unknown, query?: ArmQuery) => Promise<ArmAnswer>;
  readonly delete: (resourceId: string, query?: ArmQuery) => Promise<ArmAnswer>;
  /** The next page of a list, by the URL that the service gave, verbatim. */
  readonly follow: (url: string) => Promise<ArmAnswer>;
}

interface RawAnswer {
  readonly status: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

function errorOf(status: number, body: unknown): ArmAnswer['error'] {
  if (status < 400) return null;
  const { code, message } = ((body as { error?: unknown } | undefined)?.error ?? {}) as Record<string, unknown>;
  const name = oneLine(typeof code === 'string' ? code : `HTTP ${status}`);
  return { code: name, reason: typeof message === 'string' ? oneLine(`${name}: ${message}`) : name };
}

function readAnswer({ status, body, headers }: RawAnswer): ArmAnswer {
  const retryAfter = Number.parseInt(headers['retry-after'] ?? '', 10);
  return {
    status: Number(status),
    body,
    retryAfterSeconds: Number.isNaN(retryAfter) ? null : retryAfter,
    correlationId: headers['x-ms-correlation-request-id'] ?? headers['x-ms-request-id'] ?? null,
    error: errorOf(Number(status), body),
  };
}

/** The client adds its own api-version only where there is none. */
function withQuery(resourceId: string, { apiVersion, filter }: ArmQuery): string {
  const filtered = filter === null ? '' : `&$filter=${encodeURIComponent(filter)}`;
  return `${resourceId}?api-version=${apiVersion}${filtered}`;
}

/**
 * A client for the control plane of one side. The stable SDK has no pipeline operations, so its own client context sends
 * them as they are, with its sign-in, retries and telemetry.
 */
export function connectArm(side: Side, cloud: Cloud, credential: TokenCredential, subscriptionId: string): Arm {
  const client = createContainerRegistryManagement(credential, subscriptionId, {
    endpoint: cloud.arm,
    apiVersion: API_VERSION,
    credentials: { scopes: [cloud.armScope] },
    userAgentOptions: { userAgentPrefix: USER_AGENT },
    ...sdkOptions(),
  });
  const ask = async (verb: string, url: string, send: () => PromiseLike<unknown>): Promise<ArmAnswer> => {
    try {
      return readAnswer((await send()) as RawAnswer);
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
    get: (resourceId, query) => ask('read', resourceId, () => at(resourceId, query).get()),
    put: (resourceId, body, query) => ask('write', resourceId, () => at(resourceId, query).put({ body })),
    post: (resourceId, body, query) => ask('ask', resourceId, () => at(resourceId, query).post({ body })),
    delete: (resourceId, query) => ask('delete', resourceId, () => at(resourceId, query).delete()),
    follow: (url) => {
      // The token goes with the request: never to another host, whatever an answer says.
      const next = new URL(url, cloud.arm);
      if (next.origin !== new URL(cloud.arm).origin) throw new Error(`a list went on at another host: ${next.host}`);
      return ask('read', url, () => client.pathUnchecked(next.href).get());
    },
  };
}

/** Whether the principal may not do what it asked for. */
export const isRefused = ({ status }: Pick<ArmAnswer, 'status'>): boolean => status === 401 || status === 403;

/** Whether an answer says that the resource isn't there, in the words of ARM itself or of the resource's provider. */
export const isAbsent = ({ status, error }: Pick<ArmAnswer, 'status' | 'error'>): boolean =>
  isNotFound(status, error?.reason ?? null);

/**
 * The body of an answer as the schema has it; null when the resource is not there.
 * @param what the side was to do, for the message: `read the pipeline …`
 * @throws ACRT3002 when it was refused, ACRT3036 to ACRT3041 for what is known, ACRT3009 for every other error, and for an
 *   answer that is not understood
 */
export function parseOr404<Shape extends z.ZodType>(
  arm: Arm,
  answer: ArmAnswer,
  schema: Shape,
  what: string,
): z.infer<Shape> | null {
  if (isAbsent(answer)) return null;
  return parseBody(arm, answer, schema, what);
}

/**
 * Passes when ARM has done what it was asked to.
 * @throws as parseOr404 does, also when the resource is not there
 */
export function assertOk(arm: Arm, { error, correlationId, ...answer }: ArmAnswer, what: string): void {
  if (error === null) return;
  const values = { side: arm.side, what, reason: error.reason };
  throw transferError(classifyArm(error.reason, isRefused(answer)), values, { correlationId });
}

/**
 * The body of an answer to what had to be done.
 * @throws as done does, and ACRT3009 for an answer that is not understood
 */
export function parseBody<Shape extends z.ZodType>(
  arm: Arm,
  answer: ArmAnswer,
  schema: Shape,
  what: string,
): z.infer<Shape> {
  assertOk(arm, answer, what);
  return parseAnswer(arm, answer, schema, what);
}

/**
 * The body of a good answer, as the schema has it.
 * @throws ACRT3009 when the service answered with something else
 */
export function parseAnswer<Shape extends z.ZodType>(
  arm: Arm,
  answer: ArmAnswer,
  schema: Shape,
  what: string,
): z.infer<Shape> {
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const reason = `the answer is not understood: ${describeSchemaError(parsed.error)}`;
  throw transferError('ACRT3009', { side: arm.side, what, reason }, { correlationId: answer.correlationId });
}
