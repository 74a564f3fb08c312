import { describe, expect, it } from '@jest/globals';
import { expandMatrix, legLabel, readStrategy } from './matrix.ts';

describe('expanding a matrix', () => {
  it('combines every value with every other', () => {
    expect(expandMatrix({ os: ['linux', 'windows'], node: [22, 24] }).map(legLabel)).toEqual([
      ' (linux, 22)',
      ' (linux, 24)',
      ' (windows, 22)',
      ' (windows, 24)',
    ]);
  });

  it('includes entries as documented', () => {
    const matrix = {
      fruit: ['apple', 'pear'],
      animal: ['cat', 'dog'],
      include: [
        { color: 'green' },
        { color: 'pink', animal: 'cat' },
        { fruit: 'apple', shape: 'circle' },
        { fruit: 'banana' },
        { fruit: 'banana', animal: 'cat' },
      ],
    };
    expect(expandMatrix(matrix)).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]);
  });

  it('leaves out what a partial pattern matches', () => {
    const matrix = {
      os: ['linux', { name: 'windows', version: 11 }],
      node: [22, 24],
      exclude: [{ os: { name: 'windows' }, node: 22 }],
    };
    expect(expandMatrix(matrix)).toHaveLength(3);
  });

  it.each([
    [{ include: [] }, 'Matrix must define at least one vector'],
    [{ shard: [] }, "Matrix vector 'shard' does not contain any values"],
    [{ shard: 'one' }, "Unexpected type of value 'one', expected type: Sequence."],
    ['[]', "Unexpected type of value '[]', expected type: Mapping."],
    [{ a: Array.from({ length: 257 }, (_, index) => index) }, 'would generate more than 256 jobs'],
  ])('refuses %j', (matrix, message) => {
    expect(() => expandMatrix(matrix)).toThrow(message);
  });

  it('runs all in parallel, and stops after the first failure by default', () => {
    expect(readStrategy(null)).toEqual({ failFast: true, maxParallel: Infinity, legs: [null] });
    expect(readStrategy({ 'fail-fast': false, 'max-parallel': 2, matrix: { n: [1] } })).toEqual({
      failFast: false,
      maxParallel: 2,
      legs: [{ n: 1 }],
    });
  });
});
