/** The page that every failure points to: `docs/errors.md#acrt1001`. */
import { CATALOG } from '../../src/transfer/errors/catalog.ts';

/** One entry whose texts are rendered for a reader who has no values yet. */
interface RenderedEntry {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  readonly evidence: string;
  readonly message: string;
  readonly remedy: string;
}

/** What the first digit of an id says; the catalogue's own division. */
const GROUPS: Readonly<Record<string, string>> = {
  1: 'Inputs',
  2: 'Sign-in and network',
  3: 'What must exist before the first run',
  4: 'Pipeline runs',
  5: 'Handoff and storage',
  6: 'Verification',
  7: 'Documents',
  9: 'Faults of our own',
};

const INTRODUCTION = `# Failures

<!-- Generated from src/transfer/errors/catalog.ts by \`npm run docs\`. Do not edit by hand. -->

Every failure has an id that never changes its meaning. It stands in the annotation, in the log, in the job summary and in
\`report.json\`, with Azure's correlation id when the service gave one. Words in \`<angle brackets>\` stand for values of your
transfer.`;

/** Answers every value with its own name in angle brackets, whichever values a text asks for. */
const placeholders = new Proxy<Record<string, string>>({}, { get: (_, name) => `<${String(name)}>` });

/** Placeholders with what is joined to them (`<side>-cloud`), and addresses. */
const CODE = /<[^<>\n]+>(?:-[a-z]+)*|https:\/\/[^\s)"]+/g;

/** Texts are plain; what Markdown would take for markup is kept as it is. */
const inline = (text: string): string =>
  text.replace(CODE, '`$&`').replace(/`[^`]*`|[*_[\]]/g, (part) => (part.length > 1 ? part : `\\${part}`));

/** Of what kind something to paste is, by how it begins. */
function languageOf(code: string): string {
  if (/^(?:[A-Z]+=\$\()?(?:az|gh|npx|nslookup)\s/.test(code)) return 'sh';
  if (code.startsWith('resource ')) return 'bicep';
  return /^(?:- )?[a-z<>-]+:(?:\s|$)/.test(code) ? 'yaml' : 'text';
}

/** Indented lines are something to paste: they become a code block of their own. */
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
  `### ${id}\n\n**${title}.** ${inline(meaning)}\n\n*Seen by:* ${inline(evidence)}\n\n*Message:* ${prose(message)}\n\n*What to do:* ${prose(remedy)}`;

function groupOf(id: string): string {
  const group = GROUPS[id.charAt('ACRT'.length)];
  if (group === undefined) throw new Error(`${id}: its first digit has no group in scripts/docs/errors-page.ts`);
  return group;
}

const overview = (entries: readonly RenderedEntry[]): string =>
  [
    '| Id | Title |',
    '| --- | --- |',
    ...entries.map(({ id, title }) => `| [${id}](#${id.toLowerCase()}) | ${title} |`),
  ].join('\n');

/** The whole catalogue as a page. */
export function errorsPage(): string {
  const entries = Object.entries(CATALOG).map(([id, texts]): RenderedEntry => {
    // Each entry takes its own values; the placeholders have them all.
    const { title, meaning, evidence, message, remedy } = texts as {
      readonly title: string;
      readonly meaning: string;
      readonly evidence: string;
      readonly message: (values: Record<string, string>) => string;
      readonly remedy: (values: Record<string, string>) => string;
    };
    return { id, title, meaning, evidence, message: message(placeholders), remedy: remedy(placeholders) };
  });
  const groups = Map.groupBy(entries, ({ id }) => groupOf(id));
  const sections = [...groups].map(([name, members]) => [`## ${name}`, ...members.map(renderEntry)].join('\n\n'));
  return `${[INTRODUCTION, overview(entries), ...sections].join('\n\n')}\n`;
}
