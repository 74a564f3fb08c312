/**
 * Renders blocks as GitHub Flavored Markdown and the timeline as a Mermaid diagram. Untrusted text is escaped here. The
 * diagram contains no untrusted text, only numbers of batches and names of stages, so no text can break it or add directives.
 */
import { formatCount, formatSeconds } from '../text/format.ts';
import { stripControlCharacters } from '../text/untrusted-text.ts';
import { piecesOf, type Block, type Inline, type Text } from './blocks.ts';
import { webUrl } from './links.ts';
import type { Bar, Row, Timeline } from './timeline.ts';

/** Special characters of Markdown and HTML. They are written as entities. */
const SPECIAL = /[&<>"'`|*_~[\]()#@\\!:$]|(?<=www)\./gi;

/** Line breaks of Markdown and of Unicode. */
const LINE_BREAK = /[\n\u0085\u2028\u2029]/;

/** Joins the lines of a text. Works line by line: one pattern for line breaks with their blanks takes quadratic time on many blanks. */
const toOneLine = (text: string): string =>
  LINE_BREAK.test(text)
    ? text
        .split(LINE_BREAK)
        .flatMap((line) => line.trim() || [])
        .join(' ')
    : text;

const entity = (character: string): string => `&#${character.charCodeAt(0)};`;

/** Escapes a text so that it can't break a table or the page, and can't mention or link anything. */
export const escapeText = (text: string): string => toOneLine(stripControlCharacters(text)).replace(SPECIAL, entity);

/** Escaped text in a fixed-width font. */
export const code = (text: string): string => `<code>${escapeText(text)}</code>`;

/** Replaces line breaks other than line feeds, which could end a fenced block. */
const stripLineBreaks = (line: string): string => stripControlCharacters(line.replace(/[\r\u0085\u2028\u2029]/g, ' '));

/** Characters at the start of a line that begin a list, a rule or a title. */
const BLOCK_START = /^(?:[-+=]|\d+(?=[.)]))/;

/** A paragraph, also if the text starts like another block. */
const paragraph = (line: string): string =>
  escapeText(line.trim()).replace(BLOCK_START, (sign) => `${sign.slice(0, -1)}${entity(sign.slice(-1))}`);

/** A fenced block. Backticks are replaced, so the content can't close it. */
const fence = (block: readonly string[]): string =>
  ['```text', ...block.map((line) => line.replaceAll('`', "'")), '```'].join('\n');

/**
 * Renders text of several lines. Consecutive indented lines (commands, YAML, lists) become one fenced block. Every other line
 * becomes a paragraph.
 */
