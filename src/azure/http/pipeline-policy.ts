/**
 * The policy and user agent that every SDK client gets.
 *
 * Each request has a time limit, and temporary errors are retried. The SDKs' own retries are switched off.
 */
import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { systemClock } from '../../transfer/ports/clock.ts';
import { withRequestTimeout } from './request-timeout.ts';
import { retryIfInvalid, retryingSend } from './retrying-send.ts';
import { createThrottle } from './throttle.ts';

/** Half an answer, or the page of a gateway or proxy in place of one. */
function checkJson({ status, bodyAsText }: PipelineResponse): void {
  if (status < 300 && bodyAsText) retryIfInvalid(() => void JSON.parse(bodyAsText));
}

/**
 * Sends the requests of one client whose responses are JSON. Each try takes at most a minute, temporary errors are retried, and
 * all requests slow down when the service throttles. A caller's abort ends a request at once.
 */
function createRetryPolicy(): PipelinePolicy {
  const send = retryingSend(createThrottle(systemClock), systemClock);
  return {
    name: 'acrTransferRetryPolicy',
    sendRequest: (request, next) => {
      const given = request.abortSignal as AbortSignal | undefined;
      return send(
        () =>
          withRequestTimeout(given, async (abortSignal) => {
            request.abortSignal = abortSignal;
            const response = await next(request);
            checkJson(response);
            return response;
          }),
        given,
      );
    },
  };
}

/** The policy as options of any client take it. */
export const sdkOptions = () => ({
  retryOptions: { maxRetries: 0 },
  additionalPolicies: [{ policy: createRetryPolicy(), position: 'perCall' as const }],
});

/** How this action introduces itself to Azure's services. */
export const USER_AGENT = 'acr-transfer';
