/**
 * The report's own building blocks, independent of the format.
 *
 * What a report says, before it is Markdown or HTML: the job summary and the page are made of the same blocks. A plain
 * string is somebody else's text until it is rendered, and is escaped there; what is ours says so.
 */
import { formatCount } from '../text/format.ts';
import type { Timeline } from './timeline.ts';

/** A piece of a line. */
export type Inline =
  | string
  /** Our own words and numbers, which mean nothing in Markdown. */
  | { readonly kind: 'ours'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'bold'; readonly text: Text }
  /** Kept on one line. */
  | { readonly kind: 'unbroken'; readonly text: string }
  /** Null where there is nothing to open. */
  | { readonly kind: 'link'; readonly url: string | null; readonly text: Text };

/** A line. */
export type Text = Inline | readonly Inline[];

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** One thing below another. */
export type Block =
  | { readonly kind: 'verdict'; readonly text: Text }
  | { readonly kind: 'paragraph'; readonly text: Text; readonly small: boolean }
  /** Text of several lines: what is indented is shown as it is. */
  | { readonly kind: 'prose'; readonly lead: string; readonly text: string }
  | { readonly kind: 'callout'; readonly tone: 'caution' | 'warning'; readonly body: readonly Block[] }
  | { readonly kind: 'section'; readonly title: Text; readonly folds: boolean; readonly body: readonly Block[] }
  | { readonly kind: 'table'; readonly columns: readonly Column[]; readonly rows: readonly (readonly Text[])[] }
  | { readonly kind: 'timeline'; readonly timeline: Timeline };

/** See {@link Inline}. */
export const ours = (text: string): Inline => ({ kind: 'ours', text });

/** Names and values, in a fixed-width font. */
export const code = (text: string): Inline => ({ kind: 'code', text });

/** See {@link Inline}. */
export const bold = (text: Text): Inline => ({ kind: 'bold', text });

/** A number with its unit, kept on one line. */
export const unbroken = (text: string): Inline => ({ kind: 'unbroken', text });

/** See {@link Inline}. */
export const link = (url: string | null, text: Text): Inline => ({ kind: 'link', url, text });

/** Several lines in a row, with something between them. */
export const joined = (lines: readonly Text[], between: Inline): readonly Inline[] =>
  lines.flatMap((line, index) => [...(index === 0 ? [] : [between]), ...piecesOf(line)]);

/** The pieces of a line. */
export const piecesOf = (text: Text): readonly Inline[] =>
  Array.isArray(text) ? (text as readonly Inline[]) : [text as Inline];

/** The first line of a report. */
export const verdict = (text: Text): Block => ({ kind: 'verdict', text });

/** A line of its own. */
export const paragraph = (text: Text): Block => ({ kind: 'paragraph', text, small: false });

/** What only some will look for. */
export const small = (text: Text): Block => ({ kind: 'paragraph', text, small: true });

/** Text of several lines after a word or two of ours. */
export const prose = (text: string, lead = ''): Block => ({ kind: 'prose', lead, text });

/** Something that must not be overlooked. */
export const callout = (tone: 'caution' | 'warning', ...body: readonly Block[]): Block => ({
  kind: 'callout',
  tone,
  body,
});

/** Tables longer than this are folded. */
export const MAX_OPEN_TABLE_LENGTH = 20;

/**
 * A part under its title: open while it is short, else folded.
 * @param rows that it has to show
 */
export const section = (title: Text, rows: number, ...body: readonly Block[]): Block => ({
  kind: 'section',
  title,
  folds: rows > MAX_OPEN_TABLE_LENGTH,
  body,
});

/** A part that is folded however short it is. */
export const folded = (title: Text, ...body: readonly Block[]): Block => ({
  kind: 'section',
  title,
  folds: true,
  body,
});

/** A table; titles that begin with `>` stand at the right. */
export const table = (titles: readonly string[], rows: readonly (readonly Text[])[]): Block => ({
  kind: 'table',
  columns: titles.map((title) =>
    title.startsWith('>') ? { title: title.slice(1), align: 'right' } : { title, align: 'left' },
  ),
  rows,
});

/**
 * What a list leaves out; nothing when it leaves nothing out.
 * @param rest how many
 * @param noun of one of them, where the list does not say what they are
 */
export function moreBlocks(rest: number, noun = ''): readonly Block[] {
  if (rest <= 0) return [];
  const what = formatCount(rest, `more${noun === '' ? '' : ` ${noun}`}`, `more${noun === '' ? '' : ` ${noun}s`}`);
  return [paragraph([ours(`… and ${what} in `), code('report.json'), ours('.')])];
}
