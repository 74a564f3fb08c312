/** What remark-validate-links doesn't check: links and anchors in HTML, and the form of links. */
import { posix } from 'node:path';
import type { Html, Link, Root } from 'mdast';
import { visit } from 'unist-util-visit';
import type { VFile } from 'vfile';

type Transformer = (tree: Root, file: VFile) => void;

const TARGET = /\s(?:href|src|srcset)=["'](?<value>[^"']+)["']/gi;
const ANCHOR = /<[a-z][^>]*\s(?:id|name)=["'](?<value>[^"']+)["']/gi;

function linksOf({ value, position }: Html): readonly Link[] {
  const valuesOf = (pattern: RegExp): readonly string[] =>
    [...value.matchAll(pattern)].map(({ groups }) => groups?.['value'] ?? '');
  const link = { type: 'link', url: '', children: [], position } as const satisfies Link;
  return [
    ...valuesOf(TARGET).map((url) => ({ ...link, url })),
    ...valuesOf(ANCHOR).map((id) => ({ ...link, data: { hProperties: { id } } })),
  ];
}

/** Adds the links and anchors of HTML to the tree, as links of Markdown. */
export const htmlLinks = (): Transformer => (tree) => {
  const found: Link[] = [];
  visit(tree, 'html', (node) => void found.push(...linksOf(node)));
  tree.children.push(...found);
};

const SCHEME = /^[a-z][a-z\d+.-]*:/i;

function addressProblem(address: string): string | null {
  if (address.startsWith('mailto:')) return null;
  const url = URL.parse(address);
  if (url === null) return 'this is not a valid address';
  if (url.protocol !== 'https:') return 'only https is allowed';
  if (/[\s<>"`]|%(?![\da-f]{2})/i.test(address)) return 'the address contains characters that must be encoded';
  return url.hostname.includes('.') ? null : 'the address has no host';
}

function pathProblem(page: string, target: string): string | null {
  if (target.startsWith('/')) return 'use a path relative to the page: editors resolve no others';
  if (target.endsWith('#')) return 'the heading after # is missing';
  if (/%(?![\da-f]{2})/i.test(target)) return 'a % must be encoded as %25';
  if (posix.join(posix.dirname(page), target).startsWith('..')) return 'this leads out of the repository';
  return /#.*[A-Z]/.test(target) && !/#L\d+/.test(target) ? 'anchors of headings are lowercase' : null;
}

/** Checks the form of every link of a page. */
export const linkForm = (): Transformer => (tree, file) => {
  if (file.extname !== '.md') return;
  visit(tree, ['link', 'image', 'definition'], (node) => {
    if (!('url' in node) || node.url === '') return;
    const problem = SCHEME.test(node.url) ? addressProblem(node.url) : pathProblem(file.path, node.url);
    if (problem !== null) file.message(`${node.url}: ${problem}`, node);
  });
};
