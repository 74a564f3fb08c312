import { folded } from './markdown.ts';

/** Tables longer than this are folded. */
export const LONGEST_OPEN_TABLE = 20;

/** A part of the summary under its title: open while it is short, else folded. */
export function section(title: string, count: number, body: string): string {
  return count > LONGEST_OPEN_TABLE ? folded(`<b>${title}</b>`, body) : `### ${title}\n\n${body}`;
}
