import { appendFile } from 'node:fs/promises';
import { writeDocument } from '../transfer/document.ts';
import type { Failure } from '../transfer/failure.ts';
import type { DocumentFiles } from '../transfer/intake.ts';
import { matrixOf } from '../transfer/plan/shard.ts';
import { reportDocument, type TransferResult } from '../transfer/report.ts';
import type { Provenance } from '../transfer/schemas.ts';
import type { ReportDocument } from '../transfer/report-schema.ts';
import { print, showProblems } from './log.ts';
import { setOutputs } from './outputs.ts';
import { reportPage } from './page.ts';
import { failureSummary, transferSummary } from './summary.ts';
import { handoffText } from './summary-handoff.ts';
import { headline } from './summary-headline.ts';
import { checkWarnings } from './summary-problems.ts';

const GREEN: readonly ReportDocument['status'][] = ['succeeded', 'nothing-to-do'];

/** Adds to the job summary. */
export async function writeSummary(markdown: string): Promise<void> {
  const path = process.env['GITHUB_STEP_SUMMARY'];
  if (path) await appendFile(path, markdown);
}

/** What is written for people and archives must not keep the outputs from being set, nor change the verdict. */
export async function tolerant<Result>(what: string, write: () => Promise<Result>): Promise<Result | undefined> {
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
  files: DocumentFiles,
): Promise<void> {
  const report = reportDocument(result, provenance);
  const path = await tolerant('report', () => files.write('report.json', writeDocument(report)));
  const matrix = result.dryRun ? matrixOf(result.planned?.plan.batches ?? []) : [];
  setOutputs(report, { ...result.paths, report: path }, matrix);
  await tolerant('page of the report', () => files.write('report.html', reportPage(report)));
  await tolerant('job summary', () => writeSummary(transferSummary(report)));
  print(verdict(report));
  const { failures, warnings } = report;
  showProblems({ failures, doubts: checkWarnings(report), warnings });
  if (!GREEN.includes(report.status)) process.exitCode = 1;
}

/** Tells of a failure before anything was begun. */
export async function reportFailure({ facts }: Failure): Promise<void> {
  setOutputs(null, {});
  await tolerant('job summary', () => writeSummary(failureSummary(facts)));
  showProblems({ failures: [facts], doubts: [], warnings: [] });
  process.exitCode = 1;
}
