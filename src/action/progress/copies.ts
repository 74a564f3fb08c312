/** Progress of copies: bytes, rates, totals. */
import { formatCount, formatNumber, formatSeconds } from '../text/format.ts';
import {
  describeCopy,
  describeHash,
  describeSum,
  type CopyProgress,
  type CopySum,
  type HashProgress,
} from './copy-text.ts';

/** Totals of the plan. */
interface PlanTotals {
  readonly batches: number;
  /** 0 if unknown. */
  readonly bytes: number;
}

/** Counts the bytes and blobs of all copies. */
interface CopyCounter {
  readonly begin: (batch: number) => void;
  readonly advance: (batch: number, progress: CopyProgress) => void;
  /**
   * Ends a copy.
   * @param isAtTarget whether the blob is at the target now, because it was copied or because it was up to date
   * @returns its last progress; null if it reported none
   */
  readonly end: (batch: number, isAtTarget: boolean) => CopyProgress | null;
  /** Records that this batch needs no copy. */
  readonly exclude: (batch: number) => void;
  /** Progress of the running copies by batch, in the order in which they started; null for a copy that reported none. */
  readonly underway: ReadonlyMap<number, CopyProgress | null>;
  /** Bytes that were transferred. Never decreases. */
  readonly transferred: () => number;
  /** Number of blobs at the target. */
  readonly arrived: () => number;
  readonly sum: (plan: PlanTotals) => CopySum;
}

/** Transferred bytes of a copy, without those of an earlier attempt. */
const transferredBytes = (progress: CopyProgress | null): number =>
  progress === null ? 0 : progress.done - (progress.reused ?? 0);

/**
 * Estimates the total. The planned bytes beyond the copies of known size are distributed evenly over the batches of unknown
 * size.
 * @param known copies of known size
 * @param pending number of batches whose copy has not started
 * @param unknown number of batches of unknown size
 * @param planned bytes of the plan; 0 if unknown
 */
function estimateTotal(known: Omit<CopySum, 'certainty'>, pending: number, unknown: number, planned: number): CopySum {
  if (pending === 0) return { ...known, certainty: 'exact' };
  if (planned === 0) return { ...known, certainty: 'at least' };
  const rest = Math.max(0, planned - known.total) * (pending / unknown);
  return { done: known.done, total: known.total + rest, certainty: 'about' };
}

function createCopyCounter(): CopyCounter {
  const underway = new Map<number, CopyProgress | null>();
  /** Batches whose copy has ended, or that need none. */
  const settled = new Set<number>();
  let arrived = { blobs: 0, bytes: 0, sized: 0 };
  let transferred = 0;

  return {
    begin: (batch) => underway.set(batch, null),
    advance: (batch, progress) => {
      const before = underway.get(batch);
      if (before === undefined) return;
      const step = transferredBytes(progress) - transferredBytes(before);
      // A copy that restarts begins at 0. The bytes before the restart stay counted.
      transferred += step >= 0 ? step : transferredBytes(progress);
      underway.set(batch, progress);
    },
    end: (batch, isAtTarget) => {
      const progress = underway.get(batch) ?? null;
      underway.delete(batch);
      settled.add(batch);
      if (isAtTarget) {
        const { blobs, bytes, sized } = arrived;
        const size = progress?.total ?? 0;
        arrived = { blobs: blobs + 1, bytes: bytes + size, sized: sized + (progress === null ? 0 : 1) };
      }
      return progress;
    },
    exclude: (batch) => settled.add(batch),
    underway,
    transferred: () => transferred,
    arrived: () => arrived.blobs,
    sum: ({ batches, bytes }) => {
      const sized = [...underway.values()].filter((progress) => progress !== null);
      const done = sized.reduce((all, item) => all + item.done, arrived.bytes);
      const total = sized.reduce((all, item) => all + item.total, arrived.bytes);
      const unknown = batches - arrived.sized - sized.length;
      return estimateTotal({ done, total }, Math.max(0, batches - settled.size - sized.length), unknown, bytes);
    },
  };
}

/** Weight of the last interval in the exponential smoothing. */
const WEIGHT = 0.5;
/** Shorter intervals are not measured. */
const MIN_INTERVAL_SECONDS = 1;

