/**
 * The inner loop of MD5 (RFC 1321, 3.4), for two states at once. Each step of MD5 waits for the one before it, so a
 * processor is mostly idle meanwhile: a second state over the same words costs little more (`npm run bench -- hashing`).
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

/** States that go over the bytes together. */
const LANES = 2;
const WORDS = 4;
const WORD_BYTES = 4;
const CHUNK_BYTES = 64;
const STEPS = 64;

/** Where each state lies in the kernel's memory, 16 bytes each, and where the bytes that are hashed lie. */
export const KERNEL_MEMORY = { lanes: [0, 16], bytes: 64 } as const;

/** Bytes that are hashed in one call: they and what they come from stay in the processor's cache. */
export const KERNEL_BYTES = 64 * 1024;

const PAGES = Math.ceil((KERNEL_MEMORY.bytes + KERNEL_BYTES) / 0x1_0000);

/** Locals: where the chunk lies and where the last one ends (parameters), a word, states, and the states before the chunk. */
const AT = 0;
const END = 1;
const WORD = 2;
const STATES = 3;
const BEFORE = STATES + LANES * WORDS;

interface Round {
  /** How far the steps rotate, one after the other. */
  readonly rotations: readonly [number, number, number, number];
  /** Which word of the chunk a step takes. */
  readonly word: (step: number) => number;
  /** Adds what the RFC calls F, G, H or I of three words. The first one is known last: what it waits for is kept short. */
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
    // The RFC joins both halves by `or`. They have no bit in common, so they can be added as well, one of them before b.
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

/** One step of one state. Its words change places with every step: here their names do. */
function laneStep(step: number, lane: number): Code {
  const { rotations, mix } = roundOf(step);
  const local = (place: number): number => STATES + lane * WORDS + ((place - step) & 3);
  const [a, b, c, d] = [get(local(0)), get(local(1)), get(local(2)), get(local(3))];
  const mixed = mix(add(a, get(WORD)), b, c, d);
  return set(local(0), add(rotate(mixed, constant(rotations[(step & 3) as 0 | 1 | 2 | 3])), b));
}

const counted = (count: number, code: (index: number) => Code): Code =>
  Array.from({ length: count }, (_, index) => code(index)).flat();

const takeWord = (step: number): Code =>
  set(WORD, add(load(get(AT), WORD_BYTES * roundOf(step).word(step)), constant(sine(step))));

const ALL_WORDS = LANES * WORDS;

const chunk: Code = [
  ...counted(ALL_WORDS, (word) => set(BEFORE + word, get(STATES + word))),
  ...counted(STEPS, (step) => [...takeWord(step), ...counted(LANES, (lane) => laneStep(step, lane))]),
  ...counted(ALL_WORDS, (word) => set(STATES + word, add(get(STATES + word), get(BEFORE + word)))),
  ...set(AT, add(get(AT), constant(CHUNK_BYTES))),
];

const code: Code = [
  ...counted(ALL_WORDS, (word) => set(STATES + word, load(constant(0), WORD_BYTES * word))),
  ...repeatWhile(chunk, differs(get(AT), get(END))),
  ...counted(ALL_WORDS, (word) => store(constant(0), WORD_BYTES * word, get(STATES + word))),
];

/** All that Node's types do not tell of WebAssembly and that is needed here. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** A kernel with its memory. */
export interface Md5Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Takes both states over the chunks from one address up to another; at least one chunk. */
  readonly run: (at: number, end: number) => void;
}

/** Compiles the kernel. */
export function createKernel(): Md5Kernel {
  const module = new WebAssembly.Module(
    moduleOf({ parameters: 2, locals: BEFORE + ALL_WORDS - 2, pages: PAGES, code }),
  );
  return new WebAssembly.Instance(module).exports as Md5Kernel;
}
