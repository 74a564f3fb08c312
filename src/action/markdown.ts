/** Small builders for GitHub-flavoured Markdown. Everything that is not ours is escaped here. */

/** Characters that mean something in Markdown or HTML, written as entities, which GitHub shows as they are. */
const SPECIAL = /[&<>"'`|*_~[\]()#@\\!:$]|(?<=www)\./gi;

/** Text that can break neither a table nor the page, nor mention or link anything. */
export const escapeText = (text: string): string =>
  text.replace(SPECIAL, (character) => `&#${character.charCodeAt(0)};`).replace(/\s*[\r\n]+\s*/g, ' ');

/** The same in a fixed-width font. */
export const code = (text: string): string => `<code>${escapeText(text)}</code>`;

/** Other things that end a line somewhere would get out of a block that only ends at line feeds. */
const oneLine = (line: string): string => line.replace(/[\r\u2028\u2029]/g, ' ');

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
  for (const line of text.split(/\r?\n/).map(oneLine)) {
    if (/^ {2}/.test(line)) {
      block.push(line.slice(2));
      continue;
    }
    endBlock();
    parts.push(escapeText(line));
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
