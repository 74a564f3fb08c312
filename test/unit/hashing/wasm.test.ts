import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as wasm from '../../../src/hashing/wasm.ts';

/** The part of the WebAssembly API that this file uses. Node's types don't declare it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly run: (x: number, y: number) => void;
}

function open(code: wasm.Code): Exports {
  const bytes = wasm.moduleOf({ parameters: 2, locals: 1, pages: 1, code });
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports;
}

/** Result of a formula of two numbers. */
function valueOf(formula: wasm.Code): (x: number, y: number) => number {
  const { memory, run } = open(wasm.store(wasm.constant(0), 300, formula));
  return (x, y) => {
    run(x, y);
    return new DataView(memory.buffer).getInt32(300, true);
  };
}

const [X, Y] = [wasm.get(0), wasm.get(1)];
const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

const FORMULAS: readonly [string, wasm.Code, (x: number, y: number) => number][] = [
  ['add', wasm.add(X, Y), (x, y) => (x + y) | 0],
  ['and', wasm.and(X, Y), (x, y) => x & y],
  ['or', wasm.or(X, Y), (x, y) => x | y],
  ['xor', wasm.xor(X, Y), (x, y) => x ^ y],
  ['not', wasm.not(X), (x) => ~x],
  ['differs', wasm.differs(X, Y), (x, y) => Number(x !== y)],
  ['rotate', wasm.rotate(X, wasm.constant(7)), (x) => (x << 7) | (x >>> 25)],
  ['inside out', wasm.xor(wasm.add(X, Y), wasm.and(wasm.not(X), Y)), (x, y) => ((x + y) | 0) ^ (~x & y)],
];

describe('formulas', () => {
  it.each(FORMULAS)('%s', (_, formula, expected) => {
    const value = valueOf(formula);
    fc.assert(
      fc.property(word, word, (x, y) => {
        expect(value(x, y)).toBe(expected(x, y));
      }),
    );
    expect(value(5, 5)).toBe(expected(5, 5));
  });

  it('contain constants of 32 bits, signed or unsigned', () => {
    const edges = [0, 63, 64, 127, 128, -1, -64, -65, 2 ** 31 - 1, -(2 ** 31), 2 ** 32 - 1, 0xd76aa478];
    const all = fc.oneof(fc.constantFrom(...edges), word);
    fc.assert(
      fc.property(all, (number) => {
        expect(valueOf(wasm.constant(number))(0, 0)).toBe(number | 0);
      }),
      { examples: edges.map((edge) => [edge]) },
    );
  });
});

it('locals keep their values, and memory is little-endian', () => {
  const { memory, run } = open([
    ...wasm.set(2, wasm.add(X, wasm.constant(1))),
    ...wasm.store(wasm.constant(8), 0, wasm.get(2)),
    ...wasm.store(wasm.constant(0), 12, wasm.load(Y, 8)),
  ]);
  run(0x01020304 - 1, 0);

  expect([...new Uint8Array(memory.buffer, 8, 8)]).toEqual([4, 3, 2, 1, 4, 3, 2, 1]);
});

it('repeats the body while the condition holds, and at least once', () => {
  const sum = wasm.repeatWhile(
    [...wasm.set(2, wasm.add(wasm.get(2), X)), ...wasm.set(0, wasm.add(X, wasm.constant(1)))],
    wasm.differs(X, Y),
  );
  const { memory, run } = open([...sum, ...wasm.store(wasm.constant(0), 0, wasm.get(2))]);
  const sumOf = (from: number, to: number): number => {
    run(from, to);
    return new DataView(memory.buffer).getInt32(0, true);
  };

  expect([sumOf(1, 2), sumOf(3, 10), sumOf(0, 1001)]).toEqual([1, 42, 500_500]);
});

it('code whose length needs more than one byte is complete', () => {
  const many = Array.from({ length: 20_000 }, () => wasm.set(2, wasm.add(wasm.get(2), X))).flat();
  const { memory, run } = open([...many, ...wasm.store(wasm.constant(0), 0, wasm.get(2))]);
  run(3, 0);

  expect(new DataView(memory.buffer).getInt32(0, true)).toBe(60_000);
});
