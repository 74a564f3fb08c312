/** Lists of references in messages. */

const MOST_LISTED = 20;

/** How many of what, as a sentence begins. */
export const howMany = (count: number, one: string, many: string): string =>
  count === 1 ? `One ${one}` : `${count} ${many}`;

/** The first of them, a line each. */
export function listed(names: readonly string[]): string {
  const rest = names.length - MOST_LISTED;
  const lines = names.slice(0, MOST_LISTED).map((name) => `  ${name}`);
  return [...lines, ...(rest > 0 ? [`  … and ${rest} more`] : [])].join('\n');
}
