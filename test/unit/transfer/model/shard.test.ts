import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import type { Batch } from '../../../../src/transfer/model/artifact.ts';
import { batchesOfShard, formatShard, matrixOf, MAX_SHARDS, parseShard } from '../../../../src/transfer/model/shard.ts';

const batchesOf = (sizes: readonly number[]): readonly Batch[] =>
  sizes.map((bytes, index) => ({ index: index + 1, blob: `${index}.tar`, artifacts: [], bytes }));

const anyBatches = fc.array(fc.nat(10_000), { maxLength: 400 }).map(batchesOf);

const numbered = (of: number): number[] => Array.from({ length: of }, (_, index) => index + 1);

describe('batchesOfShard', () => {
  it('assigns each batch to exactly one shard', () => {
    fc.assert(
      fc.property(anyBatches, fc.integer({ min: 1, max: MAX_SHARDS }), (batches, of) => {
        const shards = numbered(of).map((number) => batchesOfShard(batches, { number, of }));
        const assigned = shards.flat().map(({ index }) => index);

        expect(assigned.toSorted((a, b) => a - b)).toEqual(batches.map(({ index }) => index));
      }),
    );
  });

  it('leaves no shard empty if there are enough batches', () => {
    fc.assert(
      fc.property(anyBatches, fc.integer({ min: 1, max: MAX_SHARDS }), (batches, of) => {
        const filled = numbered(of).filter((number) => batchesOfShard(batches, { number, of }).length > 0);

        expect(filled).toHaveLength(Math.min(of, batches.length));
      }),
    );
  });

  it('balances the size of shards to within one batch', () => {
    fc.assert(
      fc.property(anyBatches, fc.integer({ min: 1, max: 20 }), (batches, of) => {
        const sizes = numbered(of).map((number) =>
          batchesOfShard(batches, { number, of }).reduce((sum, { bytes }) => sum + bytes, 0),
        );
        const largest = Math.max(0, ...batches.map(({ bytes }) => bytes));

        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(largest);
      }),
    );
  });

  it('assigns the largest batch first', () => {
    const shards = [1, 2].map((number) => batchesOfShard(batchesOf([1, 1, 2]), { number, of: 2 }));

    expect(shards.map((shard) => shard.reduce((sum, { bytes }) => sum + bytes, 0))).toEqual([2, 2]);
  });

  const indexesOf = (batches: readonly Batch[], of: number): number[][] =>
    numbered(of).map((number) => batchesOfShard(batches, { number, of }).map(({ index }) => index));

  it('assigns batches of equal size in plan order, one to each shard in turn', () => {
    expect(indexesOf(batchesOf([7, 7, 7, 7, 7]), 2)).toEqual([
      [1, 3, 5],
      [2, 4],
    ]);
    expect(indexesOf(batchesOf([0, 0, 0, 0]), 3)).toEqual([[1, 4], [2], [3]]);
  });

  it('has the same result for any order of the batches, including batches of equal size', () => {
    const fewSizes = fc.array(fc.nat(2), { minLength: 1, maxLength: 40 }).map(batchesOf);
    const shuffled = fewSizes.chain((batches) =>
      fc.tuple(
        fc.constant(batches),
        fc.shuffledSubarray([...batches], { minLength: batches.length }),
        fc.integer({ min: 1, max: 6 }),
      ),
    );

    fc.assert(
      fc.property(shuffled, ([batches, order, of]) => {
        expect(indexesOf(order, of)).toEqual(indexesOf(batches, of));
      }),
    );
  });

  it('has no batches for a shard that does not exist', () => {
    expect(batchesOfShard(batchesOf([1, 2]), { number: 3, of: 2 })).toEqual([]);
  });
});

describe('matrixOf', () => {
  it('has one entry for each batch, up to the limit of a matrix', () => {
    fc.assert(
      fc.property(anyBatches, (batches) => {
        const matrix = matrixOf(batches);

        expect(matrix).toHaveLength(Math.min(batches.length, MAX_SHARDS));
        expect(matrix.reduce((sum, entry) => sum + entry.batches, 0)).toBe(batches.length);
        for (const { shard, batches: count, bytes } of matrix) {
          const parsed = parseShard(shard);
          const assigned = parsed.ok ? batchesOfShard(batches, parsed.value) : [];

          expect([assigned.length, assigned.reduce((sum, batch) => sum + batch.bytes, 0)]).toEqual([count, bytes]);
        }
      }),
    );
  });

  it('is empty without batches', () => {
    expect(matrixOf([])).toEqual([]);
  });
});

describe('parseShard', () => {
  it.each(['1/1', '2/5', '256/256'])('parses %s', (text) => {
    const parsed = parseShard(text);

    expect(parsed.ok && formatShard(parsed.value)).toBe(text);
  });

  it.each(['', '0/5', '6/5', '1/257', '1/0', '1', 'a/b', '1/5/2', '-1/5', '1 / 5', '1/5\n'])('rejects %j', (text) => {
    expect(parseShard(text)).toEqual({ ok: false, problem: 'use k/n, such as 2/5, with n at most 256' });
  });
});
