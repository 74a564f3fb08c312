import { marked, type Token, type Tokens } from 'marked';

function partsOf(token: Token): readonly Token[] {
  if (token.type === 'list') return (token as Tokens.List).items;
  if (token.type === 'table') {
    const { header, rows } = token as Tokens.Table;
    return [header, ...rows].flat().flatMap(({ tokens }) => tokens);
  }
  return 'tokens' in token ? (token.tokens ?? []) : [];
}

/** A token, and all that are below it, in the order of the page. */
export function* descend(token: Token): Generator<Token> {
  yield token;
  for (const part of partsOf(token)) yield* descend(part);
}

/** The blocks of a page, one after the other. */
export const blocksOf = (markdown: string): readonly Token[] => marked.lexer(markdown);

/** Whether a token has nothing below it. */
export const isLeaf = (token: Token): boolean => partsOf(token).length === 0;
