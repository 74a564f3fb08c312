import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/** No small request takes longer; the clients set no limit of their own, and would wait for ever. */
export const REQUEST_SECONDS = 60;

/** Ends a request that gets no answer. It is thrown as an AbortError, and nobody else aborts these requests. */
export const timeLimit: PipelinePolicy = {
  name: 'acrTransferTimeLimit',
  sendRequest: (request, next) => {
    if (!request.timeout) request.timeout = REQUEST_SECONDS * 1000;
    return next(request);
  },
};

/** The policy as options of any client take it. */
export const TIME_LIMITED = { additionalPolicies: [{ policy: timeLimit, position: 'perCall' as const }] };
