/**
 * `npm run render -- INPUT.md OUTPUT.png [--dark] [--open]`: a screenshot of a Markdown file as GitHub shows it.
 * `--open` expands collapsed sections. Needs Chromium and a font with emoji.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { withBrowser } from './render/browser.ts';
import { EXPAND, PAGE_WIDTH, renderPage } from './render/page.ts';

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
  await withBrowser(({ withPage }) =>
    withPage(html, { theme, width: PAGE_WIDTH }, async (page) => {
      await page.evaluate('drawn');
      if (values.open) await page.evaluate(EXPAND);
      await page.screenshot(resolve(output));
      for (const error of page.errors()) console.error(error);
    }),
  );
  console.log(`wrote ${output}`);
}
