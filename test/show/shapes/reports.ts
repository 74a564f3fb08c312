/** A report of each shape. */
import type { ReportDocument } from '../../../src/transfer/documents/report-schema.ts';
import { transferError } from '../../../src/transfer/errors/transfer-error.ts';
import { FAULTS, FAULTY, HEALTHY } from './checks.ts';
import { artifact, BASE, batch, references, SOURCE, stage, TARGET } from './pieces.ts';

const MIB = 1024 * 1024;
const DOCUMENTS = {
  plan: '/tmp/contoso-shop-1001.plan.json',
  manifest: '/tmp/contoso-shop-1001.transfer.json',
  receipt: '/tmp/contoso-shop-1001.receipt.json',
};

const THREE_BATCHES = [
  batch(1, 2210 * MIB, 16, [
    stage('export', 8, 96),
    stage('handoff', 105, 71),
    stage('import', 177, 168),
    stage('verify', 345, 3.2),
  ]),
  batch(2, 1840 * MIB, 12, [
    stage('export', 8, 121),
    stage('handoff', 130, 66),
    stage('import', 197, 190),
    stage('verify', 388, 2.4),
  ]),
  batch(3, 260 * MIB, 8, [
    stage('export', 9, 34),
    stage('handoff', 44, 12),
    stage('import', 57, 61),
    stage('verify', 119, 1.1),
  ]),
];

const forty = references(40).map((reference, index) => {
  if (index < 4) return artifact(reference, index, 'present', { reason: 'present', why: 'up to date' });
  if (index < 9) {
    return artifact(reference, index, 'verified', { reason: 'changed', why: 'changed: was sha256:8d1f0c35a7e2…' });
  }
  return artifact(reference, index, 'verified', { reason: 'new', why: 'new' });
});

const FULL: ReportDocument = {
  ...BASE,
  seconds: 392.4,
  counts: { selected: 40, transferred: 36, skipped: 4, failed: 0 },
  bytes: 4310 * MIB,
  handoff: { blobs: 3, methods: ['server'], bytes: 4310 * MIB, reused: 0, seconds: 118.2 },
  planned: { bytes: 4310 * MIB, naiveBytes: 6150 * MIB, incremental: 'target' },
  batches: THREE_BATCHES,
  artifacts: forty,
  leftOut: [{ reference: 'shop/api:v3.0.0-rc1', why: 'excluded by line 4' }],
  checks: HEALTHY,
  documents: DOCUMENTS,
};

const PLAN: ReportDocument = {
  ...FULL,
  dryRun: true,
  seconds: 6.1,
  bytes: 0,
  handoff: null,
  counts: { selected: 40, transferred: 0, skipped: 4, failed: 0 },
  batches: THREE_BATCHES.map((item) => ({ ...item, handoff: null, stages: [] })),
  artifacts: forty.map((item) => (item.outcome === 'present' ? item : { ...item, outcome: 'planned' })),
  checks: HEALTHY.filter(({ verdict }) => verdict === 'ok'),
  documents: { ...DOCUMENTS, manifest: null, receipt: null },
};

const withStages = (...names: readonly string[]): ReportDocument['batches'] =>
  THREE_BATCHES.map((item) => ({
    ...item,
    handoff: names.includes('handoff') ? item.handoff : null,
    stages: item.stages.filter((one) => names.includes(one.stage)),
  }));

const twelve = references(12);

const EXPORT: ReportDocument = {
  ...BASE,
  mode: 'export',
  to: SOURCE?.container ?? null,
  sides: { source: SOURCE, target: null },
  seconds: 131,
  counts: { selected: 12, transferred: 12, skipped: 0, failed: 0 },
  bytes: 4310 * MIB,
  planned: { bytes: 4310 * MIB, naiveBytes: 4310 * MIB, incremental: 'off' },
  batches: withStages('export'),
  artifacts: twelve.map((reference, index) => artifact(reference, index, 'exported')),
  checks: HEALTHY.filter(({ side }) => side === 'source'),
  documents: { ...DOCUMENTS, receipt: null },
};

const HANDOFF: ReportDocument = {
  ...BASE,
  mode: 'handoff',
  from: SOURCE?.container ?? null,
  to: TARGET?.container ?? null,
  seconds: 152,
  counts: { selected: 36, transferred: 36, skipped: 0, failed: 0 },
  bytes: 4310 * MIB,
  handoff: { blobs: 3, methods: ['server', 'stream'], bytes: 4310 * MIB, reused: 210 * MIB, seconds: 118.2 },
  batches: withStages('handoff').map((item, index) =>
    index === 1 && item.handoff !== null
      ? { ...item, handoff: { ...item.handoff, method: 'stream', reused: 210 * MIB } }
      : item,
  ),
  artifacts: references(36).map((reference, index) => artifact(reference, index, 'handed-off')),
  documents: { plan: null, manifest: DOCUMENTS.manifest, receipt: null },
};

