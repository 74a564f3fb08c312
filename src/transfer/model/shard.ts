/** Shares of a plan, for jobs that carry it out side by side. Pure. */
import type { Parsed } from '../errors/index.ts';
import type { Batch } from './artifact.ts';

/** One share of several: `2/5`. */
export interface Shard {
  /** Counted from 1. */
  readonly number: number;
  readonly of: number;
}

/** One entry of the `matrix` output, a member of `strategy.matrix.include`. */
export interface MatrixEntry {
  readonly shard: string;
  readonly batches: number;
  readonly artifacts: number;
  /** Estimated. */
  readonly bytes: number;
}

/** A matrix makes at most 256 jobs (GitHub Actions: usage limits). */
export const MAX_SHARDS = 256;

/** Reads `k/n`. */
export function parseShard(text: string): Parsed<Shard> {
  const [, number = '', of = ''] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  const shard = { number: Number(number), of: Number(of) };
  if (shard.number >= 1 && shard.number <= shard.of && shard.of <= MAX_SHARDS) return { value: shard };
  return { problem: `use k/n, such as 2/5, with n at most ${MAX_SHARDS}` };
}

/** The text form. */
export const formatShard = ({ number, of }: Shard): string => `${number}/${of}`;

/** Gives every batch to a share, the largest first, always to the share that has least: the same for everybody who asks. */
function deal(batches: readonly Batch[], shares: number): readonly (readonly Batch[])[] {
  const hands = Array.from({ length: shares }, () => ({ batches: [] as Batch[], bytes: 0 }));
  const largestFirst = [...batches].sort((a, b) => b.bytes - a.bytes || a.index - b.index);
  for (const batch of largestFirst) {
    const least = hands.reduce((found, hand) =>
      hand.bytes < found.bytes || (hand.bytes === found.bytes && hand.batches.length < found.batches.length)
        ? hand
        : found,
    );
    least.batches.push(batch);
    least.bytes += batch.bytes;
  }
  return hands.map((hand) => hand.batches.sort((a, b) => a.index - b.index));
}

/** The batches of one share. */
export const batchesOfShard = (batches: readonly Batch[], { number, of }: Shard): readonly Batch[] =>
  deal(batches, of)[number - 1] ?? [];

/** A share for every batch, as far as a matrix goes; none when there is nothing to carry. */
export function matrixOf(batches: readonly Batch[]): readonly MatrixEntry[] {
  const shares = Math.min(batches.length, MAX_SHARDS);
  return deal(batches, shares).map((share, index) => ({
    shard: formatShard({ number: index + 1, of: shares }),
    batches: share.length,
    artifacts: share.reduce((sum, { artifacts }) => sum + artifacts.length, 0),
    bytes: share.reduce((sum, { bytes }) => sum + bytes, 0),
  }));
}
