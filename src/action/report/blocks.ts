/**
 * Building blocks of a report, independent of the format. The job summary (Markdown) and report.html are rendered from the
 * same blocks. A plain string is untrusted text, which the renderer escapes. Trusted text is marked as such.
 */
import { formatCount } from '../text/format.ts';
import type { Timeline } from './timeline.ts';

/** A part of a line. */
export type Inline =
  | string
  /** Words and numbers of the action itself, without any Markdown syntax. */
  | { readonly kind: 'trusted'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'bold'; readonly text: Text }
  /** Kept on one line. */
  | { readonly kind: 'unbroken'; readonly text: string }
  /** `url` is null if there is no page. */
  | { readonly kind: 'link'; readonly url: string | null; readonly text: Text };

/** A line of text. */
export type Text = Inline | readonly Inline[];

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** An element of a report. Blocks are placed below each other. */
export type Block =
  | { readonly kind: 'headline'; readonly text: Text }
  | { readonly kind: 'paragraph'; readonly text: Text; readonly small: boolean }
  /** Text of several lines. Indented lines are preformatted. */
  | { readonly kind: 'prose'; readonly lead: string; readonly text: string }
  | { readonly kind: 'callout'; readonly tone: 'caution' | 'warning'; readonly body: readonly Block[] }
  | { readonly kind: 'section'; readonly title: Text; readonly folds: boolean; readonly body: readonly Block[] }
  | { readonly kind: 'table'; readonly columns: readonly Column[]; readonly rows: readonly (readonly Text[])[] }
  | { readonly kind: 'timeline'; readonly timeline: Timeline };

/** Words and numbers of the action itself. Never use it for other text: it is not escaped. */
export const trusted = (text: string): Inline => ({ kind: 'trusted', text });

/** Names and values, in a fixed-width font. */
export const code = (text: string): Inline => ({ kind: 'code', text });

/** Bold text. */
export const bold = (text: Text): Inline => ({ kind: 'bold', text });

/** A number with its unit, kept on one line. */
export const unbroken = (text: string): Inline => ({ kind: 'unbroken', text });

/** A link; only its text if `url` is null or no web page. */
export const link = (url: string | null, text: Text): Inline => ({ kind: 'link', url, text });

/** Joins lines with a separator. */
export const joined = (lines: readonly Text[], separator: Inline): readonly Inline[] =>
  lines.flatMap((line, index) => [...(index === 0 ? [] : [separator]), ...piecesOf(line)]);

/** The pieces of a line. */
export const piecesOf = (text: Text): readonly Inline[] =>
  Array.isArray(text) ? (text as readonly Inline[]) : [text as Inline];

/** The first line of a report. */
export const headlineBlock = (text: Text): Block => ({ kind: 'headline', text });

/** A paragraph of one line. */
export const paragraph = (text: Text): Block => ({ kind: 'paragraph', text, small: false });

/** A paragraph in small print. */
export const small = (text: Text): Block => ({ kind: 'paragraph', text, small: true });

/**
 * Text of several lines.
 * @param lead trusted words before the text, in bold
 */
export const prose = (text: string, lead = ''): Block => ({ kind: 'prose', lead, text });

/** A highlighted block. */
export const callout = (tone: 'caution' | 'warning', ...body: readonly Block[]): Block => ({
  kind: 'callout',
  tone,
  body,
});

/** Longer tables are folded. */
export const MAX_OPEN_TABLE_LENGTH = 20;

/**
 * A section with a title. A long section is folded.
 * @param rows number of rows of its table
 */
export const section = (title: Text, rows: number, ...body: readonly Block[]): Block => ({
  kind: 'section',
  title,
  folds: rows > MAX_OPEN_TABLE_LENGTH,
  body,
});

/** A folded section. */
export const folded = (title: Text, ...body: readonly Block[]): Block => ({
  kind: 'section',
  title,
  folds: true,
  body,
});

/** A table. Columns whose title starts with `>` are aligned to the right. */
export const table = (titles: readonly string[], rows: readonly (readonly Text[])[]): Block => ({
  kind: 'table',
  columns: titles.map((title) =>
    title.startsWith('>') ? { title: title.slice(1), align: 'right' } : { title, align: 'left' },
  ),
  rows,
});

/**
 * A line that counts the omitted entries of a list; empty if there are none.
 * @param rest number of omitted entries
 * @param noun singular noun for an entry; empty if the list makes it obvious
 */
export function moreBlocks(rest: number, noun = ''): readonly Block[] {
  if (rest <= 0) return [];
  const what = formatCount(rest, `more${noun === '' ? '' : ` ${noun}`}`, `more${noun === '' ? '' : ` ${noun}s`}`);
  return [paragraph([trusted(`… and ${what} in `), code('report.json'), trusted('.')])];
}
