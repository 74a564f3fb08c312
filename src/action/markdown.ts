/** Small builders for GitHub-flavoured Markdown. Everything that is not ours is escaped here. */
import { withoutActing } from './acting-signs.ts';

/** Characters that mean something in Markdown or HTML, written as entities, which GitHub shows as they are. */
const SPECIAL = /[&<>"'`|*_~[\]()#@\\!:$]|(?<=www)\./gi;

/** What ends a line, here or elsewhere. */
const LINE_END = /[\n\u0085\u2028\u2029]/;

/** Line by line, as one pattern for an end with its blanks would take quadratic time over many blanks. */
const oneLine = (text: string): string =>
  LINE_END.test(text)
    ? text
        .split(LINE_END)
        .flatMap((line) => line.trim() || [])
        .join(' ')
    : text;

const entity = (character: string): string => `&#${character.charCodeAt(0)};`;

/** Text that can break neither a table nor the page, nor mention or link anything. */
export const escapeText = (text: string): string => oneLine(withoutActing(text)).replace(SPECIAL, entity);

/** The same in a fixed-width font. */
export const code = (text: string): string => `<code>${escapeText(text)}</code>`;

/** Other things that end a line somewhere would get out of a block that only ends at line feeds. */
const unbrokenLine = (line: string): string => withoutActing(line.replace(/[\r\u0085\u2028\u2029]/g, ' '));

/** What begins a list, a rule or a title of a paragraph that is not meant to be one. */
const BEGINNING = /^(?:[-+=]|\d+(?=[.)]))/;

/** A paragraph of its own, whatever it begins with. */
const paragraph = (line: string): string =>
  escapeText(line.trim()).replace(BEGINNING, (sign) => `${sign.slice(0, -1)}${entity(sign.slice(-1))}`);

/** A fenced block. What it holds cannot close it. */
const fence = (block: readonly string[]): string =>
  ['```text', ...block.map((line) => line.replaceAll('`', "'")), '```'].join('\n');

/**
 * Text of several lines: a line that is indented belongs to a block that is shown as it is (commands, YAML, lists), every
 * other line is a paragraph of its own.
 */
export function prose(text: string): string {
  const parts: string[] = [];
  let block: string[] = [];
  const endBlock = (): void => {
    if (block.length > 0) parts.push(fence(block));
    block = [];
  };
  for (const line of text.split(/\r?\n/).map(unbrokenLine)) {
    if (/^ {2}/.test(line)) {
      block.push(line.slice(2));
      continue;
    }
    endBlock();
    parts.push(paragraph(line));
  }
  endBlock();
  return parts.join('\n\n');
}

/** A number with its unit, kept on one line. */
export const unbroken = (text: string): string => text.replaceAll(' ', '&nbsp;');

/** Markdown as a quotation. */
export const quote = (markdown: string): string =>
  markdown
    .split(/\r\n?|\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');

/** A table. Cells are Markdown already. */
export function table(
  head: readonly string[],
  align: readonly ('left' | 'right')[],
  rows: readonly (readonly string[])[],
): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = align.map((side) => (side === 'right' ? '--:' : ':--'));
  return [row(head), row(rule), ...rows.map(row)].join('\n');
}

/** Something that is folded until it is clicked. The title is Markdown already. */
export const folded = (title: string, body: string): string =>
  `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