/** Measures a rate. */
interface RateMeter {
  /**
   * Adds a measurement.
   * @param total bytes since the start; at least as many as in the measurement before
   * @param now milliseconds since the epoch
   */
  readonly update: (total: number, now: number) => void;
  /** Smoothed bytes per second; null before the first byte, or below 1 B/s. */
  readonly rate: () => number | null;
}

/**
 * Creates a meter.
 * @param total bytes before the first measurement
 * @param since milliseconds since the epoch
 */
export function createRateMeter(total: number, since: number): RateMeter {
  let last = { total, at: since };
  let rate: number | null = null;
  return {
    update: (bytes, now) => {
      const seconds = (now - last.at) / 1000;
      if (seconds < MIN_INTERVAL_SECONDS) return;
      const current = (bytes - last.total) / seconds;
      last = { total: bytes, at: now };
      // Smoothing starts with the first interval in which bytes were transferred.
      if (rate !== null) rate += WEIGHT * (current - rate);
      else if (current > 0) rate = current;
    },
    rate: () => (rate !== null && rate >= 1 ? rate : null),
  };
}

/** Tracks copies. Times in milliseconds since the epoch. */
interface CopyTracker extends Pick<CopyCounter, 'advance' | 'end' | 'exclude'> {
  readonly begin: (batch: number, now: number) => void;
  /** Records that the blob at the target is being hashed. Its bytes don't count as copied. */
  readonly check: (batch: number, progress: HashProgress) => void;
  /** Lines about all copies and about each running copy. Updates the rates, so call it once per interval. */
  readonly lines: (plan: PlanTotals, now: number) => readonly string[];
}

/** Maximum number of copies with a line of their own. */
const MAX_SHOWN = 8;

interface TrackedCopy {
  readonly meter: RateMeter;
  readonly since: number;
  /** Progress of the check of its blob; null if there is none. */
  check: HashProgress | null;
}

function copyText(progress: CopyProgress | null, { meter, since, check }: TrackedCopy, now: number): string {
  if (check !== null) return `hashing the blob at the target, ${describeHash(check)}`;
  if (progress === null) return formatSeconds((now - since) / 1000);
  meter.update(transferredBytes(progress), now);
  return describeCopy(progress, meter.rate());
}

/**
 * Creates a tracker of copies.
 * @param title returns the title of a batch
 */
export function trackCopies(title: (batch: number) => string): CopyTracker {
  const counter = createCopyCounter();
  const tracked = new Map<number, TrackedCopy>();
  let total: RateMeter | null = null;

  const copyLines = (now: number): readonly string[] => {
    const lines = [...tracked].map(([batch, item]) => {
      const text = copyText(counter.underway.get(batch) ?? null, item, now);
      return `    ${title(batch)}: ${text}`;
    });
    const rest = lines.length - MAX_SHOWN;
    return rest > 0 ? [...lines.slice(0, MAX_SHOWN), `    and ${rest} more`] : lines;
  };

  return {
    advance: (batch, progress) => {
      const copy = tracked.get(batch);
      if (copy !== undefined) copy.check = null;
      counter.advance(batch, progress);
    },
    check: (batch, progress) => {
      const copy = tracked.get(batch);
      if (copy !== undefined) copy.check = progress;
    },
    exclude: counter.exclude,
    begin: (batch, now) => {
      total ??= createRateMeter(counter.transferred(), now);
      tracked.set(batch, { meter: createRateMeter(0, now), since: now, check: null });
      counter.begin(batch);
    },
    end: (batch, isAtTarget) => {
      tracked.delete(batch);
      return counter.end(batch, isAtTarget);
    },
    lines: (plan, now) => {
      if (tracked.size === 0) {
        // A pause between two copies does not count for the total rate.
        total = null;
        return [];
      }
      total?.update(counter.transferred(), now);
      const sum = describeSum(counter.sum(plan), total?.rate() ?? null);
      const blobs = `${formatNumber(counter.arrived())} of ${formatCount(plan.batches, 'blob')} done`;
      return [`… handoff: ${sum}; ${blobs}`, ...copyLines(now)];
    },
  };
}
