/**
 * Checks every link of every Markdown page offline, and the pages that workflows, examples and definitions of actions mention.
 * Exits 1 if a link has no target. `--root FOLDER` checks another repository.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatFinding } from './lint/finding.ts';
import { linkFindings } from './lint/links.ts';
import { rootOption } from './root-option.ts';

const PAGES = ['*.md', '{docs,examples,test,scripts,setup,.github}/**/*.md'];
const MENTIONING = ['{.,setup}/action.yml', '.github/**/*.{yml,yaml}', 'examples/**/*.{yml,yaml}'];

const { root } = parseArgs({ options: rootOption }).values;
const find = (patterns: readonly string[]): readonly string[] =>
  globSync(patterns, { cwd: root, exclude: (path) => basename(path) === 'node_modules' }).sort();

const pages = find(PAGES);
const others = find(MENTIONING).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const findings = await linkFindings(root, pages, others);
for (const finding of findings) console.error(formatFinding(finding));
console.log(`${pages.length} pages checked: ${findings.length} problems with links`);
if (findings.length > 0) process.exitCode = 1;
