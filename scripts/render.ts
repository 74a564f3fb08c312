/**
 * `npm run render -- INPUT.md OUTPUT.png [--dark] [--open]`: a picture of a Markdown file as GitHub would show it.
 * `--open` unfolds what is folded. Needs Chromium and a font with emoji.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { PAGE_WIDTH, renderPage } from './render/page.ts';
import { MEASURE, screenshot } from './render/screenshot.ts';

const UNFOLD = `for (const item of document.querySelectorAll('details')) item.open = true;`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dark: { type: 'boolean', default: false }, open: { type: 'boolean', default: false } },
});
const [input, output] = positionals;
if (input === undefined || output === undefined) {
  console.error('usage: npm run render -- INPUT.md OUTPUT.png [--dark] [--open]');
  process.exitCode = 2;
} else {
  const script = `${values.open ? UNFOLD : ''}${MEASURE}`;
  const base = pathToFileURL(resolve(input)).href;
  const page = renderPage(readFileSync(input, 'utf8'), values.dark ? 'dark' : 'light', base, script);
  screenshot(page, PAGE_WIDTH, resolve(output));
  console.log(`wrote ${output}`);
}
