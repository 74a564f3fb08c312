import type { ReportDocument } from '../../../../src/transfer/documents/report-schema.ts';

/** One MiB, in bytes. */
export const MIB = 1024 * 1024;

/** A batch of 20 artifacts with this outcome of its handoff. */
export const handed = (
  outcome: 'done' | 'skipped' | 'failed',
  facts: Partial<NonNullable<ReportDocument['batches'][number]['handoff']>> = {},
): ReportDocument['batches'][number] => ({
  blob: 'nightly-1.tar',
  bytes: outcome === 'done' ? 100 * MIB : 0,
  artifacts: 20,
  handoff: outcome === 'done' ? { method: 'server', bytes: 100 * MIB, reused: 0, seconds: 4, ...facts } : null,
  runs: { export: null, import: null },
  stages: [{ stage: 'handoff', outcome, startedAt: '2026-01-01T00:00:00.000Z', seconds: 4 }],
});
