/** The workflows that the documentation shows in full. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/action-definition.ts';
import { fencedWorkflows } from '../../../scripts/lint/documents.ts';

/** A workflow in a page. */
export interface Caller {
  /** Page and line: `README.md:70`. */
  readonly name: string;
  readonly text: string;
  /** The name of the reusable workflow that it calls: `transfer`. Undefined if its steps use the actions. */
  readonly calls: string | undefined;
  readonly does: 'transfer' | 'export' | 'import' | 'setup';
}

const CALL = /^\s+uses: acr-transfer\/acr-transfer\/\.github\/workflows\/(?<name>[\w-]+)\.yml@v1$/m;
const ACTION = /\buses: acr-transfer\/acr-transfer(?:\/setup)?@v1$/m;

function doing(text: string): Caller['does'] {
  const [, by = ''] = /\b(?:workflows\/|mode: )(export|import)\b/.exec(text) ?? [];
  if (by === 'export' || by === 'import') return by;
  return /acr-transfer\/(?:setup@|\.github\/workflows\/setup\.yml@)/.test(text) ? 'setup' : 'transfer';
}

/** All workflows in the order of pages and lines, without parts of workflows. */
export const documentedCallers = (): readonly Caller[] =>
  globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT })
    .sort()
    .flatMap((page) => fencedWorkflows(page, readFileSync(join(ROOT, page), 'utf8')))
    .filter(({ text }) => /^permissions:/m.test(text) && (CALL.test(text) || ACTION.test(text)))
    .map(({ path, text, lineOffset }) => ({
      name: `${path}:${lineOffset + 1}`,
      text,
      calls: CALL.exec(text)?.groups?.['name'],
      does: doing(text),
    }));
