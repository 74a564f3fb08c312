/** How a request to Azure is sent: time limit, retry, throttle, errors, SDK options. */
export { sdkOptions, USER_AGENT } from './pipeline-policy.ts';
export { REQUEST_SECONDS, withRequestTimeout } from './request-timeout.ts';
export { parseRetryAfter, retryIfInvalid, retryingSend, type RetryingSend } from './retrying-send.ts';
export {
  isAbort,
  knownError,
  networkError,
  oneLine,
  readServiceError,
  serviceReason,
  type ServiceError,
} from './service-error.ts';
export { createThrottle } from './throttle.ts';
