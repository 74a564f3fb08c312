/** Formats numbers and names for the log and the summary. For sizes see `transfer/model/bytes.ts`. */
import { formatBytes } from '../../transfer/model/bytes.ts';
import type { SignedInIdentity } from '../../transfer/model/side.ts';

/** `8.4 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** For shorter copies a rate depends more on the clock than on the network. */
const MIN_RATED_SECONDS = 1;

/** `85.3 MiB/s`; null for a copy of less than 1 s or less than 1 B/s. */
export const formatRate = (bytes: number, seconds: number): string | null =>
  seconds < MIN_RATED_SECONDS || bytes < seconds ? null : `${formatBytes(bytes / seconds)}/s`;

/** `1,200`. `toLocaleString` gives the same result but takes 20 ms to load its locales. */
export const formatNumber = (whole: number): string => String(whole).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 artifact`, `2 artifacts`, `1,200 artifacts`. */
export const formatCount = (count: number, noun: string, plural = `${noun}s`): string =>
  `${formatNumber(count)} ${count === 1 ? noun : plural}`;

/** The start of a digest: `sha256:0a2e…`. */
export const shortDigest = (digest: string): string => `${digest.slice(0, 19)}…`;

/** The start of a digest without its algorithm, for columns whose title names the algorithm. */
export const shortHash = (digest: string): string => shortDigest(digest).replace(/^sha256:/, '');

/** A reference with a shortened digest; tags are not shortened. */
export const shortReference = (reference: string): string => reference.replace(/sha256:[a-f0-9]{64}$/, shortDigest);

/** `client …, object …, tenant …`, with the IDs that a token names. */
export function formatIdentity({ clientId, objectId, tenantId }: SignedInIdentity): string {
  const ids = Object.entries({ client: clientId, object: objectId, tenant: tenantId });
  const named = ids.flatMap(([name, id]) => (id === null ? [] : [`${name} ${id}`]));
  return named.length === 0 ? 'an identity that its token does not name' : named.join(', ');
}
