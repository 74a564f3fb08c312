/** HTML. Every text and every attribute value is escaped by one function. */
import { formatSeconds } from '../text/format.ts';
import { stripControlCharacters } from '../text/untrusted-text.ts';
import type { Block, Column } from './blocks.ts';
import { PAGE_STYLE } from './html-style.ts';
import { createRenderer, type ProsePart } from './render.ts';
import { barName, type Bar, type Row, type Timeline } from './timeline.ts';

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
 * @param attributes trusted names; values can be untrusted, except for URLs
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
  const name = seconds / whole < MIN_NAMED_FRACTION ? '' : barName({ stage, failed });
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

function prose(lead: string, parts: readonly ProsePart[]): Html {
  const leadContent = lead === '' ? [] : [element('strong', {}, lead), ' '];
  const first = parts[0]?.preformatted === true ? element('p', {}, leadContent) : '';
  const rest = parts.map((part, index) =>
    part.preformatted
      ? element('pre', {}, part.lines.join('\n'))
      : element('p', {}, index === 0 ? leadContent : '', part.line),
  );
  return html(first, rest);
}

function table(columns: readonly Column[], rows: readonly (readonly Html[])[]): Html {
  const head = columns.map(({ title, align }) => element('th', { class: align, scope: 'col' }, title));
  const cell = (content: Html, index: number): Html =>
    element('td', { class: columns[index]?.align ?? 'left' }, content);
  const body = rows.map((cells) => element('tr', {}, cells.map(cell)));
  const content = [element('thead', {}, element('tr', {}, head)), element('tbody', {}, body)];
  return element('div', { class: 'wide' }, element('table', {}, content));
}

const TONE = { caution: 'Problem', warning: 'Warning' } as const;

/** Renders blocks below each other. */
export const blocksHtml = createRenderer<Html>({
  line: html,
  stack: html,
  text: html,
  trusted: html,
  code: (text) => element('code', {}, text),
  bold: (line) => element('strong', {}, line),
  unbroken: (text) => element('span', { class: 'unbroken' }, text),
  link: (href, line) => element('a', { href, rel: 'noreferrer' }, line),
  headline: (line) => element('h1', {}, line),
  paragraph: (line, small) => element('p', small ? { class: 'small' } : {}, line),
  prose,
  callout: (tone, body) => element('aside', { class: tone }, element('p', {}, TONE[tone]), body),
  section: (title, folds, body) =>
    folds
      ? element('details', {}, element('summary', {}, title), body)
      : element('section', {}, element('h2', {}, title), body),
  table,
  timeline: timelineHtml,
});

/** The page loads nothing, runs no scripts and sends no forms. Its style sheet is inline. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Renders a page that needs no other file. */
export const htmlPage = (title: string, blocks: readonly Block[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${element('title', {}, title).html}
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${blocksHtml(blocks).html}
</main>
</body>
</html>
`;
