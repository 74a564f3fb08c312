/**
 * Retry policy and user agent of every SDK client.
 *
 * Each request has a time limit, and temporary errors are retried. The SDKs' own retries are switched off.
 */
import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { systemClock } from '../../transfer/ports/clock.ts';
import { httpClient, proxySettings } from './proxy.ts';
import { withRequestTimeout } from './request-timeout.ts';
import { retryIfInvalid, retryingSend } from './retrying-send.ts';
import { createThrottle } from './throttle.ts';

/** Rejects a truncated body, and the HTML page of a gateway or proxy, so that the request is sent again. */
function checkJson({ status, bodyAsText }: PipelineResponse): void {
  if (status < 300 && bodyAsText) retryIfInvalid(() => void JSON.parse(bodyAsText));
}

/**
 * Sends the requests of one client whose responses are JSON. Each attempt takes at most a minute, temporary errors are
 * retried, and all requests slow down when the service throttles. A caller's abort ends a request at once.
 */
function createRetryPolicy(): PipelinePolicy {
  const send = retryingSend(createThrottle(systemClock), systemClock);
  return {
    name: 'acrTransferRetryPolicy',
    sendRequest: (request, next) => {
      const callerSignal = request.abortSignal as AbortSignal | undefined;
      return send(
        () =>
          withRequestTimeout(callerSignal, async (abortSignal) => {
            request.abortSignal = abortSignal;
            const response = await next(request);
            checkJson(response);
            return response;
          }),
        callerSignal,
      );
    },
  };
}

/** Client options for the proxy of the environment. */
export function proxyOptions() {
  const settings = proxySettings();
  return { httpClient, ...(settings !== undefined && { proxyOptions: settings }) };
}

/** Client options that replace the SDK's retries with this policy, and set the proxy. */
export const sdkOptions = () => ({
  ...proxyOptions(),
  retryOptions: { maxRetries: 0 },
  additionalPolicies: [{ policy: createRetryPolicy(), position: 'perCall' as const }],
});

/** User agent prefix of every request to Azure. */
export const USER_AGENT = 'acr-transfer';
