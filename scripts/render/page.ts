/** A Markdown text as a page of its own that looks as GitHub shows it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Marked } from 'marked';
import markedAlert from 'marked-alert';

/** Colours of the page. */
export type Theme = 'light' | 'dark';

const { resolve } = createRequire(import.meta.url);

/** Width of the column in which GitHub shows a job summary, CSS pixels. */
export const PAGE_WIDTH = 1012;

const BACKGROUND: Readonly<Record<Theme, string>> = { light: '#ffffff', dark: '#0d1117' };

const style = (theme: Theme): string => `
  ${readFileSync(resolve(`github-markdown-css/github-markdown-${theme}.css`), 'utf8')}
  body { margin: 0; background: ${BACKGROUND[theme]}; }
  .markdown-body { box-sizing: border-box; width: ${PAGE_WIDTH}px; padding: 32px; }
`;

/**
 * Renders GitHub-flavoured Markdown: tables, alerts, folded details.
 * @param base URL that images are relative to
 * @param script runs in the page when everything has been laid out
 */
export function renderPage(markdown: string, theme: Theme, base: string, script: string): string {
  const body = new Marked({ gfm: true }).use(markedAlert()).parse(markdown, { async: false });
  // As on GitHub, nothing that the Markdown brings along may run; only our own script does.
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src file: data:; script-src 'nonce-render'`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<base href="${base}">
<style>${style(theme)}</style>
<article class="markdown-body">${body}</article>
<script nonce="render">${script}</script>
</html>
`;
}
