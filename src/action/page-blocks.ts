/** Blocks as HTML. */
import { piecesOf, type Block, type Inline, type Text } from './blocks.ts';
import { element, html, type Html } from './page-html.ts';
import { timelineHtml } from './page-timeline.ts';
import { webUrl } from './web-url.ts';

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
