/** The style sheet of report.html: light and dark, screen and print. */
export const PAGE_STYLE = `
:root { color-scheme: light dark;
  --text: #1f2328; --faint: #59636e; --page: #ffffff; --line: #d1d9e0; --soft: #f6f8fa; --mono: #818b981f; --link: #0969da;
  --caution: #cf222e; --warning: #9a6700; --export: #0969da; --handoff: #1a7f37; --import: #8250df; --verify: #59636e; }
@media (prefers-color-scheme: dark) { :root {
  --text: #f0f6fc; --faint: #9198a1; --page: #0d1117; --line: #3d444d; --soft: #151b23; --mono: #656c7633; --link: #4493f8;
  --caution: #f85149; --warning: #d29922; --export: #1f6feb; --handoff: #238636; --import: #8957e5; --verify: #656c76; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1012px; padding: 32px; background: var(--page); color: var(--text);
  font: 16px/1.5 -apple-system, BlinkMacSystemFont, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif, 'Noto Color Emoji';
  overflow-wrap: anywhere; }
h1 { font-size: 1.5em; line-height: 1.25; margin: 0 0 16px; padding-bottom: 0.3em; border-bottom: 1px solid var(--line); }
h2, summary { font-size: 1.25em; font-weight: 600; line-height: 1.25; margin: 24px 0 12px; }
summary { font-size: 1em; margin: 12px 0; cursor: pointer; }
p { margin: 0 0 12px; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, SFMono-Regular, 'SF Mono', Menlo, Consolas, monospace; font-size: 85%; }
code { padding: 0.15em 0.35em; border-radius: 6px; background: var(--mono); white-space: break-spaces; }
pre { margin: 0 0 12px; padding: 12px; border-radius: 6px; background: var(--soft); white-space: pre-wrap; }
.small { margin-top: 24px; color: var(--faint); font-size: 0.8em; }
.unbroken { white-space: nowrap; }
aside { margin: 0 0 16px; padding: 8px 16px 1px; border-left: 4px solid; }
aside > p:first-child { margin-bottom: 8px; font-size: 0.85em; font-weight: 600; }
aside.caution > p:first-child { color: var(--caution); }
aside.warning > p:first-child { color: var(--warning); }
aside.caution { border-color: var(--caution); }
aside.warning { border-color: var(--warning); }
.wide { overflow-x: auto; margin-bottom: 16px; }
table { border-collapse: collapse; font-size: 0.9em; }
th, td { padding: 5px 12px; border: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
td code { overflow-wrap: anywhere; }
tbody tr:nth-child(even) { background: var(--soft); }
.left { text-align: left; }
.right { text-align: right; font-variant-numeric: tabular-nums; }
.timeline { margin: 0 0 16px; font-size: 0.75em; }
.row { display: flex; align-items: center; gap: 12px; }
.row .name { flex: 0 0 6em; text-align: right; white-space: nowrap; }
.track { position: relative; flex: 1; height: 22px; margin: 2px 0; border-radius: 3px; background: var(--soft); overflow: hidden; }
.bar { position: absolute; top: 0; bottom: 0; min-width: 3px; padding: 0 4px; border-radius: 2px; color: #ffffff;
  line-height: 22px; text-align: center; white-space: nowrap; overflow: hidden; }
.bar.export { background: var(--export); }
.bar.handoff { background: var(--handoff); }
.bar.import { background: var(--import); }
.bar.verify { background: var(--verify); }
.bar.failed { background: var(--caution); }
.bar:empty { padding: 0; }
.marks { display: flex; flex: 1; justify-content: space-between; color: var(--faint); }
@media print {
  body { max-width: none; padding: 0; font-size: 11px; }
  .bar, tbody tr:nth-child(even), code, pre { print-color-adjust: exact; }
  .wide { overflow: visible; }
  details::details-content { content-visibility: visible; block-size: auto; }
  tr, aside, .row { break-inside: avoid; }
}
`;
