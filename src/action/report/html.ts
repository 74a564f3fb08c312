/**
 * Blocks as report.html.
 *
 * HTML that is put together piece by piece. Every text and every attribute passes through the one function that escapes.
 */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { formatSeconds } from '../text/format.ts';
import { stripControlCharacters } from '../text/untrusted-text.ts';
import { piecesOf, type Block, type Inline, type Text } from './blocks.ts';
import { reportBlocks } from './content.ts';
import { headline } from './headline.ts';
import { PAGE_STYLE } from './html-style.ts';
import { webUrl } from './links.ts';
import type { Bar, Row, Timeline } from './timeline.ts';

/** HTML that may stand as it is. */
interface Html {
  readonly html: string;
}

/** What an element holds: text is escaped. */
export type Content = Html | string | readonly Content[];

/** What means something in HTML; and all that is not ASCII, which would make V8 keep the whole page in twice the bytes. */
const SPECIAL = /[&<>"']|[^ -~\n]/gu;

const escapeHtml = (text: string): string =>
  stripControlCharacters(text).replace(SPECIAL, (character) => `&#${character.codePointAt(0) ?? 0};`);

const contentHtml = (content: Content): string => {
  if (typeof content === 'string') return escapeHtml(content);
  return 'html' in content ? content.html : content.map(contentHtml).join('');
};

/**
 * One element.
 * @param name ours
 * @param attributes names are ours; values may be anybody's, but for URLs, which must be of the web
 */
export function element(name: string, attributes: Readonly<Record<string, string>>, ...content: Content[]): Html {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(value)}"`);
  return { html: `<${name}${written.join('')}>${contentHtml(content)}</${name}>` };
}

/** Content as HTML. */
export const html = (...content: Content[]): Html => ({ html: contentHtml(content) });

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)}%`;

/** Below this share of the track a name does not fit into its bar. */
const MIN_NAMED_SHARE = 0.09;

function bar({ stage, failed, start, seconds }: Bar, { seconds: whole }: Timeline): Html {
  const title = `${stage}${failed ? ' failed' : ''}, ${formatSeconds(seconds)}`;
  const style = `left:${percent(start, whole)};width:${percent(seconds, whole)}`;
  const name = seconds / whole < MIN_NAMED_SHARE ? '' : `${stage}${failed ? ' ✗' : ''}`;
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
      MARKS.map((share) => element('span', {}, clockText(startedAt + seconds * share * 1000))),
    ),
  );

/** The bars of all batches; what they say is told to screen readers by the table that follows. */
export const timelineHtml = (timeline: Timeline): Html =>
  element(
    'div',
    { class: 'timeline', role: 'img', 'aria-label': 'When each batch was under way; the table below tells the same' },
    timeline.rows.map((item) => row(item, timeline)),
    axis(timeline),
  );

function pieceHtml(piece: Inline): Html {
  if (typeof piece === 'string') return html(piece);
  switch (piece.kind) {
    case 'ours':
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

/** Lines that are indented belong together, and are shown as they are. */
function proseHtml({ lead, text }: Extract<Block, { kind: 'prose' }>): Html {
  const parts: Html[] = [];
  let block: string[] = [];
  const endBlock = (): void => {
    if (block.length > 0) parts.push(element('pre', {}, block.join('\n')));
    block = [];
  };
  const led = lead === '' ? [] : [element('strong', {}, lead), ' '];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^ {2}/.test(line)) {
      block.push(line.slice(2));
      continue;
    }
    endBlock();
    parts.push(element('p', {}, index === 0 ? led : '', line));
  }
  endBlock();
  return /^ {2}/.test(text) ? html(element('p', {}, led), parts) : html(parts);
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
    case 'verdict':
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

/** Blocks below each other. */
export const blocksHtml = (blocks: readonly Block[]): Html => html(blocks.map(blockHtml));

/** Nothing may be loaded, run, sent or framed; the page brings its style along. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Rows of a table at most: with ten thousand the page would take as much memory as the rest of the step. */
const MAX_ROWS = 2000;

/** The page, with many more rows than the job summary has room for. */
export function reportPage(report: ReportDocument): string {
  const body = blocksHtml(reportBlocks(report, MAX_ROWS));
  const title = element('title', {}, `acr-transfer ${report.transferName}: ${headline(report)}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
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
