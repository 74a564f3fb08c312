/** The report as a page of its own, for archives: no script, nothing from elsewhere, light and dark, on paper too. */
import type { ReportDocument } from '../transfer/report-schema.ts';
import { blocksHtml } from './page-blocks.ts';
import { element } from './page-html.ts';
import { PAGE_STYLE } from './page-style.ts';
import { reportBlocks } from './story.ts';
import { headline } from './summary-headline.ts';

/** Nothing may be loaded, run, sent or framed; the page brings its style along. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Rows of a table at most: with ten thousand the page would take as much memory as the rest of the step. */
const MOST_ROWS = 2000;

/** The page, with many more rows than the job summary has room for. */
export function reportPage(report: ReportDocument): string {
  const body = blocksHtml(reportBlocks(report, MOST_ROWS));
  const title = element('title', {}, `acr-transfer ${report.transferName}: ${headline(report)}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${title.html}
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${body.html}
</main>
</body>
</html>
`;
}
