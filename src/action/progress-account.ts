/** The account of a transfer's copies: what has moved, what has arrived, what is to come. */
import type { CopyProgress, CopySum } from './progress-copy-text.ts';

/** What was announced. */
export interface Announced {
  readonly batches: number;
  /** 0 when nobody knew them. */
  readonly bytes: number;
}

/** Keeps account. */
export interface Account {
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
export const movedBytes = (progress: CopyProgress | null): number =>
  progress === null ? 0 : progress.done - (progress.reused ?? 0);

/** What is planned beyond the copies of known size is shared evenly by the batches of unknown size. */
function withRest(known: Omit<CopySum, 'certainty'>, toCome: number, unknown: number, planned: number): CopySum {
  if (toCome === 0) return { ...known, certainty: 'exact' };
  if (planned === 0) return { ...known, certainty: 'at least' };
  const rest = Math.max(0, planned - known.total) * (toCome / unknown);
  return { done: known.done, total: known.total + rest, certainty: 'about' };
}

/** Opens the account. */
export function openAccount(): Account {
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
