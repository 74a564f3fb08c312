/** How a request to Azure is sent: time limit, retry, throttle, errors, SDK options. */
export { patient, USER_AGENT } from './pipeline-policy.ts';
export { REQUEST_SECONDS, timely } from './request-timeout.ts';
export { secondsAsked, steadily, undamaged, type Steadily } from './retrying-send.ts';
export {
  isAbort,
  networkFailure,
  oneLine,
  refusalOf,
  serviceReason,
  toldAlready,
  type ServiceRefusal,
} from './service-error.ts';
export { createGate } from './throttle.ts';
