import { failed } from '../errors/index.ts';

/** One token of a line. Spaces and tabs separate tokens. */
export interface Token {
  readonly text: string;
  /** In the original line, from 1. */
  readonly column: number;
}

/** The first problem of a line, and its position. */
export interface Mistake {
  /** In the original line, from 1. */
  readonly column: number;
  readonly problem: string;
}

/** The result for a mistake at a column. */
export const mistakeAt = (column: number, problem: string) => failed<Mistake>({ column, problem });

/** Removes the comment of a line. A `#` starts a comment at the start of a line or after a space or tab. Keeps the columns. */
export function withoutComment(line: string): string {
  const comment = line.search(/(?:^|[ \t])#/);
  return comment < 0 ? line : line.slice(0, comment);
}

/** Splits a line into tokens. */
export const tokensOf = (line: string): readonly Token[] =>
  [...line.matchAll(/[^ \t]+/g)].map((match) => ({ text: match[0], column: match.index + 1 }));

// Control characters, and spaces that look like a space. Text that was pasted from a web page can contain them.
const INVISIBLE = /[^\P{C}\t]|[^\P{Z} ]/u;

/** Replaces characters that are invisible, end the line, or change how the rest of it is displayed. */
export const escapeInvisible = (line: string): string => line.replaceAll(/[^\P{C}\t]|[\p{Zl}\p{Zp}]/gu, '\uFFFD');

/** Finds the first invisible character that doesn't separate tokens; null if there is none. */
export function invisibleCharacter(line: string): Mistake | null {
  const match = INVISIBLE.exec(line);
  if (match === null) return null;
  const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return {
    column: match.index + 1,
    problem: `the invisible character U+${code} is not allowed; remove it or write a space`,
  };
}
