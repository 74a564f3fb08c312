import { cruise, type IViolation } from 'dependency-cruiser';
import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { importRules, KNOWN_FOLDERS } from './import-rules.ts';

/** A violated rule, and the import that violates it. */
export interface ImportFinding {
  readonly rule: string;
  readonly text: string;
}

const textOf = ({ from, to, cycle }: IViolation): string =>
  cycle === undefined ? `${from} imports ${to}` : [from, ...cycle.map(({ name }) => name)].join(' → ');

/**
 * Checks the imports of `src/` below a folder.
 * @param root the repository
 */
export async function importFindings(root: string): Promise<readonly ImportFinding[]> {
  const find = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).sort();
  const rules = importRules(find('src/**/index.ts').map((path) => dirname(path)));
  const { output } = await cruise(['src'], {
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: rules },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    combinedDependencies: true,
  });
  if (typeof output === 'string') throw new TypeError(output);
  const comments = new Map(rules.map(({ name = '', comment = '' }) => [name, comment]));
  const violations = output.summary.violations.map((violation) => ({
    rule: violation.rule.name,
    text: `${textOf(violation)}. ${comments.get(violation.rule.name) ?? ''}`.trim(),
  }));
  // A folder that the layers don't know would pass every rule.
  const folders = new Set(find('src/*/**/*.ts').map((path) => dirname(path)));
  const unknown = [...folders].filter((folder) => !KNOWN_FOLDERS.includes(folder));
  return [
    ...violations,
    ...unknown.map((folder) => ({
      rule: 'known folder',
      text: `${folder} has no layer in scripts/lint/import-rules.ts`,
    })),
  ];
}
