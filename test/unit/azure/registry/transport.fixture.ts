import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { RegistryRequest, RegistryResponse, Send } from '../../../../src/azure/registry/transport.ts';

/** A response of a registry. */
export const responseOf = (
  status: number,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = {},
): RegistryResponse => ({
  url: 'https://registry.example/v2/',
  status,
  headers: createHttpHeaders(headers),
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

/** A registry that responds with the results of `respond`, and records the requests. */
export function registryWith(respond: (request: RegistryRequest) => RegistryResponse | Promise<RegistryResponse>): {
  send: Send;
  requests: RegistryRequest[];
} {
  const requests: RegistryRequest[] = [];
  return {
    requests,
    send: async (request) => {
      requests.push(request);
      return { ...(await respond(request)), url: request.url };
    },
  };
}

/** An unsigned JSON web token with these claims. */
export const jwt = (claims: object, signature = 'signature'): string =>
  ['{"alg":"none"}', JSON.stringify(claims), signature]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
