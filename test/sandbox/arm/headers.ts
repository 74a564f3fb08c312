import { randomUUID } from 'node:crypto';
import type { Principal } from '../contracts.ts';

/**
 * The rest of the subscription's limits, as recorded in 2026 after a pause. Constant: the sandbox enforces no rate. A fault
 * rule can return 429.
 */
const REMAINING: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  GET: { 'x-ms-ratelimit-remaining-subscription-global-reads': '16499' },
  PUT: {
    'x-ms-ratelimit-remaining-subscription-writes': '799',
    'x-ms-ratelimit-remaining-subscription-global-writes': '11999',
  },
  DELETE: {
    'x-ms-ratelimit-remaining-subscription-deletes': '799',
    'x-ms-ratelimit-remaining-subscription-global-deletes': '11999',
  },
};

/** Headers of every response of ARM, refusals included. One GUID is both request ID and correlation ID (recorded 2022). */
export function gatewayHeaders(): Record<string, string> {
  const id = randomUUID();
  const stamp = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  return {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-cache': 'CONFIG_NOCACHE',
    'x-ms-request-id': id,
    'x-ms-correlation-request-id': id,
    'x-ms-routing-request-id': `WESTUS:${stamp}:${id}`,
  };
}

/** The remaining requests of this method. */
export const remaining = (method: string): Readonly<Record<string, string>> => REMAINING[method] ?? {};

/** Headers that the resource provider adds, as recorded in 2026. */
export function providerHeaders(
  method: string,
  tenantId: string,
  caller: Principal,
  versions: readonly string[],
): Record<string, string> {
  const writes = method === 'PUT' || method === 'DELETE';
  return {
    'api-supported-versions': versions.join(', '),
    ...remaining(method),
    ...(writes && {
      'x-ms-operation-identifier': `tenantId=${tenantId},objectId=${caller.objectId}/westus/${randomUUID()}`,
    }),
  };
}
