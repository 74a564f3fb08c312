/** Shards of a plan, for parallel jobs. Pure. */
import { failed, ok, type Result } from '../errors/index.ts';
import type { Batch } from './artifact.ts';

/** One shard of several: `2/5`. */
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

/** Limit of jobs in a matrix (GitHub Actions: usage limits). */
export const MAX_SHARDS = 256;

/** Parses `k/n`. */
export function parseShard(text: string): Result<Shard, string> {
  const [, number = '', of = ''] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  const shard = { number: Number(number), of: Number(of) };
  if (shard.number >= 1 && shard.number <= shard.of && shard.of <= MAX_SHARDS) return ok(shard);
  return failed(`use k/n, such as 2/5, with n at most ${MAX_SHARDS}`);
}

/** Formats a shard as `k/n`. */
export const formatShard = ({ number, of }: Shard): string => `${number}/${of}`;

/** Assigns batches to shards, the largest batch first, always to the smallest shard. Every job gets the same result. */
function assign<Any extends Batch>(batches: readonly Any[], count: number): readonly (readonly Any[])[] {
  const shards = Array.from({ length: count }, () => ({ batches: [] as Any[], bytes: 0 }));
  const largestFirst = [...batches].sort((a, b) => b.bytes - a.bytes || a.index - b.index);
  for (const batch of largestFirst) {
    const smallest = shards.reduce((found, shard) =>
      shard.bytes < found.bytes || (shard.bytes === found.bytes && shard.batches.length < found.batches.length)
        ? shard
        : found,
    );
    smallest.batches.push(batch);
    smallest.bytes += batch.bytes;
  }
  return shards.map((shard) => shard.batches.sort((a, b) => a.index - b.index));
}

/** The batches of one shard. */
export const batchesOfShard = <Any extends Batch>(batches: readonly Any[], { number, of }: Shard): readonly Any[] =>
  assign(batches, of)[number - 1] ?? [];

/** One matrix entry for each batch, up to the limit of a matrix. Empty without batches. */
export function matrixOf(batches: readonly Batch[]): readonly MatrixEntry[] {
  const count = Math.min(batches.length, MAX_SHARDS);
  return assign(batches, count).map((shard, index) => ({
    shard: formatShard({ number: index + 1, of: count }),
    batches: shard.length,
    artifacts: shard.reduce((sum, { artifacts }) => sum + artifacts.length, 0),
    bytes: shard.reduce((sum, { bytes }) => sum + bytes, 0),
  }));
}
