/** `Retry-After` of all services. */

/** Longest wait that a service can request, seconds. Its throttling periods are minutes; a longer wait is probably a mistake. */
const MAX_RETRY_AFTER_SECONDS = 120;

/** Headers of a response. */
type HeaderReader = (name: string) => string | null | undefined;

/** Milliseconds, before `Retry-After` (throttlingRetryStrategy of @azure/core-rest-pipeline). */
const MILLISECOND_HEADERS = ['retry-after-ms', 'x-ms-retry-after-ms'];

const NUMBER = /^\d+(?:\.\d+)?$/;

/** A date counts from the service's own date if the response has one, because the clocks of service and runner differ. */
function secondsUntil(date: string, header: HeaderReader, now: number): number {
  const current = Date.parse(header('date') ?? '');
  return (Date.parse(date) - (Number.isNaN(current) ? now : current)) / 1000;
}

function requestedSeconds(header: HeaderReader, now: number): number {
  const milliseconds = MILLISECOND_HEADERS.map(header).find((text) => NUMBER.test(text ?? ''));
  if (milliseconds != null) return Number(milliseconds) / 1000;
  const text = header('retry-after')?.trim() ?? '';
  return NUMBER.test(text) ? Number(text) : secondsUntil(text, header, now);
}

/**
 * The wait that a service requests: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), or in milliseconds. Seconds, 0
 * to 120. Null if it is absent or invalid.
 * @param header reads a header of the response
 * @param now milliseconds since the epoch
 */
export function retryAfterSeconds(header: HeaderReader, now: number): number | null {
  const seconds = requestedSeconds(header, now);
  return Number.isNaN(seconds) ? null : Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(0, seconds));
}
