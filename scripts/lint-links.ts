/** Checks every link of every Markdown page, offline, and the pages that workflows name. Exits 1 when one leads nowhere. `--root FOLDER` checks another one. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { pageAnchors } from './lint/anchors.ts';
import { formatFinding } from './lint/finding.ts';
import { linkFindings, mentionFindings, type Repository } from './lint/link-findings.ts';
import { rootOption } from './root-option.ts';

const PAGES = ['*.md', '{docs,examples,test,scripts,setup,.github}/**/*.md'];
const NAMING = ['{.,setup}/action.yml', '.github/**/*.{yml,yaml}', 'examples/**/*.{yml,yaml}'];

const { root } = parseArgs({ options: rootOption }).values;
const find = (patterns: readonly string[]): readonly string[] =>
  globSync(patterns, { cwd: root, exclude: (path) => basename(path) === 'node_modules' }).sort();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const anchors = new Map<string, ReadonlySet<string>>();
const repository: Repository = {
  has: (path) => existsSync(join(root, path)),
  anchors: (path) => {
    if (!path.endsWith('.md')) return null;
    const known = anchors.get(path) ?? pageAnchors(read(path));
    anchors.set(path, known);
    return known;
  },
};

const pages = find(PAGES);
const findings = [
  ...pages.flatMap((path) => linkFindings(path, read(path), repository)),
  ...find(NAMING).flatMap((path) => mentionFindings(path, read(path), repository)),
];
for (const finding of findings) console.error(formatFinding(finding));
console.log(`${pages.length} pages: ${findings.length} links lead nowhere`);
if (findings.length > 0) process.exitCode = 1;
