/** The workflows that the documentation shows in full, as callers of ours. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/action-definition.ts';
import { fencedWorkflows } from '../../../scripts/lint/documents.ts';

/** A workflow that a page shows. */
export interface Caller {
  /** Page and line: `README.md:70`. */
  readonly name: string;
  readonly text: string;
  /** The name of the workflow that it calls: `transfer`. */
  readonly calls: string;
}

const CALL = /^\s+uses: acr-transfer\/acr-transfer\/\.github\/workflows\/(?<name>[\w-]+)\.yml@v1$/m;

/** All of them, in the order of pages and lines. */
export const documentedCallers = (): readonly Caller[] =>
  globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT })
    .sort()
    .flatMap((page) => fencedWorkflows(page, readFileSync(join(ROOT, page), 'utf8')))
    .flatMap(({ path, text, lineOffset }) => {
      const calls = CALL.exec(text)?.groups?.['name'];
      return calls === undefined ? [] : [{ name: `${path}:${lineOffset + 1}`, text, calls }];
    });
