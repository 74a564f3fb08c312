/** Progress of copies as text. */
import { formatBytes } from '../../transfer/model/bytes.ts';
import type { Progress, StageOutcome } from '../../transfer/model/events.ts';
import { formatRate, formatSeconds } from '../text/format.ts';

/** Progress of one copy, bytes. */
export type CopyProgress = Extract<Progress, { unit: 'bytes' }>;

/** Progress of the check of one blob, bytes. */
export type HashProgress = Extract<Progress, { unit: 'hashed bytes' }>;

type DoneOfTotal = Pick<CopyProgress, 'done' | 'total'>;

/** Progress of all copies, bytes. */
export interface CopySum extends DoneOfTotal {
  /** `about`: the size of copies that have not started is estimated; `at least`: it is unknown. */
  readonly certainty: 'exact' | 'about' | 'at least';
}

const percentOf = ({ done, total }: DoneOfTotal): string => `${total === 0 ? 100 : Math.floor((100 * done) / total)} %`;

function pace({ done, total }: DoneOfTotal, rate: number | null): string {
  if (rate === null || done >= total) return '';
  return `, ${formatBytes(rate)}/s, ${formatSeconds((total - done) / rate)} left`;
}

/**
 * Describes a running copy.
 * @param rate bytes per second; null if unknown
 */
export const describeCopy = (progress: CopyProgress, rate: number | null): string =>
  `${formatBytes(progress.done)} of ${formatBytes(progress.total)} (${percentOf(progress)}${pace(progress, rate)})`;

/** Describes a running check. */
export const describeHash = (progress: HashProgress): string =>
  `${formatBytes(progress.done)} of ${formatBytes(progress.total)} (${percentOf(progress)})`;

/**
 * Describes all copies together.
 * @param rate bytes per second; null if unknown
 */
export function describeSum(sum: CopySum, rate: number | null): string {
  const done = formatBytes(sum.done);
  const total = formatBytes(sum.total);
  switch (sum.certainty) {
    case 'exact':
      return `${done} of ${total} (${percentOf(sum)}${pace(sum, rate)})`;
    case 'about':
      return `${done} of about ${total} (${percentOf(sum)}${pace(sum, rate)})`;
    case 'at least':
      return `${done} of more than ${total}${rate === null ? '' : ` (${formatBytes(rate)}/s)`}`;
  }
}

/**
 * Describes a finished copy, as an addition to the line about its end; empty if the copy reported no progress.
 * @param seconds duration of the copy
 */
export function describeEnd(progress: CopyProgress | null, outcome: StageOutcome, seconds: number): string {
  if (progress === null) return '';
  const { done, total, reused = 0 } = progress;
  if (outcome === 'failed') return `, after ${formatBytes(done)} of ${formatBytes(total)}`;
  const rate = formatRate(done - reused, seconds);
  const earlier = reused === 0 ? '' : `, ${formatBytes(reused)} more from an earlier attempt`;
  return `, ${formatBytes(done - reused)}${rate === null ? '' : ` at ${rate}`}${earlier}`;
}
