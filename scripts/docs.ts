/**
 * Generates the parts of the documentation about inputs, outputs, errors and documents from the code.
 * `npm run docs` writes them. With `--check`, it only reports outdated parts, and exits 1. `--root FOLDER`: root of the pages.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { generatedPages, stalePages } from './docs/pages.ts';
import { rootOption } from './root-option.ts';

const { values } = parseArgs({ options: { ...rootOption, check: { type: 'boolean' } } });
const { root } = values;
const read = (path: string): string | null =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;

const pages = await generatedPages();
const stale = stalePages(pages, read);

if (values.check === true) {
  for (const path of stale) console.error(`${path} is stale: run npm run docs`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  for (const path of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), pages.get(path) ?? '');
    console.log(`wrote ${path}`);
  }
}
