/** How far copies are, in words. */
import { formatBytes } from '../../transfer/model/bytes.ts';
import type { Progress, StageOutcome } from '../../transfer/model/events.ts';
import { formatRate, formatSeconds } from '../text/format.ts';

/** How far one copy is. */
export type CopyProgress = Extract<Progress, { unit: 'bytes' }>;

type Share = Pick<CopyProgress, 'done' | 'total'>;

/** How far all copies are. */
export interface CopySum extends Share {
  /** `about`: the size of copies that have not begun is guessed; `at least`: it cannot be. */
  readonly certainty: 'exact' | 'about' | 'at least';
}

const percentOf = ({ done, total }: Share): string => `${total === 0 ? 100 : Math.floor((100 * done) / total)} %`;

function pace({ done, total }: Share, rate: number | null): string {
  if (rate === null || done >= total) return '';
  return `, ${formatBytes(rate)}/s, ${formatSeconds((total - done) / rate)} left`;
}

/**
 * One copy that is under way.
 * @param rate bytes a second; null when none is known
 */
export const describeCopy = (progress: CopyProgress, rate: number | null): string =>
  `${formatBytes(progress.done)} of ${formatBytes(progress.total)} (${percentOf(progress)}${pace(progress, rate)})`;

/**
 * All copies together.
 * @param rate bytes a second; null when none is known
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
 * What a copy came to, to be added to the line of its end; empty when it has told nothing.
 * @param seconds that it took
 */
export function describeEnd(progress: CopyProgress | null, outcome: StageOutcome, seconds: number): string {
  if (progress === null) return '';
  const { done, total, reused = 0 } = progress;
  if (outcome === 'failed') return `, after ${formatBytes(done)} of ${formatBytes(total)}`;
  const rate = formatRate(done - reused, seconds);
  const earlier = reused === 0 ? '' : `, ${formatBytes(reused)} more from an earlier attempt`;
  return `, ${formatBytes(done - reused)}${rate === null ? '' : ` at ${rate}`}${earlier}`;
}
