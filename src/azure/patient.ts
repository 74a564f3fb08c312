/** How small requests are sent: none waits for ever, and what passes is tried again. The SDKs' own retries are switched off. */
import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { systemClock } from '../clock.ts';
import { createGate } from './gate.ts';
import { steadily, undamaged } from './steady.ts';

/** No small request takes longer, its answer included; the clients set no limit of their own, and would wait for ever. */
export const REQUEST_SECONDS = 60;

/**
 * Does one try of a request within the time that it has. The clients' own limit ends with the headers of the answer; its
 * body may stop too.
 * @param given what else ends the request
 * @throws AbortError when the time is over; nobody else aborts these requests
 */
export async function timely<Result>(
  given: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort();
  }, REQUEST_SECONDS * 1000);
  try {
    return await work(given === undefined ? limit.signal : AbortSignal.any([given, limit.signal]));
  } catch (error) {
    limit.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Half an answer, or the page of a gateway or proxy in place of one. */
function checkJson({ status, bodyAsText }: PipelineResponse): void {
  if (status < 300 && bodyAsText) undamaged(() => void JSON.parse(bodyAsText));
}

/**
 * Sends the requests of one client, which is answered in JSON, until they are answered: within a minute each, again after what passes, and all of them
 * slower when the service asks for it.
 */
function patience(): PipelinePolicy {
  const steady = steadily(createGate(systemClock), systemClock);
  return {
    name: 'acrTransferPatience',
    sendRequest: (request, next) => {
      const given = request.abortSignal as AbortSignal | undefined;
      return steady(() =>
        timely(given, async (abortSignal) => {
          request.abortSignal = abortSignal;
          const response = await next(request);
          checkJson(response);
          return response;
        }),
      );
    },
  };
}

/** The policy as options of any client take it. */
export const patient = () => ({
  retryOptions: { maxRetries: 0 },
  additionalPolicies: [{ policy: patience(), position: 'perCall' as const }],
});
