/**
 * The policy and user agent that every SDK client gets.
 *
 * How small requests are sent: none waits for ever, and what passes is tried again. The SDKs' own retries are switched off.
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
 * Sends the requests of one client, which is answered in JSON, until they are answered: within a minute each, again after what passes, and all of them
 * slower when the service asks for it.
 */
function RETRY_POLICY(): PipelinePolicy {
  const steady = retryingSend(createThrottle(systemClock), systemClock);
  return {
    name: 'acrTransferPatience',
    sendRequest: (request, next) => {
      const given = request.abortSignal as AbortSignal | undefined;
      return steady(() =>
        withRequestTimeout(given, async (abortSignal) => {
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
export const sdkOptions = () => ({
  retryOptions: { maxRetries: 0 },
  additionalPolicies: [{ policy: RETRY_POLICY(), position: 'perCall' as const }],
});

/** How this action introduces itself to Azure's services. */
export const USER_AGENT = 'acr-transfer';
