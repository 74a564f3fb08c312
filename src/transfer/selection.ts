import { formatReference, parseReference, type Reference } from './reference.ts';

/** One selected artifact, and the line that selected it. */
export interface SelectedReference {
  readonly reference: Reference;
  /** Where it was written, for messages: `line 3` or `artifacts.txt line 3`. */
  readonly where: string;
}

/** What a selection text says, with every mistake in it. */
export interface Selection {
  readonly references: readonly SelectedReference[];
  readonly problems: readonly { readonly where: string; readonly text: string; readonly problem: string }[];
}

const PATTERN = /[*?!]|\s\S+=/;

/** Takes comments and blanks away; a `#` begins a comment at the start of a line or after a blank. */
const strip = (line: string): string => line.replace(/(^|\s)#.*$/, '').trim();

function problemOf(text: string): string | null {
  if (PATTERN.test(text)) {
    return 'patterns, exclusions and options are not supported; name each artifact as repository:tag or repository@sha256:…';
  }
  return /\s/.test(text) ? 'one artifact a line' : null;
}

/**
 * Reads a selection: one explicit artifact a line, `#` comments. An artifact that is named twice counts once.
 * @param text the lines
 * @param origin file name for messages; empty for an input
 */
export function parseSelection(text: string, origin = ''): Selection {
  const references = new Map<string, SelectedReference>();
  const problems: { where: string; text: string; problem: string }[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const item = strip(line);
    if (item === '') continue;
    const where = `${origin === '' ? '' : `${origin} `}line ${index + 1}`;
    const problem = problemOf(item);
    const parsed = problem === null ? parseReference(item) : { problem };
    if ('problem' in parsed) {
      problems.push({ where, text: item, problem: parsed.problem });
      continue;
    }
    const key = formatReference(parsed.value);
    if (!references.has(key)) references.set(key, { reference: parsed.value, where });
  }
  return { references: [...references.values()], problems };
}
