/** Renders Markdown to an HTML page that looks like GitHub's. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Marked } from 'marked';
import markedAlert from 'marked-alert';
import { installTools } from '../tools/install.ts';
import type { Theme } from './browser.ts';

/** Width of the column in which GitHub shows a job summary, in CSS pixels. */
export const PAGE_WIDTH = 1012;

/** Script that expands every collapsed section. */
export const EXPAND = `for (const item of document.querySelectorAll('details')) item.open = true;`;

const BACKGROUND: Readonly<Record<Theme, string>> = { light: '#ffffff', dark: '#0d1117' };

const style = (theme: Theme, sheet: string): string => `
  ${readFileSync(sheet, 'utf8')}
  body { margin: 0; background: ${BACKGROUND[theme]}; }
  .markdown-body { box-sizing: border-box; width: ${PAGE_WIDTH}px; padding: 32px; }
`;

/**
 * Renders the diagrams as GitHub does: with the strict security level, in the theme of the page. A diagram with an error stays
 * source text. `drawn` settles after every diagram.
 */
const draw = (theme: Theme): string => `
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: '${theme === 'dark' ? 'dark' : 'default'}' });
  const diagrams = [...document.querySelectorAll('code.language-mermaid')];
  globalThis.drawn = Promise.all(diagrams.map(async (code, index) => {
    const { svg } = await mermaid.render('diagram' + index, code.textContent);
    code.parentElement.outerHTML = '<div class="mermaid">' + svg + '</div>';
  }));
`;

/**
 * Renders GitHub Flavored Markdown: tables, alerts, collapsed sections, Mermaid.
 * @param base URL that images are relative to
 */
export function renderPage(markdown: string, theme: Theme, base: string): string {
  const body = new Marked({ gfm: true }).use(markedAlert()).parse(markdown, { async: false });
  const { resolve } = installTools('scripts/tools/render');
  const sheet = resolve(`github-markdown-css/github-markdown-${theme}.css`);
  const mermaid = pathToFileURL(resolve('mermaid/dist/mermaid.min.js')).href;
  // As on GitHub, scripts in the Markdown don't run. Only the two scripts with the nonce do.
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src file: data:; script-src 'nonce-render'`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<base href="${base}">
<style>${style(theme, sheet)}</style>
<article class="markdown-body">${body}</article>
<script nonce="render" src="${mermaid}"></script>
<script nonce="render">${draw(theme)}</script>
</html>
`;
}
