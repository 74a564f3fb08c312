/**
 * `npm run render -- INPUT.md OUTPUT.png [--dark] [--open]`: a picture of a Markdown file as GitHub would show it.
 * `--open` unfolds what is folded. Needs Chromium and a font with emoji.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { withBrowser } from './render/browser.ts';
import { PAGE_WIDTH, renderPage } from './render/page.ts';

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
  const theme = values.dark ? 'dark' : 'light';
  const html = renderPage(readFileSync(input, 'utf8'), theme, pathToFileURL(resolve(input)).href);
  await withBrowser(async ({ open }) => {
    const page = await open(html, { theme, width: PAGE_WIDTH });
    await page.evaluate('drawn');
    if (values.open) await page.evaluate(UNFOLD);
    await page.picture(resolve(output));
    for (const fault of page.faults()) console.error(fault);
  });
  console.log(`wrote ${output}`);
}
