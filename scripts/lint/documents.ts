/** Finds the documents to lint: action.yml, workflows, and the YAML of workflows in Markdown pages. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text to lint, and the position of its lines in their file. */
export interface LintDocument {
  /** Path of the file, relative to the root. */
  readonly path: string;
  readonly kind: 'action' | 'workflow';
  readonly text: string;
  /** Added to a line of `text` (counted from 1), it gives the line of the file. */
  readonly lineOffset: number;
}

const MARKDOWN = ['*.md', 'docs/**/*.md', 'examples/**/*.md', 'test/**/*.md'];
const WORKFLOWS = ['.github/workflows/*.{yml,yaml}', 'examples/**/*.{yml,yaml}'];

/** Whether a document is run unchanged: workflows and samples. Pages contain fragments. */
export const isRun = ({ path }: LintDocument): boolean => /^(?:\.github\/workflows|examples)\//.test(path);

const FENCE = /^(?<indent>[ \t]*)```ya?ml[^\n]*\n(?<body>[\s\S]*?)^[ \t]*```[ \t]*$/gm;

const indentBy = (text: string, count: number): string => text.replace(/^(?=.)/gm, ' '.repeat(count));

const outdent = (text: string, indent: string): string =>
  indent === '' ? text : text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');

const hasKey = (text: string, key: string): boolean => new RegExp(`^${key}:`, 'm').test(text);

const EVENT = 'on: workflow_dispatch';
const EXAMPLE = ['jobs:', '  example:', '    runs-on: ubuntu-latest'];
const JOB = [...EXAMPLE, '    permissions: { contents: read, id-token: write }'];
const STEPS = ['    steps:'];
const INPUTS = ['      - uses: acr-transfer/acr-transfer@v1', '        with:'];

interface Completed {
  readonly text: string;
  /** Lines before the fragment. */
  readonly before: number;
}

/** Completes a fragment to a whole workflow. An unknown fragment counts as inputs of the action. */
function completeWorkflow(piece: string): Completed {
  const around = (before: readonly string[], indent: number, after: readonly string[] = []): Completed => ({
    text: [...before, indentBy(piece, indent), ...after].join('\n'),
    before: before.length,
  });
  if (hasKey(piece, 'jobs')) return hasKey(piece, 'on') ? around([], 0) : around([EVENT], 0);
  if (hasKey(piece, 'steps')) return around([EVENT, ...JOB], 4);
  if (/^- (?:name|uses|id|run):/m.test(piece)) return around([EVENT, ...JOB, ...STEPS], 6);
  // Keys of a job, which can contain both.
  if (hasKey(piece, 'permissions') || hasKey(piece, 'env')) {
    return around([EVENT, ...EXAMPLE], 4, [...STEPS, '      - run: "true"']);
  }
  const mode = hasKey(piece, 'mode') ? [] : ['          mode: full'];
  return around([EVENT, ...JOB, ...STEPS, ...INPUTS, ...mode], 10);
}

/** Where a page means either side, the source is used. */
const onOneSide = (piece: string): string => piece.replaceAll('<side>', 'source');

/** The fragments of workflows in a Markdown page. */
export function fencedWorkflows(path: string, markdown: string): readonly LintDocument[] {
  return [...markdown.matchAll(FENCE)].map((match) => {
    const { indent = '', body = '' } = match.groups ?? {};
    const { text, before } = completeWorkflow(onOneSide(outdent(body, indent)));
    const fenceLine = markdown.slice(0, match.index).split('\n').length;
    return { path, kind: 'workflow', text, lineOffset: fenceLine - before };
  });
}

/** All documents to lint, in the order of paths. */
export function repositoryDocuments(root: string): readonly LintDocument[] {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const find = (patterns: readonly string[]): readonly string[] => globSync(patterns, { cwd: root }).sort();
  const whole = (kind: LintDocument['kind'], path: string): LintDocument => ({
    path,
    kind,
    text: read(path),
    lineOffset: 0,
  });
  return [
    ...['action.yml', 'setup/action.yml']
      .filter((path) => existsSync(join(root, path)))
      .map((path) => whole('action', path)),
    ...find(WORKFLOWS).map((path) => whole('workflow', path)),
    ...find(MARKDOWN).flatMap((path) => fencedWorkflows(path, read(path))),
  ];
}