const IMPORT: ReportDocument = {
  ...BASE,
  mode: 'import',
  from: TARGET?.container ?? null,
  sides: { source: null, target: TARGET },
  seconds: 384,
  counts: { selected: 12, transferred: 12, skipped: 0, failed: 0 },
  batches: withStages('import', 'verify').map((item) => ({ ...item, bytes: 0 })),
  artifacts: twelve.map((reference, index) => artifact(reference, index, index === 7 ? 'unverified' : 'verified')),
  checks: HEALTHY.filter(({ side }) => side === 'target'),
  documents: { plan: null, manifest: null, receipt: DOCUMENTS.receipt },
};

const NOTHING: ReportDocument = {
  ...BASE,
  status: 'nothing-to-do',
  seconds: 4.2,
  counts: { selected: 40, transferred: 0, skipped: 40, failed: 0 },
  planned: { bytes: 0, naiveBytes: 0, incremental: 'target' },
  artifacts: references(40).map((reference, index) => artifact(reference, index, 'present', { reason: 'present' })),
  checks: HEALTHY.filter(({ verdict }) => verdict === 'ok'),
  documents: DOCUMENTS,
};

const runFailed = transferError(
  'ACRT4001',
  {
    run: 'import4b1f0c8e2d7a49b3a1c6d5e4f3a2b1c0',
    reason: 'Failed to access storage. Status: 403 (This request is not authorized to perform this operation)',
  },
  { correlationId: '4a1b2c3d-1111-2222-3333-444455556666' },
).facts;
const lost = transferError('ACRT6002', {
  reference: 'shop/billing:v2.1.3',
  registry: 'contosogov.azurecr.us',
  digest: 'sha256:0a2e8cfb6a5d',
}).facts;
const tooLarge = transferError('ACRT3013', {
  reference: 'shop/mail:v2.0.5',
  what: 'a layer',
  size: '9.4 GiB',
  limit: '8 GB',
}).facts;

const PARTIAL: ReportDocument = {
  ...FULL,
  status: 'partial',
  counts: { selected: 40, transferred: 22, skipped: 4, failed: 14 },
  bytes: 4050 * MIB,
  batches: THREE_BATCHES.map((item, index) =>
    index === 1 ? { ...item, stages: [...item.stages.slice(0, 2), stage('import', 197, 44, 'failed')] } : item,
  ),
  artifacts: forty.map((item, index) => {
    if (index === 5) return { ...item, outcome: 'failed', failure: 'ACRT3013' };
    if (index === 11) return { ...item, outcome: 'failed', failure: 'ACRT6002' };
    if (index > 27) return { ...item, outcome: 'failed', failure: 'ACRT4001' };
    return index === 20 ? { ...item, outcome: 'unverified' } : item;
  }),
  failures: [runFailed, tooLarge, lost],
  warnings: [
    'the documents were not uploaded to https://contosogovtransfer.blob.core.usgovcloudapi.net/inbox: HTTP 503 ServerBusy',
  ],
};

const STOPPED: ReportDocument = {
  ...BASE,
  status: 'failed',
  seconds: 3.9,
  counts: { selected: 40, transferred: 0, skipped: 0, failed: 40 },
  checks: FAULTY,
  failures: [...FAULTS],
};

const DOCTOR: ReportDocument = { ...STOPPED, mode: 'doctor', counts: BASE.counts };

const READY: ReportDocument = { ...BASE, mode: 'doctor', seconds: 3.1, checks: HEALTHY };

/** Reports by the names of their screenshots. */
export const SHAPES: Readonly<Record<string, ReportDocument>> = {
  full: FULL,
  plan: PLAN,
  export: EXPORT,
  handoff: HANDOFF,
  import: IMPORT,
  nothing: NOTHING,
  partial: PARTIAL,
  stopped: STOPPED,
  doctor: DOCTOR,
  ready: READY,
};

/** Errors in the inputs of a step. */
export const WRONG_INPUTS = transferError('ACRT1001', {
  count: '2 problems',
  problems:
    '  export-pipeline: is required: the ARM resource ID of the pipeline\n  artifacts, line 3: "team/*": a glob names its tags: team/*:*',
}).facts;
