/**
 * `npm run render:shapes -- [SHAPE …]`: screenshots of every shape of the job summary, as GitHub shows it, and of `report.html`,
 * in light and dark, in docs/images. Exits 1 if a page is wider than GitHub's column, if a diagram isn't drawn, or if the
 * console reports an error. The last line is one JSON object.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withBrowser, type Browser, type Page, type Theme } from '../../scripts/render/browser.ts';
import { EXPAND, PAGE_WIDTH, renderPage } from '../../scripts/render/page.ts';
import { errorSummary, reportPage, transferSummary } from '../../src/action/report/transfer-report.ts';
import { verdictOf } from '../verdict.ts';
import { SHAPES, WRONG_INPUTS } from './shapes/reports.ts';

const FOLDER = join(import.meta.dirname, '../../docs/images');
const THEMES: readonly Theme[] = ['light', 'dark'];
/** Shapes whose `report.html` is in docs/images. */
const WITH_PAGE = ['full', 'partial'];

const TOO_WIDE = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
/** GitHub lets wide tables scroll, but readers miss columns beyond the edge. */
const WIDE_TABLES = `[...document.querySelectorAll('table')].filter((table) => table.scrollWidth > ${PAGE_WIDTH - 64} + 1).length`;
const NOT_DRAWN = `document.querySelectorAll('code.language-mermaid').length`;
const NOT_WHOLE = `[...document.querySelectorAll('.mermaid')].filter((box) => box.querySelector('svg') === null).length`;

/** Layout problems and console errors of a page. */
async function problemsOf(page: Page): Promise<string[]> {
  const counts = [
    ['pixels too wide', TOO_WIDE],
    ['tables too wide', WIDE_TABLES],
    ['diagrams not drawn', NOT_DRAWN],
    ['diagrams without an SVG', NOT_WHOLE],
  ] as const;
  const problems = [...page.errors()];
  for (const [what, expression] of counts) {
    const count = Number(await page.evaluate(expression));
    if (count > 0) problems.push(`${count} ${what}`);
  }
  return problems;
}

async function inspect(
  browser: Browser,
  name: string,
  html: string,
  theme: Theme,
  isSaved: boolean,
): Promise<string[]> {
  const found = await browser.withPage(html, { theme, width: PAGE_WIDTH }, async (page) => {
    await page.evaluate('globalThis.drawn');
    const problems = await problemsOf(page);
    if (isSaved) await page.screenshot(join(FOLDER, `${name}-${theme}.png`));
    await page.evaluate(EXPAND);
    return [...problems, ...(await problemsOf(page))];
  });
  return found.map((problem) => `${name}-${theme}: ${problem}`);
}

const markdownOf = (shape: string): string => {
  const report = SHAPES[shape];
  return report === undefined ? errorSummary(WRONG_INPUTS) : transferSummary(report);
};

async function show(shape: string, browser: Browser): Promise<string[]> {
  const base = pathToFileURL(`${FOLDER}/`).href;
  const problems: string[] = [];
  for (const theme of THEMES) {
    const html = renderPage(markdownOf(shape), theme, base);
    problems.push(...(await inspect(browser, `summary-${shape}`, html, theme, true)));
    const report = SHAPES[shape];
    if (report === undefined) continue;
    problems.push(...(await inspect(browser, `page-${shape}`, reportPage(report), theme, WITH_PAGE.includes(shape))));
  }
  return problems;
}

const wanted = process.argv.slice(2);
const shapes = [...Object.keys(SHAPES), 'inputs'].filter((shape) => wanted.length === 0 || wanted.includes(shape));
mkdirSync(FOLDER, { recursive: true });
const problems = await withBrowser(async (browser) => {
  const all: string[] = [];
  for (const shape of shapes) all.push(...(await show(shape, browser)));
  return all;
});
for (const problem of problems) console.error(problem);
console.log(JSON.stringify({ shapes: shapes.length, screenshots: 2 * shapes.length, ...verdictOf(problems) }));
if (problems.length > 0) process.exitCode = 1;
