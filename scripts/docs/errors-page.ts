/** Generates the page that every error links to: `docs/errors.md#acrt1001`. */
import { CATALOG, type TransferErrorId } from '../../src/transfer/errors/catalog.ts';
import { ERROR_NOTES, type ErrorNotes } from './errors/notes.ts';

/** One entry with its texts rendered with placeholders. */
interface RenderedEntry extends ErrorNotes {
  readonly id: string;
  readonly title: string;
  readonly message: string;
  readonly remedy: string;
}

/** Headings by the first digit of an ID. */
const GROUPS: Readonly<Record<string, string>> = {
  1: 'Inputs',
  2: 'Sign-in and network',
  3: 'Prerequisites and setup',
  4: 'Pipeline runs',
  5: 'Handoff and storage',
  6: 'Verification',
  7: 'Documents',
  9: 'Internal errors',
};

const INTRODUCTION = `# Errors

<!-- Generated from src/transfer/errors/catalog.ts and scripts/docs/errors by \`npm run docs\`. Do not edit by hand. -->

Every error has an ID whose meaning never changes. The annotation, the log, the job summary and \`report.json\` show the ID,
and Azure's correlation ID if the service returned one. Words in \`<angle brackets>\` are placeholders for the values of your
transfer.`;

/** Returns the name of any value in angle brackets. */
const placeholders = new Proxy<Record<string, string>>({}, { get: (_, name) => `<${String(name)}>` });

/** Placeholders with their suffix (`<side>-cloud`), and URLs. */
const CODE = /<[^<>\n]+>(?:-[a-z]+)*|https:\/\/[^\s)"]+/g;

/** Escapes plain text for Markdown. */
const inline = (text: string): string =>
  text.replace(CODE, '`$&`').replace(/`[^`]*`|[*_[\]]/g, (part) => (part.length > 1 ? part : `\\${part}`));

/** The language of a code block, by its beginning. */
function languageOf(code: string): string {
  if (/^(?:[A-Z]+=\$\()?(?:az|gh|npx|nslookup)\s/.test(code)) return 'sh';
  if (code.startsWith('resource ')) return 'bicep';
  return /^(?:- )?[a-z<>-]+:(?:\s|$)/.test(code) ? 'yaml' : 'text';
}

/** Renders text. Indented lines become a code block. */
function prose(text: string): string {
  const blocks: { readonly code: boolean; readonly lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const code = /^\s/.test(line);
    const last = blocks.at(-1);
    if (last?.code === code) last.lines.push(line);
    else blocks.push({ code, lines: [line] });
  }
  return blocks
    .map(({ code, lines }) => {
      if (!code) return lines.map(inline).join('<br>');
      const indent = Math.min(...lines.map((line) => line.search(/\S/)));
      const paste = lines.map((line) => line.slice(indent)).join('\n');
      return `\`\`\`${languageOf(paste)}\n${paste}\n\`\`\``;
    })
    .join('\n\n');
}

const renderEntry = ({ id, title, meaning, evidence, message, remedy }: RenderedEntry): string =>
  `### ${id}\n\n**${title}.** ${inline(meaning)}\n\n*Detected by:* ${inline(evidence)}\n\n*Message:* ${prose(message)}\n\n*What to do:* ${prose(remedy)}`;

function groupOf(id: string): string {
  const group = GROUPS[id.charAt('ACRT'.length)];
  if (group === undefined) throw new Error(`${id}: its first digit has no group in scripts/docs/errors-page.ts`);
  return group;
}

const overview = (entries: readonly RenderedEntry[]): string =>
  [
    '| ID | Title |',
    '| --- | --- |',
    ...entries.map(({ id, title }) => `| [${id}](#${id.toLowerCase()}) | ${title} |`),
  ].join('\n');

/** The catalog as a page. */
export function errorsPage(): string {
  const entries = Object.entries(CATALOG).map(([id, texts]): RenderedEntry => {
    // Each entry has its own values. The placeholders have any value.
    const { title, message, remedy } = texts as {
      readonly title: string;
      readonly message: (values: Record<string, string>) => string;
      readonly remedy: (values: Record<string, string>) => string;
    };
    const notes = ERROR_NOTES[id as TransferErrorId];
    return { id, title, ...notes, message: message(placeholders), remedy: remedy(placeholders) };
  });
  const groups = Map.groupBy(entries, ({ id }) => groupOf(id));
  const sections = [...groups].map(([name, members]) => [`## ${name}`, ...members.map(renderEntry)].join('\n\n'));
  return `${[INTRODUCTION, overview(entries), ...sections].join('\n\n')}\n`;
}
