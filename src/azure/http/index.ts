/** How a request to Azure is sent: time limit, retry, throttle, pages, errors, SDK options. */
export { proxyOptions, sdkOptions, USER_AGENT } from './pipeline-policy.ts';
export {
  environmentProxy,
  httpClient,
  proxyName,
  proxyOf,
  proxySettings,
  routeRequest,
  type EnvironmentProxy,
} from './proxy.ts';
export { nextUrl, PagingError, readPages } from './pages.ts';
export { REQUEST_SECONDS, withRequestTimeout } from './request-timeout.ts';
export { retryAfterSeconds } from './retry-after.ts';
export { retryIfInvalid, retryingSend, type RetryingSend } from './retrying-send.ts';
export {
  isAbort,
  isOutage,
  knownError,
  networkError,
  oneLine,
  outageError,
  readServiceError,
  serviceReason,
  throughProxy,
  type ServiceError,
} from './service-error.ts';
export { createThrottle } from './throttle.ts';
