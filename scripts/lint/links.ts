/** Finds what a Markdown page links to, and where. */
import type { Token, Tokens } from 'marked';
import { blocksOf, descend, isLeaf } from './markdown-tokens.ts';

/** One link, picture or definition of a page. */
export interface Link {
  /** Counted from 1. */
  readonly line: number;
  /** As it is written, without a title. */
  readonly target: string;
}

/** A place at which a definition is named that the page does not have: `[text][nothing]`. */
export interface Dangling {
  readonly line: number;
  readonly name: string;
}

interface Placed {
  readonly token: Token;
  readonly line: number;
}

const ATTRIBUTE = /\s(?:href|src|srcset)=["'](?<target>[^"']+)["']/gi;
const REFERENCE = /\[(?<text>[^[\]]+)\]\[(?<name>[^[\]]*)\]/g;

/** `[text][name]` leads where its definition does, which is told by itself. */
const isByName = ({ type, raw }: Token): boolean => type !== 'def' && raw.endsWith(']');

const isTarget = ({ type }: Token): boolean => type === 'link' || type === 'image' || type === 'def';

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** A token knows its text, not its place: blocks follow each other, and within a block the text is looked for onwards. */
function placed(markdown: string): readonly Placed[] {
  const found: Placed[] = [];
  let start = 0;
  for (const block of blocksOf(markdown)) {
    let from = start;
    for (const token of descend(block)) {
      if (!isLeaf(token) && !isTarget(token)) continue;
      from = Math.max(from, markdown.indexOf(token.raw, from));
      found.push({ token, line: lineAt(markdown, from) });
    }
    start += block.raw.length;
  }
  return found;
}

function targetsOf(token: Token): readonly string[] {
  if (isTarget(token)) return isByName(token) ? [] : [(token as Tokens.Link).href];
  if (token.type !== 'html') return [];
  return [...token.raw.matchAll(ATTRIBUTE)].map(({ groups }) => groups?.['target'] ?? '');
}

/** Everything that a page links to, in its order. What stands in code is no link. */
export const pageLinks = (markdown: string): readonly Link[] =>
  placed(markdown).flatMap(({ token, line }) => targetsOf(token).map((target) => ({ line, target })));

/** Every reference whose definition is missing: GitHub shows it as text with brackets. */
export const pageDangling = (markdown: string): readonly Dangling[] =>
  placed(markdown).flatMap(({ token, line }) => {
    if (token.type !== 'text') return [];
    return [...token.raw.matchAll(REFERENCE)].map(({ groups }) => {
      const name = groups?.['name'] ?? '';
      return { line, name: name === '' ? (groups?.['text'] ?? '') : name };
    });
  });
