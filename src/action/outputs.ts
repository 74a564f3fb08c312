import * as core from '@actions/core';
import type { ReportDocument } from '../transfer/schemas.ts';

/** Paths of the documents that were written. */
export type DocumentPaths = Readonly<Partial<Record<'plan' | 'manifest' | 'receipt' | 'report', string | undefined>>>;

/** What the outputs are made of when nothing was begun. */
type Facts = Pick<ReportDocument, 'status' | 'counts' | 'bytes' | 'batches'>;

const NOTHING: Facts = {
  status: 'failed',
  counts: { selected: 0, transferred: 0, skipped: 0, failed: 0 },
  bytes: 0,
  batches: [],
};

/** A blob that is known by name alone may bring artifacts that the service does not list. */
const hasImported = ({ stages }: ReportDocument['batches'][number]): boolean =>
  stages.some(({ stage, outcome }) => stage === 'import' && outcome === 'done');

/**
 * Sets every output of action.yml, whatever happened.
 * @param report null when the transfer never began
 */
export function setOutputs(report: ReportDocument | null, paths: DocumentPaths): void {
  const { status, counts, bytes, batches } = report ?? NOTHING;
  const outputs = {
    status,
    changed: bytes > 0 || counts.transferred > 0 || batches.some(hasImported),
    ...counts,
    bytes,
    plan: paths.plan ?? '',
    manifest: paths.manifest ?? '',
    receipt: paths.receipt ?? '',
    report: paths.report ?? '',
    blobs: JSON.stringify(batches.map(({ blob }) => blob)),
  };
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}
