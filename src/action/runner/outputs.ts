/** Outputs and job summary of the step. */
import { appendFile, writeFile } from 'node:fs/promises';
import * as core from '@actions/core';
import type { ReportDocument } from '../../transfer/documents/index.ts';
import type { MatrixEntry } from '../../transfer/model/shard.ts';

/** Paths of the written documents. */
type DocumentPaths = Readonly<Partial<Record<'plan' | 'manifest' | 'receipt' | 'report', string | undefined>>>;

/** The fields of a report that outputs are derived from. */
type ReportFacts = Pick<ReportDocument, 'status' | 'counts' | 'bytes' | 'batches' | 'dryRun' | 'planDigest' | 'extra'>;

const NOT_STARTED: ReportFacts = {
  status: 'failed',
  counts: { selected: 0, transferred: 0, skipped: 0, failed: 0 },
  bytes: 0,
  batches: [],
  dryRun: false,
  planDigest: null,
  extra: [],
};

/** An import of a blob that is known only by its name can import artifacts that the service does not list. */
const hasImported = ({ stages }: ReportDocument['batches'][number]): boolean =>
  stages.some(({ stage, outcome }) => stage === 'import' && outcome === 'done');

/**
 * Sets every output of action.yml.
 * @param report null if the transfer did not start
 * @param matrix shards of the plan of a dry run
 */
export function setOutputs(
  report: ReportDocument | null,
  paths: DocumentPaths,
  matrix: readonly MatrixEntry[] = [],
): void {
  const { status, counts, bytes, batches, dryRun, planDigest, extra } = report ?? NOT_STARTED;
  const outputs = {
    status,
    changed: !dryRun && (bytes > 0 || counts.transferred > 0 || batches.some(hasImported)),
    ...counts,
    bytes,
    plan: paths.plan ?? '',
    'plan-digest': planDigest ?? '',
    manifest: paths.manifest ?? '',
    receipt: paths.receipt ?? '',
    report: paths.report ?? '',
    blobs: JSON.stringify(batches.map(({ blob }) => blob)),
    extra: JSON.stringify(extra.map(({ reference }) => reference)),
    matrix: JSON.stringify(matrix),
  };
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

/** Appends to the job summary. */
export async function writeSummary(markdown: string): Promise<void> {
  const path = process.env['GITHUB_STEP_SUMMARY'];
  if (path) await appendFile(path, markdown);
}

/** Replaces the job summary of this step. The file belongs to this step alone (GitHub docs, "Adding a job summary"). */
export async function replaceSummary(markdown: string): Promise<void> {
  const path = process.env['GITHUB_STEP_SUMMARY'];
  if (path) await writeFile(path, markdown);
}
