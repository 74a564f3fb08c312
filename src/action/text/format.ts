/** Numbers and names as people read them, in the log and in the summary. Sizes: `transfer/model/bytes.ts`. */
import { formatBytes } from '../../transfer/model/bytes.ts';

/** `8.4 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What moves in less than this says more of the clock than of the line. */
const MIN_RATED_SECONDS = 1;

/** `85.3 MiB/s`; null where a rate would mean nothing: next to no bytes, or next to no time. */
export const formatRate = (bytes: number, seconds: number): string | null =>
  seconds < MIN_RATED_SECONDS || bytes < seconds ? null : `${formatBytes(bytes / seconds)}/s`;

/** `1,200`. The locales of the engine would say the same, and take 20 ms to load. */
export const formatNumber = (whole: number): string => String(whole).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 artifact`, `2 artifacts`, `1,200 artifacts`. */
export const formatCount = (count: number, noun: string, plural = `${noun}s`): string =>
  `${formatNumber(count)} ${count === 1 ? noun : plural}`;

/** The first digits of a digest, enough to tell it from others: `sha256:0a2e…`. */
export const shortDigest = (digest: string): string => `${digest.slice(0, 19)}…`;

/** The same without the algorithm, where a column names it. */
export const shortHash = (digest: string): string => shortDigest(digest).replace(/^sha256:/, '');

/** A reference with its digest shortened; tags stay whole. */
export const shortReference = (reference: string): string => reference.replace(/sha256:[a-f0-9]{64}$/, shortDigest);
