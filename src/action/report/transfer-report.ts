/** Reports the result of a transfer: report.json, outputs, job summary, log, annotations, exit status. */
import { reportDocument, writeDocument, type ReportDocument } from '../../transfer/documents/index.ts';
import type { TransferError, TransferErrorFacts } from '../../transfer/errors/index.ts';
import type { TransferResult } from '../../transfer/model/result.ts';
import { matrixOf } from '../../transfer/model/shard.ts';
import type { LocalFiles, Provenance } from '../../transfer/ports/context.ts';
import { print } from '../runner/log.ts';
import { replaceSummary, setOutputs, writeSummary } from '../runner/outputs.ts';
import { showProblems } from './annotations.ts';
import { errorBlocks, reportBlocks } from './content.ts';
import { handoffText } from './handoff-section.ts';
import { headline } from './headline.ts';
import { htmlPage } from './html.ts';
import { blocksMarkdown } from './markdown.ts';
import { checkWarnings } from './problems-section.ts';

/** GitHub accepts 1 MiB for a step. The rest is reserved for other summaries of the step. */
const MAX_SUMMARY_BYTES = 900 * 1024;
/** Limits for the rows of a table, tried in this order until the summary fits. It never fits with more rows. */
const ROW_LIMITS = [5000, 3000, 1000, 200, 20];

const render = (report: ReportDocument, limit: number): string => `${blocksMarkdown(reportBlocks(report, limit))}\n`;

/** The job summary of a transfer, GitHub Flavored Markdown of at most 900 KiB. */
export function transferSummary(report: ReportDocument): string {
  const attempts = ROW_LIMITS.values().map((limit) => render(report, limit));
  return attempts.find((text) => Buffer.byteLength(text) <= MAX_SUMMARY_BYTES) ?? render(report, 0);
}

/** Maximum number of rows of a table of report.html. With 10,000 rows it would take as much memory as the rest of the step. */
const MAX_PAGE_ROWS = 2000;

/** report.html: the blocks of the job summary, with more rows in its tables. */
export const reportPage = (report: ReportDocument): string =>
  htmlPage(`acr-transfer ${report.transferName}: ${headline(report)}`, reportBlocks(report, MAX_PAGE_ROWS));

/** The job summary of a step that did not start. */
export const errorSummary = (facts: TransferErrorFacts): string => `${blocksMarkdown(errorBlocks(facts))}\n`;

const SUCCESSFUL: readonly ReportDocument['status'][] = ['succeeded', 'nothing-to-do'];

/** Writes a report and logs an error. A report that can't be written does not change the outputs or the exit status. */
export async function tryWrite<Result>(what: string, write: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await write();
  } catch (error) {
    print(`! The ${what} could not be written: ${(error as Error).message}`);
    return undefined;
  }
}

/** The result in one line of the log. */
function resultLine(report: ReportDocument): string {
  const { status, counts, mode, dryRun, artifacts, handoff } = report;
  if (mode === 'doctor') return `${mode}: ${headline(report)}`;
  const planned = artifacts.filter(({ outcome }) => outcome === 'planned').length;
  const done = dryRun ? `${planned} planned` : `${counts.transferred} transferred`;
  return `${mode}${dryRun ? ', dry run' : ''}: ${status}; ${done}, ${counts.skipped} up to date, ${counts.failed} failed${handoff === null ? '' : `; handoff: ${handoffText(handoff)}`}`;
}

/**
 * Reports the result of a transfer. Sets the outputs right after report.json is written, so that a later error can't prevent
 * it.
 */
export async function reportResult(
  result: TransferResult,
  provenance: Provenance | null,
  files: LocalFiles,
): Promise<void> {
  const report = reportDocument(result, provenance);
  const path = await tryWrite('report', () => files.write('report.json', writeDocument(report)));
  const matrix = result.dryRun ? matrixOf(result.planned?.plan.batches ?? []) : [];
  setOutputs(report, { ...result.paths, report: path }, matrix);
  await tryWrite('page of the report', () => files.write('report.html', reportPage(report)));
  await tryWrite('job summary', () => writeSummary(transferSummary(report)));
  print(resultLine(report));
  const { failures, warnings } = report;
  showProblems({ failures, checkWarnings: checkWarnings(report), warnings });
  if (!SUCCESSFUL.includes(report.status)) process.exitCode = 1;
}

/**
 * Reports what the cleanup after a transfer has removed. Replaces report and job summary, which have been written before: the
 * outputs and the exit status stay.
 */
export async function reportCleanup(
  result: TransferResult,
  provenance: Provenance | null,
  files: LocalFiles,
): Promise<void> {
  const report = reportDocument(result, provenance);
  await tryWrite('report', () => files.write('report.json', writeDocument(report)));
  await tryWrite('page of the report', () => files.write('report.html', reportPage(report)));
  await tryWrite('job summary', () => replaceSummary(transferSummary(report)));
  const warnings = (result.cleanup ?? []).flatMap((side) => side.warnings);
  showProblems({ failures: [], checkWarnings: [], warnings });
}

/** Reports an error that occurred before the transfer started. */
export async function reportError({ facts }: TransferError): Promise<void> {
  setOutputs(null, {});
  await tryWrite('job summary', () => writeSummary(errorSummary(facts)));
  showProblems({ failures: [facts], checkWarnings: [], warnings: [] });
  process.exitCode = 1;
}
