/**
 * Blocks as GitHub Markdown, the timeline as Mermaid.
 *
 * Small builders for GitHub-flavoured Markdown. Everything that is not ours is escaped here.
 *
 * A timeline as a Mermaid diagram, which GitHub draws. Nothing of what others wrote is in it: batches have numbers, stages
 * have our own names, so that no name can break it or carry a directive in.
 */
import { formatCount, formatSeconds } from '../text/format.ts';
import { stripControlCharacters } from '../text/untrusted-text.ts';
import { piecesOf, type Block, type Inline, type Text } from './blocks.ts';
import { webUrl } from './links.ts';
import type { Bar, Row, Timeline } from './timeline.ts';

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
export const escapeText = (text: string): string => oneLine(stripControlCharacters(text)).replace(SPECIAL, entity);

/** The same in a fixed-width font. */
export const code = (text: string): string => `<code>${escapeText(text)}</code>`;

/** Other things that end a line somewhere would get out of a block that only ends at line feeds. */
const unbrokenLine = (line: string): string => stripControlCharacters(line.replace(/[\r\u0085\u2028\u2029]/g, ' '));

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
const unbroken = (text: string): string => text.replaceAll(' ', '&nbsp;');

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

/** What a bar of the whole width has room for, letters of Mermaid's 11 px. */
const LETTERS_ACROSS = 130;

/** Below this share of the whole a bar could not be seen. */
const MIN_SHARE = 0.004;

/** Mermaid wants a name; this one leaves the bar empty (U+2800, a blank that is not trimmed). */
const NO_NAME = '\u2800';

/** Colours of the themes: each stage has one, and what failed has that of what is critical. */
const TAG: Readonly<Record<Bar['stage'], string>> = {
  export: '',
  handoff: 'active, ',
  import: 'done, ',
  verify: '',
};

/** Mermaid reads times as local and shows them as local: written without a zone they stay those of UTC. */
const clock = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 23);

function bar({ stage, failed, start, seconds }: Bar, { startedAt, seconds: whole }: Timeline): string {
  const full = failed ? `${stage} ✗` : stage;
  const name = (seconds / whole) * LETTERS_ACROSS > full.length + 2 ? full : NO_NAME;
  const length = Math.ceil(Math.max(seconds, whole * MIN_SHARE) * 1000);
  return `  ${name} :${failed ? 'crit, ' : TAG[stage]}${clock(startedAt + start * 1000)}, ${length}ms`;
}

const row = ({ number, bars }: Row, timeline: Timeline): readonly string[] => [
  `  section Batch ${number}`,
  ...bars.map((item) => bar(item, timeline)),
];

const SHORT_SECONDS = 600;

/** The diagram, with a title and a description for those who cannot see it; without a fence. */
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
    '  accTitle: When each batch was under way',
    `  accDescr: ${formatCount(timeline.rows.length, 'batch', 'batches')} in ${formatSeconds(timeline.seconds)}. The same is told as a table below.`,
    '  dateFormat YYYY-MM-DDTHH:mm:ss.SSS',
    `  axisFormat ${timeline.seconds < SHORT_SECONDS ? '%H:%M:%S' : '%H:%M'}`,
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
    case 'ours':
      return piece.text;
    case 'code':
      return code(piece.text);
    case 'bold':
      // Asterisks beside a blank or a bracket of somebody's text would stay asterisks.
      return `<b>${lineMarkdown(piece.text)}</b>`;
    case 'unbroken':
      return unbroken(piece.text);
    case 'link':
      return link(piece.url, piece.text);
  }
}

/** A line of text. */
export const lineMarkdown = (text: Text): string => piecesOf(text).map(pieceMarkdown).join('');

function ledProse(lead: string, text: string): string {
  const body = prose(text);
  if (lead === '') return body;
  // A fence begins on a line of its own.
  return `**${lead}**${body.startsWith('```') ? '\n\n' : ' '}${body}`;
}

const columnMarkdown = ({ columns, rows }: Extract<Block, { kind: 'table' }>): string =>
  table(
    columns.map(({ title }) => title),
    columns.map(({ align }) => align),
    rows.map((cells) => cells.map(lineMarkdown)),
  );

function sectionMarkdown({ title, folds, body }: Extract<Block, { kind: 'section' }>): string {
  const text = blocksMarkdown(body);
  // GitHub shows no Markdown in a summary.
  return folds ? folded(`<b>${lineMarkdown(title)}</b>`, text) : `### ${lineMarkdown(title)}\n\n${text}`;
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'verdict':
      return `## ${lineMarkdown(block.text)}`;
    case 'paragraph':
      return block.small ? `<sub>${lineMarkdown(block.text)}</sub>` : lineMarkdown(block.text);
    case 'prose':
      return ledProse(block.lead, block.text);
    case 'callout':
      return quote(`[!${block.tone.toUpperCase()}]\n${blocksMarkdown(block.body)}`);
    case 'section':
      return sectionMarkdown(block);
    case 'table':
      return columnMarkdown(block);
    case 'timeline':
      return `\`\`\`mermaid\n${mermaidOf(block.timeline)}\n\`\`\``;
  }
}

/** Blocks below each other. */
export const blocksMarkdown = (blocks: readonly Block[]): string => blocks.map(blockMarkdown).join('\n\n');
