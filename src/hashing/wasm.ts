/**
 * Writes WebAssembly: as much of its binary format as a loop over integers takes (W3C: WebAssembly Core Specification,
 * "Binary Format"). Code is written inside out, as a formula is: `add(get(0), constant(1))`.
 */

/** Instructions, byte by byte. */
export type Code = readonly number[];

/** i32, also the type of every local. */
const I32 = 0x7f;

/** LEB128 of a number from 0 on. */
const unsigned = (value: number): Code =>
  value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...unsigned(Math.floor(value / 0x80))];

/** LEB128 of 32 bits with a sign. */
function signed(value: number): Code {
  const low = value & 0x7f;
  const rest = value >> 7;
  const isAll = low < 0x40 ? rest === 0 : rest === -1;
  return isAll ? [low] : [low + 0x80, ...signed(rest)];
}

const binary =
  (instruction: number) =>
  (left: Code, right: Code): Code => [...left, ...right, instruction];

/** Sum, modulo 2^32. */
export const add = binary(0x6a);
/** Bitwise and. */
export const and = binary(0x71);
/** Bitwise or. */
export const or = binary(0x72);
/** Bitwise exclusive or. */
export const xor = binary(0x73);
/** Rotation to the left. */
export const rotate = binary(0x77);
/** 1 when they differ, else 0. */
export const differs = binary(0x47);

/** A number of 32 bits, with or without sign. */
export const constant = (value: number): Code => [0x41, ...signed(value | 0)];

/** Every bit turned around. */
export const not = (bits: Code): Code => xor(bits, constant(-1));

/** What is in a local. */
export const get = (local: number): Code => [0x20, ...unsigned(local)];

/** Puts a value into a local. */
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];

/** Log2 of the bytes of a word: all words lie at multiples of 4. */
const ALIGNED = 2;

/** The word in memory at an address and so many bytes on; little-endian on every machine. */
export const load = (address: Code, offset: number): Code => [...address, 0x28, ALIGNED, ...unsigned(offset)];

/** Puts a word into memory. */
export const store = (address: Code, offset: number, value: Code): Code => [
  ...address,
  ...value,
  0x36,
  ALIGNED,
  ...unsigned(offset),
];

const NO_RESULT = 0x40;

/** Does the body, and again as long as the condition is not 0. */
export const repeatWhile = (body: Code, condition: Code): Code => [
  ...[0x03, NO_RESULT, ...body],
  ...[...condition, 0x0d, 0],
  0x0b,
];

/** A module of one function, without a result, which it exports as `run`, and of a memory, which it exports as `memory`. */
export interface ModuleParts {
  readonly parameters: number;
  /** Locals beside the parameters, whose numbers come after theirs. */
  readonly locals: number;
  /** Memory, in pages of 64 KiB. */
  readonly pages: number;
  readonly code: Code;
}

const sized = (content: Code): Code => [...unsigned(content.length), ...content];
const section = (id: number, content: Code): Code => [id, ...sized(content)];
const name = (text: string): Code => sized([...Buffer.from(text)]);

const HEADER = [...Buffer.from('\0asm'), 1, 0, 0, 0];
const SECTION = { types: 1, functions: 3, memories: 5, exports: 7, bodies: 10 };

/** The bytes of a module. */
export function moduleOf({ parameters, locals, pages, code }: ModuleParts): Uint8Array<ArrayBuffer> {
  const type = [0x60, ...sized(Array<number>(parameters).fill(I32)), 0];
  const body = [1, ...unsigned(locals), I32, ...code, 0x0b];
  return Uint8Array.from([
    ...HEADER,
    ...section(SECTION.types, [1, ...type]),
    ...section(SECTION.functions, [1, 0]),
    ...section(SECTION.memories, [1, 0, ...unsigned(pages)]),
    ...section(SECTION.exports, [2, ...name('run'), 0, 0, ...name('memory'), 2, 0]),
    ...section(SECTION.bodies, [1, ...sized(body)]),
  ]);
}
