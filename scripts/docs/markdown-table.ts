/** A `|` would end the cell; a line break would end the table. */
export const cell = (text: string): string => text.trim().replaceAll('|', '\\|').replace(/\s+/g, ' ');

/** A table of Markdown, of cells that are ready. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
