import type { FailureFacts } from '../transfer/failure.ts';
import type { ReportDocument } from '../transfer/report-schema.ts';
import { blocksMarkdown } from './blocks-markdown.ts';
import { failureBlocks, reportBlocks } from './story.ts';

/** GitHub takes 1 MiB for a step; room is left for whatever else the step writes. */
const LARGEST_SUMMARY_BYTES = 900 * 1024;
/** Rows that are tried, the largest number first, until the summary fits; with more it never does. */
const ROW_LIMITS = [5000, 3000, 1000, 200, 20];

const render = (report: ReportDocument, limit: number): string => `${blocksMarkdown(reportBlocks(report, limit))}\n`;

/** The job summary of a transfer, GitHub-flavoured Markdown of at most 900 KiB. */
export function transferSummary(report: ReportDocument): string {
  const attempts = ROW_LIMITS.values().map((limit) => render(report, limit));
  return attempts.find((text) => Buffer.byteLength(text) <= LARGEST_SUMMARY_BYTES) ?? render(report, 0);
}

/** The job summary of a step that never began. */
export const failureSummary = (facts: FailureFacts): string => `${blocksMarkdown(failureBlocks(facts))}\n`;
