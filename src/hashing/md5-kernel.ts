/**
 * The inner loop of MD5 (RFC 1321, 3.4) for two states at once. Each step of MD5 depends on the step before it, so the
 * processor is mostly idle. A second state over the same words costs little more (`npm run bench -- hashing`).
 */
import {
  add,
  and,
  constant,
  differs,
  get,
  load,
  moduleOf,
  not,
  or,
  repeatWhile,
  rotate,
  set,
  store,
  xor,
  type Code,
} from './wasm.ts';

/** States that process the bytes together. */
const LANES = 2;
const WORDS = 4;
const WORD_BYTES = 4;
const CHUNK_BYTES = 64;
const STEPS = 64;

/** Layout of the kernel's memory: addresses of the states (16 bytes each), and of the bytes to hash. */
export const KERNEL_LAYOUT = { lanes: [0, 16], bytes: 64 } as const;

/** Bytes that one call hashes. They and their source fit in the processor's cache. */
export const KERNEL_BYTES = 64 * 1024;

const PAGES = Math.ceil((KERNEL_LAYOUT.bytes + KERNEL_BYTES) / 0x1_0000);

/** Locals: addresses of the chunk and of the end (parameters), a word, the states, and the states before the chunk. */
const CHUNK_ADDRESS = 0;
const END_ADDRESS = 1;
const WORD = 2;
const FIRST_STATE = 3;
const FIRST_SAVED_STATE = FIRST_STATE + LANES * WORDS;

interface Round {
  /** Rotation of each step, bits. Repeats every four steps. */
  readonly rotations: readonly [number, number, number, number];
  /** Index of the word that a step uses. */
  readonly word: (step: number) => number;
  /** Adds the RFC's F, G, H or I of three words. `b` is computed last, so only few operations depend on it. */
  readonly mix: (sum: Code, b: Code, c: Code, d: Code) => Code;
}

const ROUNDS: readonly [Round, Round, Round, Round] = [
  {
    rotations: [7, 12, 17, 22],
    word: (step) => step,
    mix: (sum, b, c, d) => add(sum, xor(and(xor(c, d), b), d)),
  },
  {
    rotations: [5, 9, 14, 20],
    word: (step) => (5 * step + 1) % 16,
    // The RFC combines both halves with `or`. They have no common bits, so they can be added, one before b is known.
    mix: (sum, b, c, d) => add(add(sum, and(not(d), c)), and(d, b)),
  },
  {
    rotations: [4, 11, 16, 23],
    word: (step) => (3 * step + 5) % 16,
    mix: (sum, b, c, d) => add(sum, xor(xor(c, d), b)),
  },
  {
    rotations: [6, 10, 15, 21],
    word: (step) => (7 * step) % 16,
    mix: (sum, b, c, d) => add(sum, xor(or(not(d), b), c)),
  },
];

/** T of the RFC. */
const sine = (step: number): number => Math.floor(2 ** 32 * Math.abs(Math.sin(step + 1)));

const roundOf = (step: number): Round => ROUNDS[(step >> 4) as 0 | 1 | 2 | 3];

/** One step of one state. The RFC rotates the words of the state after each step. This code rotates the locals instead. */
function laneStep(step: number, lane: number): Code {
  const { rotations, mix } = roundOf(step);
  const local = (place: number): number => FIRST_STATE + lane * WORDS + ((place - step) & 3);
  const [a, b, c, d] = [get(local(0)), get(local(1)), get(local(2)), get(local(3))];
  const mixed = mix(add(a, get(WORD)), b, c, d);
  return set(local(0), add(rotate(mixed, constant(rotations[(step & 3) as 0 | 1 | 2 | 3])), b));
}

const unroll = (count: number, code: (index: number) => Code): Code =>
  Array.from({ length: count }, (_, index) => code(index)).flat();

const loadWord = (step: number): Code =>
  set(WORD, add(load(get(CHUNK_ADDRESS), WORD_BYTES * roundOf(step).word(step)), constant(sine(step))));

const ALL_WORDS = LANES * WORDS;

const chunk: Code = [
  ...unroll(ALL_WORDS, (word) => set(FIRST_SAVED_STATE + word, get(FIRST_STATE + word))),
  ...unroll(STEPS, (step) => [...loadWord(step), ...unroll(LANES, (lane) => laneStep(step, lane))]),
  ...unroll(ALL_WORDS, (word) => set(FIRST_STATE + word, add(get(FIRST_STATE + word), get(FIRST_SAVED_STATE + word)))),
  ...set(CHUNK_ADDRESS, add(get(CHUNK_ADDRESS), constant(CHUNK_BYTES))),
];

const code: Code = [
  ...unroll(ALL_WORDS, (word) => set(FIRST_STATE + word, load(constant(0), WORD_BYTES * word))),
  ...repeatWhile(chunk, differs(get(CHUNK_ADDRESS), get(END_ADDRESS))),
  ...unroll(ALL_WORDS, (word) => store(constant(0), WORD_BYTES * word, get(FIRST_STATE + word))),
];

/** The part of the WebAssembly API that this file uses. Node's types don't declare it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** A kernel with its memory. */
export interface Md5Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Updates both states with the chunks from one address to another. Needs at least one chunk. */
  readonly run: (start: number, end: number) => void;
}

/** Compiles the kernel. */
export function createKernel(): Md5Kernel {
  const module = new WebAssembly.Module(
    moduleOf({ parameters: 2, locals: FIRST_SAVED_STATE + ALL_WORDS - 2, pages: PAGES, code }),
  );
  return new WebAssembly.Instance(module).exports as Md5Kernel;
}
