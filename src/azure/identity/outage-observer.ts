/** Observes why requests of a sign-in fail. The identity library replaces the reason by its own words. */
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { TransferError } from '../../transfer/errors/index.ts';
import { networkError, outageError } from '../http/index.ts';

/** Observer of the requests of one credential. */
export interface OutageObserver {
  /** Sends the requests. A policy wouldn't do: the managed identity credential drops those of its options. */
  readonly httpClient: HttpClient;
  /** Why the last attempt was not answered by the service; null if the service answered it. */
  readonly last: () => TransferError | null;
}

/**
 * Creates an observer.
 * @param client sends the requests
 * @param authority observes only requests to this host, and also lost connections; null: only responses, of any host. A
 *   credential that tries several hosts, such as that of managed identities, expects that some of them don't exist
 */
export function outageObserver(client: HttpClient, authority: string | null): OutageObserver {
  const host = authority === null ? null : new URL(authority).host;
  let last: TransferError | null = null;
  return {
    last: () => last,
    httpClient: {
      sendRequest: async (request) => {
        if (host !== null && new URL(request.url).host !== host) return client.sendRequest(request);
        try {
          const response = await client.sendRequest(request);
          const { status, headers, bodyAsText } = response;
          const facts = { status, contentType: headers.get('content-type') ?? null, body: bodyAsText ?? null };
          last = outageError(facts, request.url, { reason: `HTTP ${status}` });
          return response;
        } catch (error) {
          if (host !== null) last = networkError(error, request.url);
          throw error;
        }
      },
    },
  };
}
