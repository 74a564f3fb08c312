/** A `|` would end the cell, and a line break would end the table. */
export const cell = (text: string): string => text.trim().replaceAll('|', '\\|').replace(/\s+/g, ' ');

/** A Markdown table of rendered cells. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