export function prose(text: string): string {
  const parts: string[] = [];
  let block: string[] = [];
  const endBlock = (): void => {
    if (block.length > 0) parts.push(fence(block));
    block = [];
  };
  for (const line of text.split(/\r?\n/).map(stripLineBreaks)) {
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
const unbroken = (text: string): string => text.replaceAll(' ', '&nbsp;');

/** Markdown as a quotation. */
export const quote = (markdown: string): string =>
  markdown
    .split(/\r\n?|\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');

/** A table. The cells are Markdown. */
export function table(
  head: readonly string[],
  align: readonly ('left' | 'right')[],
  rows: readonly (readonly string[])[],
): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = align.map((side) => (side === 'right' ? '--:' : ':--'));
  return [row(head), row(rule), ...rows.map(row)].join('\n');
}

/** Folded content. The title is HTML. */
export const folded = (title: string, body: string): string =>
  `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;

/** Number of letters that fit into a bar of full width, with Mermaid's font size of 11 px. */
const MAX_BAR_LETTERS = 130;

/** Fraction of the timeline. A shorter bar would be invisible. */
const MIN_FRACTION = 0.004;

/** Mermaid requires a name. This name leaves the bar empty (U+2800, a blank that is not trimmed). */
const NO_NAME = '\u2800';

/** Mermaid tags that give each stage a color of the theme. Failed stages have the tag `crit`. */
const STAGE_TAG: Readonly<Record<Bar['stage'], string>> = {
  export: '',
  handoff: 'active, ',
  check: '',
  import: 'done, ',
  verify: '',
};

/** A time in UTC without a time zone. Mermaid reads and shows it as local time, so UTC is displayed. */
const clock = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 23);

function bar({ stage, failed, start, seconds }: Bar, { startedAt, seconds: whole }: Timeline): string {
  const full = failed ? `${stage} ✗` : stage;
  const name = (seconds / whole) * MAX_BAR_LETTERS > full.length + 2 ? full : NO_NAME;
  const length = Math.ceil(Math.max(seconds, whole * MIN_FRACTION) * 1000);
  return `  ${name} :${failed ? 'crit, ' : STAGE_TAG[stage]}${clock(startedAt + start * 1000)}, ${length}ms`;
}

const row = ({ number, bars }: Row, timeline: Timeline): readonly string[] => [
  `  section Batch ${number}`,
  ...bars.map((item) => bar(item, timeline)),
];

/** Shorter timelines have an axis with seconds. */
const SHORT_TIMELINE_SECONDS = 600;

/** The Mermaid diagram, with title and description for screen readers; without a fence. */
export const mermaidOf = (timeline: Timeline): string =>
  [
    '---',
    'displayMode: compact',
    'config:',
    '  gantt:',
    '    leftPadding: 70',
    '    numberSectionStyles: 2',
    '---',
    'gantt',
    '  accTitle: Timeline of the batches',
    `  accDescr: ${formatCount(timeline.rows.length, 'batch', 'batches')} in ${formatSeconds(timeline.seconds)}. The table below contains the same facts.`,
    '  dateFormat YYYY-MM-DDTHH:mm:ss.SSS',
    `  axisFormat ${timeline.seconds < SHORT_TIMELINE_SECONDS ? '%H:%M:%S' : '%H:%M'}`,
    '  todayMarker off',
    ...timeline.rows.flatMap((item) => row(item, timeline)),
  ].join('\n');

function link(url: string | null, text: Text): string {
  const href = url === null ? null : webUrl(url);
  return href === null ? lineMarkdown(text) : `[${lineMarkdown(text)}](${href})`;
}

function pieceMarkdown(piece: Inline): string {
  if (typeof piece === 'string') return escapeText(piece);
  switch (piece.kind) {
    case 'trusted':
      return piece.text;
    case 'code':
      return code(piece.text);
    case 'bold':
      // Asterisks next to blanks or brackets of the text would not be parsed as bold.
      return `<b>${lineMarkdown(piece.text)}</b>`;
    case 'unbroken':
      return unbroken(piece.text);
    case 'link':
      return link(piece.url, piece.text);
  }
}

/** Renders a line of text. */
export const lineMarkdown = (text: Text): string => piecesOf(text).map(pieceMarkdown).join('');

function proseWithLead(lead: string, text: string): string {
  const body = prose(text);
  if (lead === '') return body;
  // A fence needs its own line.
  return `**${lead}**${body.startsWith('```') ? '\n\n' : ' '}${body}`;
}

const tableMarkdown = ({ columns, rows }: Extract<Block, { kind: 'table' }>): string =>
  table(
    columns.map(({ title }) => title),
    columns.map(({ align }) => align),
    rows.map((cells) => cells.map(lineMarkdown)),
  );

function sectionMarkdown({ title, folds, body }: Extract<Block, { kind: 'section' }>): string {
  const text = blocksMarkdown(body);
  // GitHub does not render Markdown in a <summary> element.
  return folds ? folded(`<b>${lineMarkdown(title)}</b>`, text) : `### ${lineMarkdown(title)}\n\n${text}`;
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'headline':
      return `## ${lineMarkdown(block.text)}`;
    case 'paragraph':
      return block.small ? `<sub>${lineMarkdown(block.text)}</sub>` : lineMarkdown(block.text);
    case 'prose':
      return proseWithLead(block.lead, block.text);
    case 'callout':
      return quote(`[!${block.tone.toUpperCase()}]\n${blocksMarkdown(block.body)}`);
    case 'section':
      return sectionMarkdown(block);
    case 'table':
      return tableMarkdown(block);
    case 'timeline':
      return `\`\`\`mermaid\n${mermaidOf(block.timeline)}\n\`\`\``;
  }
}

/** Renders blocks below each other. */
export const blocksMarkdown = (blocks: readonly Block[]): string => blocks.map(blockMarkdown).join('\n\n');
