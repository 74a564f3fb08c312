/** Copies under way: bytes, rates, totals. */
import { formatCount, formatNumber, formatSeconds } from '../text/format.ts';
import { describeCopy, describeSum, type CopyProgress, type CopySum } from './copy-text.ts';

/** What was announced. */
interface Announced {
  readonly batches: number;
  /** 0 when nobody knew them. */
  readonly bytes: number;
}

/** Keeps account. */
interface Account {
  readonly begin: (batch: number) => void;
  readonly advance: (batch: number, progress: CopyProgress) => void;
  /**
   * Ends a copy.
   * @param isThere whether the blob is at the target now, carried or found there
   * @returns how far it was; null when it has told nothing
   */
  readonly end: (batch: number, isThere: boolean) => CopyProgress | null;
  /** No copy of this batch is to come. */
  readonly ruleOut: (batch: number) => void;
  /** How far the copies are that are under way, in the order of their beginning; null when one has told nothing. */
  readonly underway: ReadonlyMap<number, CopyProgress | null>;
  /** Bytes that have moved; never less than before. */
  readonly moved: () => number;
  /** Blobs that are at the target. */
  readonly arrived: () => number;
  readonly sum: (announced: Announced) => CopySum;
}

/** Bytes of a copy that have moved: those of an earlier attempt have not. */
const movedBytes = (progress: CopyProgress | null): number =>
  progress === null ? 0 : progress.done - (progress.reused ?? 0);

/** What is planned beyond the copies of known size is shared evenly by the batches of unknown size. */
function withRest(known: Omit<CopySum, 'certainty'>, toCome: number, unknown: number, planned: number): CopySum {
  if (toCome === 0) return { ...known, certainty: 'exact' };
  if (planned === 0) return { ...known, certainty: 'at least' };
  const rest = Math.max(0, planned - known.total) * (toCome / unknown);
  return { done: known.done, total: known.total + rest, certainty: 'about' };
}

/** Opens the account. */
function createAccount(): Account {
  const underway = new Map<number, CopyProgress | null>();
  /** Batches whose copy has ended, or is not to come. */
  const settled = new Set<number>();
  let arrived = { blobs: 0, bytes: 0, sized: 0 };
  let moved = 0;

  return {
    begin: (batch) => underway.set(batch, null),
    advance: (batch, progress) => {
      const before = underway.get(batch);
      if (before === undefined) return;
      const step = movedBytes(progress) - movedBytes(before);
      // What had moved before a copy began anew has moved all the same.
      moved += step >= 0 ? step : movedBytes(progress);
      underway.set(batch, progress);
    },
    end: (batch, isThere) => {
      const progress = underway.get(batch) ?? null;
      underway.delete(batch);
      settled.add(batch);
      if (isThere) {
        const { blobs, bytes, sized } = arrived;
        const size = progress?.total ?? 0;
        arrived = { blobs: blobs + 1, bytes: bytes + size, sized: sized + (progress === null ? 0 : 1) };
      }
      return progress;
    },
    ruleOut: (batch) => settled.add(batch),
    underway,
    moved: () => moved,
    arrived: () => arrived.blobs,
    sum: ({ batches, bytes }) => {
      const sized = [...underway.values()].filter((progress) => progress !== null);
      const done = sized.reduce((all, item) => all + item.done, arrived.bytes);
      const total = sized.reduce((all, item) => all + item.total, arrived.bytes);
      const unknown = batches - arrived.sized - sized.length;
      return withRest({ done, total }, Math.max(0, batches - settled.size - sized.length), unknown, bytes);
    },
  };
}

/** Of the last interval; the rest is of those before. */
const WEIGHT = 0.5;
/** Intervals that are shorter say nothing. */
const MIN_SECONDS = 1;

/** Measures from look to look. */
interface Meter {
  /**
   * Looks.
   * @param moved bytes since the beginning; never less than at the look before
   * @param now milliseconds since the epoch
   */
  readonly look: (moved: number, now: number) => void;
  /** Bytes a second, smoothed over the looks; null before anything has moved, or once it hardly does. */
  readonly rate: () => number | null;
}

/**
 * Makes a meter.
 * @param moved bytes that are not measured
 * @param since milliseconds since the epoch
 */
export function createMeter(moved: number, since: number): Meter {
  let last = { moved, at: since };
  let rate: number | null = null;
  return {
    look: (bytes, now) => {
      const seconds = (now - last.at) / 1000;
      if (seconds < MIN_SECONDS) return;
      const current = (bytes - last.moved) / seconds;
      last = { moved: bytes, at: now };
      // Before the first byte there is nothing that could be smoothed.
      if (rate !== null) rate += WEIGHT * (current - rate);
      else if (current > 0) rate = current;
    },
    rate: () => (rate !== null && rate >= 1 ? rate : null),
  };
}

/** Watches copies. Times in milliseconds since the epoch. */
export interface Copies extends Pick<Account, 'advance' | 'end' | 'ruleOut'> {
  readonly begin: (batch: number, now: number) => void;
  /** Lines about all copies and about each that is under way; measures, so it is called once an interval. */
  readonly lines: (announced: Announced, now: number) => readonly string[];
}

/** Copies that have a line of their own. */
const MAX_SHOWN = 8;

interface Watched {
  readonly meter: Meter;
  readonly since: number;
}

function copyText(progress: CopyProgress | null, { meter, since }: Watched, now: number): string {
  if (progress === null) return formatSeconds((now - since) / 1000);
  meter.look(movedBytes(progress), now);
  return describeCopy(progress, meter.rate());
}

/**
 * Begins to watch.
 * @param title of a batch's line
 */
export function watchCopies(title: (batch: number) => string): Copies {
  const account = createAccount();
  const watched = new Map<number, Watched>();
  let whole: Meter | null = null;

  const each = (now: number): readonly string[] => {
    const lines = [...watched].map(([batch, item]) => {
      const text = copyText(account.underway.get(batch) ?? null, item, now);
      return `    ${title(batch)}: ${text}`;
    });
    const rest = lines.length - MAX_SHOWN;
    return rest > 0 ? [...lines.slice(0, MAX_SHOWN), `    and ${rest} more`] : lines;
  };

  return {
    advance: account.advance,
    ruleOut: account.ruleOut,
    begin: (batch, now) => {
      whole ??= createMeter(account.moved(), now);
      watched.set(batch, { meter: createMeter(0, now), since: now });
      account.begin(batch);
    },
    end: (batch, isThere) => {
      watched.delete(batch);
      return account.end(batch, isThere);
    },
    lines: (announced, now) => {
      if (watched.size === 0) {
        // A pause between two copies belongs to neither.
        whole = null;
        return [];
      }
      whole?.look(account.moved(), now);
      const sum = describeSum(account.sum(announced), whole?.rate() ?? null);
      const blobs = `${formatNumber(account.arrived())} of ${formatCount(announced.batches, 'blob')} done`;
      return [`… handoff: ${sum}; ${blobs}`, ...each(now)];
    },
  };
}
