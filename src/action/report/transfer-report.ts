/** Tells the result everywhere: report.json, outputs, summary, log, annotations, exit status. */
import { reportDocument, writeDocument, type ReportDocument } from '../../transfer/documents/index.ts';
import type { TransferError, TransferErrorFacts } from '../../transfer/errors/index.ts';
import type { TransferResult } from '../../transfer/model/result.ts';
import { matrixOf } from '../../transfer/model/shard.ts';
import type { LocalFiles, Provenance } from '../../transfer/ports/context.ts';
import { print } from '../runner/log.ts';
import { setOutputs, writeSummary } from '../runner/outputs.ts';
import { showProblems } from './annotations.ts';
import { errorBlocks, reportBlocks } from './content.ts';
import { handoffText } from './handoff-section.ts';
import { headline } from './headline.ts';
import { reportPage } from './html.ts';
import { blocksMarkdown } from './markdown.ts';
import { checkWarnings } from './problems-section.ts';

/** GitHub takes 1 MiB for a step; room is left for whatever else the step writes. */
const MAX_SUMMARY_BYTES = 900 * 1024;
/** Rows that are tried, the largest number first, until the summary fits; with more it never does. */
const ROW_LIMITS = [5000, 3000, 1000, 200, 20];

const render = (report: ReportDocument, limit: number): string => `${blocksMarkdown(reportBlocks(report, limit))}\n`;

/** The job summary of a transfer, GitHub-flavoured Markdown of at most 900 KiB. */
export function transferSummary(report: ReportDocument): string {
  const attempts = ROW_LIMITS.values().map((limit) => render(report, limit));
  return attempts.find((text) => Buffer.byteLength(text) <= MAX_SUMMARY_BYTES) ?? render(report, 0);
}

/** The job summary of a step that never began. */
export const errorSummary = (facts: TransferErrorFacts): string => `${blocksMarkdown(errorBlocks(facts))}\n`;

const GREEN: readonly ReportDocument['status'][] = ['succeeded', 'nothing-to-do'];

/** What is written for people and archives must not keep the outputs from being set, nor change the verdict. */
export async function tryWrite<Result>(what: string, write: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await write();
  } catch (error) {
    print(`! The ${what} could not be written: ${(error as Error).message}`);
    return undefined;
  }
}

/** The verdict in one line of the log, as a person would say it. */
function verdict(report: ReportDocument): string {
  const { status, counts, mode, dryRun, artifacts, handoff } = report;
  if (mode === 'doctor') return `${mode}: ${headline(report)}`;
  const planned = artifacts.filter(({ outcome }) => outcome === 'planned').length;
  const done = dryRun ? `${planned} planned` : `${counts.transferred} transferred`;
  return `${mode}${dryRun ? ', dry run' : ''}: ${status}; ${done}, ${counts.skipped} there already, ${counts.failed} failed${handoff === null ? '' : `; handoff: ${handoffText(handoff)}`}`;
}

/**
 * Tells what came of a transfer in every place where somebody looks: report.json, outputs, job summary, log, annotations
 * and the exit status. Outputs come first, so that they are set whatever happens after.
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
  print(verdict(report));
  const { failures, warnings } = report;
  showProblems({ failures, doubts: checkWarnings(report), warnings });
  if (!GREEN.includes(report.status)) process.exitCode = 1;
}

/** Tells of a failure before anything was begun. */
export async function reportError({ facts }: TransferError): Promise<void> {
  setOutputs(null, {});
  await tryWrite('job summary', () => writeSummary(errorSummary(facts)));
  showProblems({ failures: [facts], doubts: [], warnings: [] });
  process.exitCode = 1;
}
