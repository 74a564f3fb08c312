/** A word of a line. */
export interface Token {
  readonly text: string;
  /** In the original line, from 1. */
  readonly column: number;
}

/** What is wrong with a line, and where it begins to be wrong. */
export interface Mistake {
  /** In the original line, from 1. */
  readonly column: number;
  readonly problem: string;
}

/** Either what was read, or the first mistake in it. */
export type TokenResult<Value> = { readonly value: Value } | { readonly mistake: Mistake };

/** A reading that came to nothing. */
export const mistaken = (column: number, problem: string): { readonly mistake: Mistake } => ({
  mistake: { column, problem },
});

/** A line without its comment; a `#` begins one at the start of a line or after a blank. Columns stay what they are. */
export function withoutComment(line: string): string {
  const comment = line.search(/(?:^|[ \t])#/);
  return comment < 0 ? line : line.slice(0, comment);
}

/** The words of a line: only spaces and tabs part them. */
export const tokensOf = (line: string): readonly Token[] =>
  [...line.matchAll(/[^ \t]+/g)].map((match) => ({ text: match[0], column: match.index + 1 }));

// Characters that look like a blank or like nothing; pasted from a web page they would be hunted for in vain.
const INVISIBLE = /[^\P{C}\t]|[^\P{Z} ]/u;

/** A line as it can be shown: what could not be seen, would end it, or would change how the rest is seen, is replaced. */
export const escapeInvisible = (line: string): string => line.replaceAll(/[^\P{C}\t]|[\p{Zl}\p{Zp}]/gu, '\uFFFD');

/** The first blank or control character that parts no words, if there is one. */
export function invisibleCharacter(line: string): Mistake | null {
  const match = INVISIBLE.exec(line);
  if (match === null) return null;
  const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return {
    column: match.index + 1,
    problem: `the invisible character U+${code} is not allowed; take it out or write a space`,
  };
}
