/** Renders blocks as report.html. Every text and every attribute value is escaped by one function. */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { formatSeconds } from '../text/format.ts';
import { stripControlCharacters } from '../text/untrusted-text.ts';
import { piecesOf, type Block, type Inline, type Text } from './blocks.ts';
import { reportBlocks } from './content.ts';
import { headline } from './headline.ts';
import { PAGE_STYLE } from './html-style.ts';
import { webUrl } from './links.ts';
import type { Bar, Row, Timeline } from './timeline.ts';

/** HTML that needs no escaping. */
interface Html {
  readonly html: string;
}

/** Content of an element. Strings are escaped. */
export type Content = Html | string | readonly Content[];

/** Special characters of HTML, and non-ASCII characters: with one of these V8 stores the whole page with two bytes per character. */
const SPECIAL = /[&<>"']|[^ -~\n]/gu;

const escapeHtml = (text: string): string =>
  stripControlCharacters(text).replace(SPECIAL, (character) => `&#${character.codePointAt(0) ?? 0};`);

const contentHtml = (content: Content): string => {
  if (typeof content === 'string') return escapeHtml(content);
  return 'html' in content ? content.html : content.map(contentHtml).join('');
};

/**
 * Creates an element.
 * @param name trusted
 * @param attributes trusted names; values can be untrusted, except for URLs, which must be checked by {@link webUrl}
 */
export function element(name: string, attributes: Readonly<Record<string, string>>, ...content: Content[]): Html {
  const attributeTexts = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(value)}"`);
  return { html: `<${name}${attributeTexts.join('')}>${contentHtml(content)}</${name}>` };
}

/** Converts content to HTML. */
export const html = (...content: Content[]): Html => ({ html: contentHtml(content) });

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)}%`;

/** Fraction of the track. The name of a stage does not fit into a shorter bar. */
const MIN_NAMED_FRACTION = 0.09;

function bar({ stage, failed, start, seconds }: Bar, { seconds: whole }: Timeline): Html {
  const title = `${stage}${failed ? ' failed' : ''}, ${formatSeconds(seconds)}`;
  const style = `left:${percent(start, whole)};width:${percent(seconds, whole)}`;
  const name = seconds / whole < MIN_NAMED_FRACTION ? '' : `${stage}${failed ? ' ✗' : ''}`;
  return element('span', { class: `bar ${stage}${failed ? ' failed' : ''}`, style, title }, name);
}

const row = ({ number, bars }: Row, timeline: Timeline): Html =>
  element(
    'div',
    { class: 'row' },
    element('span', { class: 'name' }, `Batch ${number}`),
    element(
      'span',
      { class: 'track' },
      bars.map((item) => bar(item, timeline)),
    ),
  );

const MARKS = [0, 0.25, 0.5, 0.75, 1];

const clockText = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(11, 19);

const axis = ({ startedAt, seconds }: Timeline): Html =>
  element(
    'div',
    { class: 'row axis' },
    element('span', { class: 'name' }),
    element(
      'span',
      { class: 'marks' },
      MARKS.map((fraction) => element('span', {}, clockText(startedAt + seconds * fraction * 1000))),
    ),
  );

/** The bars of all batches. The table below them contains the same facts for screen readers. */
export const timelineHtml = (timeline: Timeline): Html =>
  element(
    'div',
    {
      class: 'timeline',
      role: 'img',
      'aria-label': 'Timeline of the batches. The table below contains the same facts.',
    },
    timeline.rows.map((item) => row(item, timeline)),
    axis(timeline),
  );

function pieceHtml(piece: Inline): Html {
  if (typeof piece === 'string') return html(piece);
  switch (piece.kind) {
    case 'trusted':
      return html(piece.text);
    case 'code':
      return element('code', {}, piece.text);
    case 'bold':
      return element('strong', {}, lineHtml(piece.text));
    case 'unbroken':
      return element('span', { class: 'unbroken' }, piece.text);
    case 'link': {
      const href = piece.url === null ? null : webUrl(piece.url);
      return href === null ? lineHtml(piece.text) : element('a', { href, rel: 'noreferrer' }, lineHtml(piece.text));
    }
  }
}

const lineHtml = (text: Text): Html => html(piecesOf(text).map(pieceHtml));

/** Consecutive indented lines become one preformatted block. Every other line becomes a paragraph. */
function proseHtml({ lead, text }: Extract<Block, { kind: 'prose' }>): Html {
  const parts: Html[] = [];
  let block: string[] = [];
  const endBlock = (): void => {
    if (block.length > 0) parts.push(element('pre', {}, block.join('\n')));
    block = [];
  };
  const leadContent = lead === '' ? [] : [element('strong', {}, lead), ' '];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^ {2}/.test(line)) {
      block.push(line.slice(2));
      continue;
    }
    endBlock();
    parts.push(element('p', {}, index === 0 ? leadContent : '', line));
  }
  endBlock();
  return /^ {2}/.test(text) ? html(element('p', {}, leadContent), parts) : html(parts);
}

function tableHtml({ columns, rows }: Extract<Block, { kind: 'table' }>): Html {
  const head = columns.map(({ title, align }) => element('th', { class: align, scope: 'col' }, title));
  const body = rows.map((cells) =>
    element(
      'tr',
      {},
      cells.map((cell, index) => element('td', { class: columns[index]?.align ?? 'left' }, lineHtml(cell))),
    ),
  );
  const table = element('table', {}, element('thead', {}, element('tr', {}, head)), element('tbody', {}, body));
  return element('div', { class: 'wide' }, table);
}

function sectionHtml({ title, folds, body }: Extract<Block, { kind: 'section' }>): Html {
  const content = blocksHtml(body);
  return folds
    ? element('details', {}, element('summary', {}, lineHtml(title)), content)
    : element('section', {}, element('h2', {}, lineHtml(title)), content);
}

const TONE = { caution: 'Problem', warning: 'Warning' } as const;

function blockHtml(block: Block): Html {
  switch (block.kind) {
    case 'headline':
      return element('h1', {}, lineHtml(block.text));
    case 'paragraph':
      return element('p', block.small ? { class: 'small' } : {}, lineHtml(block.text));
    case 'prose':
      return proseHtml(block);
    case 'callout':
      return element('aside', { class: block.tone }, element('p', {}, TONE[block.tone]), blocksHtml(block.body));
    case 'section':
      return sectionHtml(block);
    case 'table':
      return tableHtml(block);
    case 'timeline':
      return timelineHtml(block.timeline);
  }
}

/** Renders blocks below each other. */
export const blocksHtml = (blocks: readonly Block[]): Html => html(blocks.map(blockHtml));

/** The page loads nothing, runs no scripts and sends no forms. Its style sheet is inline. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Maximum number of rows of a table. With 10,000 rows the page would take as much memory as the rest of the step. */
const MAX_ROWS = 2000;

/** Renders report.html, whose tables have more rows than those of the job summary. */
export function reportPage(report: ReportDocument): string {
  const body = blocksHtml(reportBlocks(report, MAX_ROWS));
  const title = element('title', {}, `acr-transfer ${report.transferName}: ${headline(report)}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${title.html}
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${body.html}
</main>
</body>
</html>
`;
}
