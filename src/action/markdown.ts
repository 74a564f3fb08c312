/** Small builders for GitHub-flavoured Markdown. Everything that is not ours is escaped here. */

/** Characters that mean something in Markdown or HTML, written as entities, which GitHub shows as they are. */
const SPECIAL = /[&<>"'`|*_~[\]()#@\\!:]/g;

/** Text that can break neither a table nor the page, nor mention or link anything. */
export const escapeText = (text: string): string =>
  text.replace(SPECIAL, (character) => `&#${character.charCodeAt(0)};`).replace(/\s*[\r\n]+\s*/g, ' ');

/** The same in a fixed-width font. */
export const code = (text: string): string => `<code>${escapeText(text)}</code>`;

/** Lines of text, kept apart. */
export const lines = (text: string): string => text.split(/\r?\n/).map(escapeText).join('<br>');

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
