import type { ReportDocument } from '../../../../src/transfer/documents/report-schema.ts';
import type {
  HistoryDocument,
  ManifestDocument,
  PlanDocument,
  ReceiptDocument,
} from '../../../../src/transfer/documents/schemas.ts';
import type { HandedOverSource } from '../../../../src/transfer/model/request.ts';
import { digestOf } from '../ports/registry.fixture.ts';

/** ARM resource ID of a target registry. */
export const TARGET_ID =
  '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/group/providers/Microsoft.ContainerRegistry/registries/importregistry';

/** A transfer manifest of one blob with one artifact. */
export const MANIFEST_DOCUMENT: ManifestDocument = {
  kind: 'acr-transfer/manifest',
  missing: [],
  version: 1,
  transferName: 'team/nightly',
  createdAt: '2026-01-01T00:00:00.000Z',
  registry: 'source.azurecr.io',
  target: null,
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
          subject: null,
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
  registryId: TARGET_ID,
  source: 'source.azurecr.io',
  manifest: { digest: digestOf('manifest'), createdAt: '2026-01-01T00:00:00.000Z' },
  provenance: null,
  artifacts: [
    {
      reference: 'team/api:v1',
      digest: digestOf('api'),
      children: [digestOf('child')],
      outcome: 'verified',
      blob: 'team/nightly-1.tar',
      failure: null,
    },
  ],
  extra: [],
};

/** A history of one artifact. */
export const HISTORY_DOCUMENT: HistoryDocument = {
  kind: 'acr-transfer/history',
  version: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  registry: 'source.azurecr.io',
  target: TARGET_ID,
  artifacts: [
    {
      reference: 'team/api:v1',
      digest: digestOf('api'),
      children: [digestOf('child')],
      at: '2026-01-01T00:00:00.000Z',
      transferName: 'team/nightly',
    },
  ],
};

/** A plan of one artifact, with a skipped artifact. */
export const PLAN_DOCUMENT: PlanDocument = {
  kind: 'acr-transfer/plan',
  version: 1,
  transferName: 'team/nightly',
  createdAt: '2026-01-01T00:00:00.000Z',
  registry: 'source.azurecr.io',
  exportPipeline: '/subscriptions/s/exportPipelines/exporter',
  target: TARGET_ID,
  provenance: null,
  incremental: 'target',
  selection: ['line 1: team/api:v1'],
  bytes: { planned: 2000, naive: 3000, least: 1110 },
  batches: [
    {
      blob: 'team/nightly-1.tar',
      exportRun: 'export1',
      bytes: 2000,
      artifacts: [
        {
          reference: 'team/api:v1',
          digest: digestOf('api'),
          mediaType: 'x',
          size: 1110,
          children: [],
          subject: null,
          referrers: [`team/api@${digestOf('signature')}`],
          why: { reason: 'changed', text: 'changed', line: 'line 1', was: digestOf('before') },
        },
      ],
    },
  ],
  leftOut: [
    {
      reference: 'team/api:v2',
      digest: digestOf('other'),
      mediaType: null,
      size: null,
      why: { reason: 'present', text: 'up to date', line: 'line 2' },
      failure: null,
    },
  ],
  notes: ['a note'],
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
  reason: null,
  why: null,
  blob: 'nightly-1.tar',
  failure: outcome === 'failed' ? 'ACRT6002' : null,
});

/** A report of a successful transfer of one artifact. */
export const REPORT_DOCUMENT: ReportDocument = {
  kind: 'acr-transfer/report',
  version: 1,
  transferName: 'nightly',
  createdAt: '2026-01-01T00:00:00.000Z',
  mode: 'full',
  status: 'succeeded',
  from: 'source.azurecr.io',
  to: 'target.azurecr.us',
  sides: { source: null, target: null },
  startedAt: '2026-01-01T00:00:00.000Z',
  seconds: 10,
  counts: { selected: 1, transferred: 1, skipped: 0, failed: 0 },
  dryRun: false,
  planDigest: null,
  bytes: 1024 * 1024,
  handoff: null,
  planned: null,
  provenance: null,
  batches: [
    {
      blob: 'nightly-1.tar',
      bytes: 1024 * 1024,
      artifacts: 1,
      handoff: null,
      runs: { export: null, import: null },
      stages: [
        { stage: 'export', outcome: 'done', startedAt: '2026-01-01T00:00:00.000Z', seconds: 4 },
        { stage: 'verify', outcome: 'done', startedAt: '2026-01-01T00:00:08.000Z', seconds: 1 },
      ],
    },
  ],
  artifacts: [reportArtifact('team/api:v1')],
  leftOut: [],
  checks: [],
  documents: { plan: null, manifest: null, receipt: null },
  extra: [],
  failures: [],
  cleanup: [],
  warnings: [],
};

/** The intake of a manifest that is found by its name. */
export const intakeOf = (transferName: string): HandedOverSource => ({
  kind: 'manifest',
  place: `${transferName}.transfer.json`,
  named: false,
  transferName,
  allowedSources: [],
});
