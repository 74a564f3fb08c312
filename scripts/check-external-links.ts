/** Checks every link of the documentation to another site. Needs the network, so it runs nightly. Exits 1 when a page doesn't exist. */
import { globSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ROOT } from './action-definition.ts';
import { externalLinkFindings, type ExternalLink } from './lint/external-links.ts';
import { installTools } from './tools/install.ts';

interface Linkinator {
  readonly check: (
    options: object,
  ) => Promise<{ readonly links: readonly (ExternalLink & { readonly state: string })[] }>;
}

const PAGES = ['*.md', '{docs,examples,test,scripts,setup}/**/*.md'];
const exclude = (path: string): boolean => path.includes('node_modules');

process.chdir(ROOT);
const { resolve } = installTools('scripts/tools/links');
const { check } = (await import(pathToFileURL(resolve('linkinator')).href)) as Linkinator;
const { links } = await check({
  path: PAGES.flatMap((pattern) => globSync(pattern, { cwd: ROOT, exclude })),
  markdown: true,
  retry: true,
  retryErrors: true,
  retryErrorsCount: 3,
  timeout: 30_000,
  // Placeholders for the user's own names.
  linksToSkip: (url: string) => Promise.resolve(/\.example|ACCOUNT|OWNER/.test(url)),
});
const external = links.filter(({ url, state }) => state !== 'SKIPPED' && /^https?:\/\/(?!localhost|127\.)/.test(url));
const findings = externalLinkFindings(external);
for (const finding of findings) console.error(finding);
console.log(`${external.length} links to other sites: ${findings.length} problems`);
if (findings.length > 0) process.exitCode = 1;
