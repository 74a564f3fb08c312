/** Outputs of the step, and its job summary file. */
import { appendFile } from 'node:fs/promises';
import * as core from '@actions/core';
import type { ReportDocument } from '../../transfer/documents/index.ts';
import type { MatrixEntry } from '../../transfer/model/shard.ts';

/** Paths of the documents that were written. */
export type DocumentPaths = Readonly<Partial<Record<'plan' | 'manifest' | 'receipt' | 'report', string | undefined>>>;

/** What the outputs are made of when nothing was begun. */
type Facts = Pick<ReportDocument, 'status' | 'counts' | 'bytes' | 'batches' | 'dryRun'>;

const NOTHING: Facts = {
  status: 'failed',
  counts: { selected: 0, transferred: 0, skipped: 0, failed: 0 },
  bytes: 0,
  batches: [],
  dryRun: false,
};

/** A blob that is known by name alone may bring artifacts that the service does not list. */
const hasImported = ({ stages }: ReportDocument['batches'][number]): boolean =>
  stages.some(({ stage, outcome }) => stage === 'import' && outcome === 'done');

/**
 * Sets every output of action.yml, whatever happened.
 * @param report null when the transfer never began
 * @param matrix shares of a plan that was made and not carried out
 */
export function setOutputs(
  report: ReportDocument | null,
  paths: DocumentPaths,
  matrix: readonly MatrixEntry[] = [],
): void {
  const { status, counts, bytes, batches, dryRun } = report ?? NOTHING;
  const outputs = {
    status,
    changed: !dryRun && (bytes > 0 || counts.transferred > 0 || batches.some(hasImported)),
    ...counts,
    bytes,
    plan: paths.plan ?? '',
    manifest: paths.manifest ?? '',
    receipt: paths.receipt ?? '',
    report: paths.report ?? '',
    blobs: JSON.stringify(batches.map(({ blob }) => blob)),
    matrix: JSON.stringify(matrix),
  };
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

/** Adds to the job summary. */
export async function writeSummary(markdown: string): Promise<void> {
  const path = process.env['GITHUB_STEP_SUMMARY'];
  if (path) await appendFile(path, markdown);
}
