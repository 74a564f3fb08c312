/** Checks links offline: files and headings of the repository, by remark-validate-links, and the form of other addresses. */
import { PassThrough } from 'node:stream';
import { posix } from 'node:path';
import { remark } from 'remark';
import remarkGfm from 'remark-gfm';
import remarkLintNoUndefinedReferences from 'remark-lint-no-undefined-references';
import remarkValidateLinks from 'remark-validate-links';
import { engine, type Context, type Options } from 'unified-engine';
import { VFile } from 'vfile';
import type { Finding } from './finding.ts';
import { htmlLinks, linkForm } from './link-rules.ts';

/** A file that mentions pages without being one: a workflow, or the definition of an action. */
export interface MentioningFile {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/** A page of the repository by its path or its URL, as in comments and descriptions. */
const MENTION =
  /(?:(?<![\w./-])|(?<=\/acr-transfer\/blob\/(?:main|v\d+)\/))(?:docs|examples)\/[\w./-]*\w\.(?:md|ya?ml|txt|tf|bicep|json)\b(?:#[\w-]+)?/g;

/** A page with the mentions of a file as links, each in its line. unified-engine resolves paths against the process, so its path is absolute. */
function toPage({ path, text }: MentioningFile, root: string): VFile {
  const lines = text
    .split('\n')
    .map((line) =>
      [...line.matchAll(MENTION)].map(([mention]) => `[](${posix.relative(posix.dirname(path), mention)})`).join(' '),
    );
  return new VFile({ path: posix.join(root, path), value: lines.join('\n') });
}

const run = (options: Options): Promise<Context> =>
  new Promise((resolve, reject) => {
    engine(options, (error, _code, context) => {
      if (context === undefined) reject(error ?? new Error('the links were not checked'));
      else resolve(context);
    });
  });

/**
 * Finds links without a target, in the order of files and lines.
 * @param root folder of the repository
 * @param pages Markdown pages, relative to the root
 * @param others files whose mentions of pages are checked
 */
export async function linkFindings(
  root: string,
  pages: readonly string[],
  others: readonly MentioningFile[] = [],
): Promise<readonly Finding[]> {
  const { files } = await run({
    cwd: root,
    processor: remark()
      .use(remarkGfm)
      .use(htmlLinks)
      .use(linkForm)
      .use(remarkLintNoUndefinedReferences, { allowShortcutLink: true }),
    files: [...pages, ...others.map((file) => toPage(file, root))],
    // The engine passes the set of files only to its own plugins. With it, headings of other files are checked too.
    plugins: [
      [remarkValidateLinks, { root, repository: 'https://github.com/acr-transfer/acr-transfer' }],
    ] as Options['plugins'],
    detectConfig: false,
    detectIgnore: false,
    output: false,
    out: false,
    reporter: () => '',
    streamError: new PassThrough().resume(),
  });
  return files
    .flatMap(({ path, messages }) => messages.map(({ line = 1, reason }) => ({ path, line, message: reason })))
    .sort((one, other) => one.path.localeCompare(other.path) || one.line - other.line);
}
