import type { ManifestDocument, ReceiptDocument, ReportDocument } from '../../../src/transfer/schemas.ts';
import { digestOf } from './registry.ts';

/** A transfer manifest of one blob with one artifact. */
export const MANIFEST_DOCUMENT: ManifestDocument = {
  kind: 'acr-transfer/manifest',
  missing: [],
  version: 1,
  transferName: 'team/nightly',
  createdAt: '2026-01-01T00:00:00.000Z',
  registry: 'source.azurecr.io',
  provenance: null,
  batches: [
    {
      blob: { name: 'team/nightly-1.tar', size: 8, md5: 'bWQ1', contentType: 'application/x-tar', metadata: {} },
      exportRun: 'export1',
      artifacts: [
        {
          reference: 'team/api:v1',
          digest: digestOf('api'),
          mediaType: 'x',
          size: 1110,
          children: [digestOf('child')],
        },
      ],
    },
  ],
};

/** A receipt of one artifact that arrived. */
export const RECEIPT_DOCUMENT: ReceiptDocument = {
  kind: 'acr-transfer/receipt',
  version: 1,
  transferName: 'team/nightly',
  createdAt: '2026-01-01T00:00:00.000Z',
  registry: 'target.azurecr.us',
  provenance: null,
  artifacts: [
    {
      reference: 'team/api:v1',
      digest: digestOf('api'),
      outcome: 'verified',
      blob: 'team/nightly-1.tar',
      failure: null,
    },
  ],
};

/** An artifact of a report. */
export const reportArtifact = (
  reference: string,
  outcome: ReportDocument['artifacts'][number]['outcome'] = 'verified',
): ReportDocument['artifacts'][number] => ({
  reference,
  digest: digestOf(reference),
  size: 2048,
  outcome,
  blob: 'nightly-1.tar',
  failure: outcome === 'failed' ? 'ACRT6002' : null,
});

/** A report of a transfer of one artifact that went well. */
export const REPORT_DOCUMENT: ReportDocument = {
  kind: 'acr-transfer/report',
  version: 1,
  transferName: 'nightly',
  createdAt: '2026-01-01T00:00:00.000Z',
  mode: 'full',
  status: 'succeeded',
  from: 'source.azurecr.io',
  to: 'target.azurecr.us',
  seconds: 10,
  counts: { selected: 1, transferred: 1, skipped: 0, failed: 0 },
  bytes: 1024 * 1024,
  provenance: null,
  batches: [
    {
      blob: 'nightly-1.tar',
      bytes: 1024 * 1024,
      artifacts: 1,
      stages: [
        { stage: 'export', outcome: 'done', startedAt: '2026-01-01T00:00:00.000Z', seconds: 4 },
        { stage: 'verify', outcome: 'done', startedAt: '2026-01-01T00:00:08.000Z', seconds: 1 },
      ],
    },
  ],
  artifacts: [reportArtifact('team/api:v1')],
  failures: [],
  warnings: [],
};
