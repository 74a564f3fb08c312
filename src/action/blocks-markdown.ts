/** Blocks as GitHub-flavoured Markdown. */
import { piecesOf, type Block, type Inline, type Text } from './blocks.ts';
import * as markdown from './markdown.ts';
import { mermaidOf } from './mermaid.ts';
import { webUrl } from './web-url.ts';

function link(url: string | null, text: Text): string {
  const href = url === null ? null : webUrl(url);
  return href === null ? lineMarkdown(text) : `[${lineMarkdown(text)}](${href})`;
}

function pieceMarkdown(piece: Inline): string {
  if (typeof piece === 'string') return markdown.escapeText(piece);
  switch (piece.kind) {
    case 'ours':
      return piece.text;
    case 'code':
      return markdown.code(piece.text);
    case 'bold':
      // Asterisks beside a blank or a bracket of somebody's text would stay asterisks.
      return `<b>${lineMarkdown(piece.text)}</b>`;
    case 'unbroken':
      return markdown.unbroken(piece.text);
    case 'link':
      return link(piece.url, piece.text);
  }
}

/** A line of text. */
export const lineMarkdown = (text: Text): string => piecesOf(text).map(pieceMarkdown).join('');

function ledProse(lead: string, text: string): string {
  const body = markdown.prose(text);
  if (lead === '') return body;
  // A fence begins on a line of its own.
  return `**${lead}**${body.startsWith('```') ? '\n\n' : ' '}${body}`;
}

const columnMarkdown = ({ columns, rows }: Extract<Block, { kind: 'table' }>): string =>
  markdown.table(
    columns.map(({ title }) => title),
    columns.map(({ align }) => align),
    rows.map((cells) => cells.map(lineMarkdown)),
  );

function sectionMarkdown({ title, folds, body }: Extract<Block, { kind: 'section' }>): string {
  const text = blocksMarkdown(body);
  // GitHub shows no Markdown in a summary.
  return folds ? markdown.folded(`<b>${lineMarkdown(title)}</b>`, text) : `### ${lineMarkdown(title)}\n\n${text}`;
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
      return markdown.quote(`[!${block.tone.toUpperCase()}]\n${blocksMarkdown(block.body)}`);
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
