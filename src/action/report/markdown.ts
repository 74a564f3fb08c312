/**
 * GitHub Flavored Markdown, with the timeline as a Mermaid diagram. Untrusted text is escaped here. The diagram contains no
 * untrusted text, only numbers of batches and names of stages, so no text can break it or add directives.
 */
import { formatCount, formatSeconds } from '../text/format.ts';
import { stripControlCharacters, toOneLine } from '../text/untrusted-text.ts';
import type { Column } from './blocks.ts';
import { createRenderer, type ProsePart } from './render.ts';
import { barName, type Bar, type Row, type Timeline } from './timeline.ts';

/** Special characters of Markdown and HTML. They are written as entities. */
const SPECIAL = /[&<>"'`|*_~[\]()#@\\!:$]|(?<=www)\./gi;

const entity = (character: string): string => `&#${character.charCodeAt(0)};`;

/** Escapes a text so that it can't break a table or the page, and can't mention or link anything. */
export const escapeText = (text: string): string => toOneLine(stripControlCharacters(text)).replace(SPECIAL, entity);

/** Escaped text in a fixed-width font. */
export const code = (text: string): string => `<code>${escapeText(text)}</code>`;

/** Characters at the start of a line that begin a list, a rule or a title. */
const BLOCK_START = /^(?:[-+=]|\d+(?=[.)]))/;

/** A paragraph, also if the text starts like another block. */
const paragraph = (line: string): string =>
  escapeText(line.trim()).replace(BLOCK_START, (sign) => `${sign.slice(0, -1)}${entity(sign.slice(-1))}`);

/** A fenced block. Backticks are replaced, so the content can't close it. */
const fence = (block: readonly string[]): string =>
  ['```text', ...block.map((line) => line.replaceAll('`', "'")), '```'].join('\n');

const prosePart = (part: ProsePart): string => (part.preformatted ? fence(part.lines) : paragraph(part.line));

function prose(lead: string, parts: readonly ProsePart[]): string {
  const body = parts.map(prosePart).join('\n\n');
  if (lead === '') return body;
  // A fence needs its own line.
  return `**${lead}**${parts[0]?.preformatted === true ? '\n\n' : ' '}${body}`;
}

/** Markdown as a quotation. */
export const quote = (markdown: string): string =>
  markdown
    .split(/\r\n?|\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');

/** A table. The cells are Markdown. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = columns.map(({ title }) => title);
  const rule = columns.map(({ align }) => (align === 'right' ? '--:' : ':--'));
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
  const full = barName({ stage, failed });
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

/** Renders blocks below each other. */
export const blocksMarkdown = createRenderer<string>({
  line: (parts) => parts.join(''),
  stack: (blocks) => blocks.join('\n\n'),
  text: escapeText,
  trusted: (text) => text,
  code,
  // Asterisks next to blanks or brackets of the text would not be parsed as bold.
  bold: (line) => `<b>${line}</b>`,
  unbroken: (text) => escapeText(text).replaceAll(' ', '&nbsp;'),
  link: (url, line) => `[${line}](${url})`,
  headline: (line) => `## ${line}`,
  paragraph: (line, small) => (small ? `<sub>${line}</sub>` : line),
  prose,
  callout: (tone, body) => quote(`[!${tone.toUpperCase()}]\n${body}`),
  // GitHub does not render Markdown in a <summary> element.
  section: (title, folds, body) => (folds ? folded(`<b>${title}</b>`, body) : `### ${title}\n\n${body}`),
  table,
  timeline: (timeline) => `\`\`\`mermaid\n${mermaidOf(timeline)}\n\`\`\``,
});
