/** Checks every link of every Markdown page, offline, and the pages that workflows name. Exits 1 when one leads nowhere. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './action-definition.ts';
import { pageAnchors } from './lint/anchors.ts';
import { formatFinding } from './lint/finding.ts';
import { linkFindings, mentionFindings, type Repository } from './lint/link-findings.ts';

const PAGES = ['*.md', '{docs,examples,test,scripts,setup,.github}/**/*.md'];
const NAMING = ['{.,setup}/action.yml', '.github/**/*.{yml,yaml}', 'examples/**/*.{yml,yaml}'];

const find = (patterns: readonly string[]): readonly string[] => globSync(patterns, { cwd: ROOT }).sort();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const anchors = new Map<string, ReadonlySet<string>>();
const repository: Repository = {
  has: (path) => existsSync(join(ROOT, path)),
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
