/** Renders blocks. A format (Markdown, HTML) contains only the notation; everything else is the same for all formats. */
import { stripControlCharacters } from '../text/untrusted-text.ts';
import { piecesOf, type Block, type Column, type Inline, type Text } from './blocks.ts';
import { webUrl } from './links.ts';
import type { Timeline } from './timeline.ts';

/** A part of a text of several lines: a paragraph, or consecutive preformatted lines (commands, YAML, lists). */
export type ProsePart =
  | { readonly preformatted: false; readonly line: string }
  | { readonly preformatted: true; readonly lines: readonly string[] };

/** The notation of a format. `Part` is a piece of the output. */
export interface Format<Part> {
  /** Places parts of a line one after the other. */
  readonly line: (parts: readonly Part[]) => Part;
  /** Places blocks below each other. */
  readonly stack: (blocks: readonly Part[]) => Part;
  /** Escapes untrusted text. */
  readonly text: (text: string) => Part;
  readonly trusted: (text: string) => Part;
  readonly code: (text: string) => Part;
  readonly bold: (line: Part) => Part;
  readonly unbroken: (text: string) => Part;
  /** The URL is one of a web page and is encoded. */
  readonly link: (url: string, line: Part) => Part;
  readonly headline: (line: Part) => Part;
  readonly paragraph: (line: Part, small: boolean) => Part;
  /** `lead` is trusted, and empty if there is none. */
  readonly prose: (lead: string, parts: readonly ProsePart[]) => Part;
  readonly callout: (tone: 'caution' | 'warning', body: Part) => Part;
  readonly section: (title: Part, folds: boolean, body: Part) => Part;
  readonly table: (columns: readonly Column[], rows: readonly (readonly Part[])[]) => Part;
  readonly timeline: (timeline: Timeline) => Part;
}

/** Removes control characters, and line breaks other than line feeds, which could end a preformatted block. */
const cleanLine = (line: string): string => stripControlCharacters(line.replace(/[\r\u0085\u2028\u2029]/g, ' '));

/** Divides a text. Consecutive lines that are indented by two spaces are one preformatted part. */
function proseParts(text: string): readonly ProsePart[] {
  const parts: ProsePart[] = [];
  let lines: string[] = [];
  for (const line of text.split(/\r?\n/).map(cleanLine)) {
    if (!line.startsWith('  ')) {
      parts.push({ preformatted: false, line });
      continue;
    }
    if (parts.at(-1)?.preformatted !== true) {
      lines = [];
      parts.push({ preformatted: true, lines });
    }
    lines.push(line.slice(2));
  }
  return parts;
}

/** Creates the function that renders blocks in a format. */
export function createRenderer<Part>(format: Format<Part>): (blocks: readonly Block[]) => Part {
  const renderPiece = (piece: Inline): Part => {
    if (typeof piece === 'string') return format.text(piece);
    switch (piece.kind) {
      case 'trusted':
      case 'code':
      case 'unbroken':
        return format[piece.kind](piece.text);
      case 'bold':
        return format.bold(renderLine(piece.text));
      case 'link': {
        const url = piece.url === null ? null : webUrl(piece.url);
        const line = renderLine(piece.text);
        return url === null ? line : format.link(url, line);
      }
    }
  };
  const renderLine = (text: Text): Part => format.line(piecesOf(text).map(renderPiece));
  const renderBlock = (block: Block): Part => {
    switch (block.kind) {
      case 'headline':
        return format.headline(renderLine(block.text));
      case 'paragraph':
        return format.paragraph(renderLine(block.text), block.small);
      case 'prose':
        return format.prose(block.lead, proseParts(block.text));
      case 'callout':
        return format.callout(block.tone, renderBlocks(block.body));
      case 'section':
        return format.section(renderLine(block.title), block.folds, renderBlocks(block.body));
      case 'table':
        return format.table(
          block.columns,
          block.rows.map((cells) => cells.map(renderLine)),
        );
      case 'timeline':
        return format.timeline(block.timeline);
    }
  };
  const renderBlocks = (blocks: readonly Block[]): Part => format.stack(blocks.map(renderBlock));
  return renderBlocks;
}
