import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { RegistryRequest, RegistryResponse, Send } from '../../../../src/azure/registry/transport.ts';

/** An answer of a registry. */
export const answerOf = (
  status: number,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = {},
): RegistryResponse => ({
  url: 'https://registry.example/v2/',
  status,
  headers: createHttpHeaders(headers),
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

/** A registry that answers as it is told, and keeps what it was asked. */
export function registryWith(answer: (ask: RegistryRequest) => RegistryResponse | Promise<RegistryResponse>): {
  send: Send;
  asked: RegistryRequest[];
} {
  const asked: RegistryRequest[] = [];
  return {
    asked,
    send: async (ask) => {
      asked.push(ask);
      return { ...(await answer(ask)), url: ask.url };
    },
  };
}

/** A JSON web token with these claims; nobody has signed it. */
export const jwt = (claims: object, signature = 'signature'): string =>
  ['{"alg":"none"}', JSON.stringify(claims), signature]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
