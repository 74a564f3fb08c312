/**
 * What a service asks to wait (RFC 9110, 10.2.3), seconds; null when it does not.
 * @param text the header: seconds, or a date
 * @param now milliseconds since the epoch
 */
export function secondsAsked(text: string | null | undefined, now: number): number | null {
  if (text === null || text === undefined || text === '') return null;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}
