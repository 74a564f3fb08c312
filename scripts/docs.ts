/**
 * Generates what the documentation says of inputs, outputs, failures and documents from the code itself.
 * `npm run docs` writes it; with `--check` it only says what is stale, and exits 1.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './action-definition.ts';
import { generatedPages, stalePages } from './docs/pages.ts';

const read = (path: string): string | null =>
  existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : null;

const pages = await generatedPages();
const stale = stalePages(pages, read);

if (process.argv.includes('--check')) {
  for (const path of stale) console.error(`${path} is stale: run npm run docs`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  for (const path of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), pages.get(path) ?? '');
    console.log(`wrote ${path}`);
  }
}
