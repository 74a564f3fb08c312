/**
 * `npm run render:shapes -- [SHAPE …]`: pictures of every shape of the job summary, as GitHub shows it, and of the page, in
 * light and dark, under docs/images. What a person would stumble over ends it with 1: a page that is wider than GitHub's
 * column, a diagram that is not drawn, an error in the console. The last line is one JSON object.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withBrowser, type Browser, type Page, type Theme } from '../../scripts/render/browser.ts';
import { PAGE_WIDTH, renderPage } from '../../scripts/render/page.ts';
import { errorSummary, reportPage, transferSummary } from '../../src/action/report/transfer-report.ts';
import { verdictOf } from '../verdict.ts';
import { SHAPES, WRONG_INPUTS } from './shapes/reports.ts';

const FOLDER = join(import.meta.dirname, '../../docs/images');
const THEMES: readonly Theme[] = ['light', 'dark'];
/** The shape of which the page is pictured. */
const PICTURED = ['full', 'partial'];

const TOO_WIDE = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
/** Tables scroll by themselves on GitHub; a reader would still miss what is beyond the edge. */
const WIDE_TABLES = `[...document.querySelectorAll('table')].filter((table) => table.scrollWidth > ${PAGE_WIDTH - 64} + 1).length`;
const NOT_DRAWN = `document.querySelectorAll('code.language-mermaid').length`;
const NOT_WHOLE = `[...document.querySelectorAll('.mermaid')].filter((box) => box.querySelector('svg') === null).length`;

/** What a reader would stumble over. */
async function faultsOf(page: Page): Promise<string[]> {
  const counts = [
    ['pixels too wide', TOO_WIDE],
    ['tables too wide', WIDE_TABLES],
    ['diagrams not drawn', NOT_DRAWN],
    ['diagrams without a picture', NOT_WHOLE],
  ] as const;
  const faults = [...page.faults()];
  for (const [what, expression] of counts) {
    const count = Number(await page.evaluate(expression));
    if (count > 0) faults.push(`${count} ${what}`);
  }
  return faults;
}

async function look(
  browser: Browser,
  name: string,
  html: string,
  theme: Theme,
  isPictured: boolean,
): Promise<string[]> {
  const page = await browser.open(html, { theme, width: PAGE_WIDTH });
  await page.evaluate('globalThis.drawn');
  const faults = await faultsOf(page);
  if (isPictured) await page.picture(join(FOLDER, `${name}-${theme}.png`));
  await page.evaluate(`for (const item of document.querySelectorAll('details')) item.open = true`);
  return [...faults, ...(await faultsOf(page))].map((fault) => `${name}-${theme}: ${fault}`);
}

const markdownOf = (shape: string): string => {
  const report = SHAPES[shape];
  return report === undefined ? errorSummary(WRONG_INPUTS) : transferSummary(report);
};

async function show(shape: string, browser: Browser): Promise<string[]> {
  const base = pathToFileURL(`${FOLDER}/`).href;
  const faults: string[] = [];
  for (const theme of THEMES) {
    const html = renderPage(markdownOf(shape), theme, base);
    faults.push(...(await look(browser, `summary-${shape}`, html, theme, true)));
    const report = SHAPES[shape];
    if (report === undefined) continue;
    faults.push(...(await look(browser, `page-${shape}`, reportPage(report), theme, PICTURED.includes(shape))));
  }
  return faults;
}

const wanted = process.argv.slice(2);
const shapes = [...Object.keys(SHAPES), 'inputs'].filter((shape) => wanted.length === 0 || wanted.includes(shape));
mkdirSync(FOLDER, { recursive: true });
const faults = await withBrowser(async (browser) => {
  const all: string[] = [];
  for (const shape of shapes) all.push(...(await show(shape, browser)));
  return all;
});
for (const fault of faults) console.error(fault);
console.log(JSON.stringify({ shapes: shapes.length, pictures: 2 * shapes.length, ...verdictOf(faults) }));
if (faults.length > 0) process.exitCode = 1;
