/**
 * Assembles WebAssembly: the part of the binary format that a loop over integers needs (W3C: WebAssembly Core
 * Specification, "Binary Format"). Code is written as nested expressions: `add(get(0), constant(1))`.
 */

/** Instructions, byte by byte. */
export type Code = readonly number[];

/** Type i32, which all locals have. */
const I32 = 0x7f;

/** Unsigned LEB128. */
const unsigned = (value: number): Code =>
  value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...unsigned(Math.floor(value / 0x80))];

/** Signed LEB128 of 32 bits. */
function signed(value: number): Code {
  const low = value & 0x7f;
  const rest = value >> 7;
  const isAll = low < 0x40 ? rest === 0 : rest === -1;
  return isAll ? [low] : [low + 0x80, ...signed(rest)];
}

const binary =
  (instruction: number) =>
  (left: Code, right: Code): Code => [...left, ...right, instruction];

/** Sum modulo 2^32. */
export const add = binary(0x6a);
/** Bitwise and. */
export const and = binary(0x71);
/** Bitwise or. */
export const or = binary(0x72);
/** Bitwise exclusive or. */
export const xor = binary(0x73);
/** Rotation to the left. */
export const rotate = binary(0x77);
/** 1 if both values differ, otherwise 0. */
export const differs = binary(0x47);

/** A number of 32 bits, signed or unsigned. */
export const constant = (value: number): Code => [0x41, ...signed(value | 0)];

/** Bitwise complement. */
export const not = (bits: Code): Code => xor(bits, constant(-1));

/** Reads a local. */
export const get = (local: number): Code => [0x20, ...unsigned(local)];

/** Writes a local. */
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];

/** Alignment of a word, as log2 of its bytes. All addresses are multiples of 4. */
const ALIGNED = 2;

/** Reads the word at an address plus an offset. Little-endian on every machine. */
export const load = (address: Code, offset: number): Code => [...address, 0x28, ALIGNED, ...unsigned(offset)];

/** Writes a word to an address plus an offset. */
export const store = (address: Code, offset: number, value: Code): Code => [
  ...address,
  ...value,
  0x36,
  ALIGNED,
  ...unsigned(offset),
];

const NO_RESULT = 0x40;

/** Runs the body once, then repeats it while the condition isn't 0. */
export const repeatWhile = (body: Code, condition: Code): Code => [
  ...[0x03, NO_RESULT, ...body],
  ...[...condition, 0x0d, 0],
  0x0b,
];

/** A module that exports a function `run` without a result, and a memory `memory`. */
export interface ModuleParts {
  readonly parameters: number;
  /** Additional locals. Their numbers follow those of the parameters. */
  readonly locals: number;
  /** Size of the memory in pages of 64 KiB. */
  readonly pages: number;
  readonly code: Code;
}

const sized = (content: Code): Code => [...unsigned(content.length), ...content];
const section = (id: number, content: Code): Code => [id, ...sized(content)];
const name = (text: string): Code => sized([...Buffer.from(text)]);

const HEADER = [...Buffer.from('\0asm'), 1, 0, 0, 0];
const SECTION = { types: 1, functions: 3, memories: 5, exports: 7, bodies: 10 };

/** Assembles a module. */
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
