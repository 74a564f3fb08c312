/** Parts of reports, as a transfer writes them, with realistic names. */
import { createHash } from 'node:crypto';
import type { ReportDocument } from '../../../src/transfer/documents/report-schema.ts';

type ReportArtifact = ReportDocument['artifacts'][number];
type ReportBatch = ReportDocument['batches'][number];
type ReportStage = ReportBatch['stages'][number];
type ReportCheck = ReportDocument['checks'][number];

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

const digest = (text: string): string => `sha256:${sha(text)}`;

/** Start of the transfer. */
export const START = Date.UTC(2026, 10, 20, 2, 0, 4);

/** ISO 8601 time, in seconds after the start. */
export const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

const GROUP = '/subscriptions/5b1c0f3e-92a4-4a53-9e9f-0c6f8f1f4c11/resourceGroups/rg-transfer';
const registryId = (name: string): string => `${GROUP}/providers/Microsoft.ContainerRegistry/registries/${name}`;

/** The source side, in the public cloud. */
export const SOURCE: ReportDocument['sides']['source'] = {
  cloud: 'azurecloud',
  portal: 'https://portal.azure.com',
  registryId: registryId('contosodev'),
  pipelineId: `${registryId('contosodev')}/exportPipelines/nightlyExport`,
  container: 'https://contosodevtransfer.blob.core.windows.net/outbox',
  storageAccountId: `${GROUP}/providers/Microsoft.Storage/storageAccounts/contosodevtransfer`,
  identity: null,
};

/** The target side, in a sovereign cloud. */
export const TARGET: ReportDocument['sides']['target'] = {
  cloud: 'azureusgovernment',
  portal: 'https://portal.azure.us',
  registryId: registryId('contosogov'),
  pipelineId: `${registryId('contosogov')}/importPipelines/nightlyImport`,
  container: 'https://contosogovtransfer.blob.core.usgovcloudapi.net/inbox',
  storageAccountId: null,
  identity: null,
};

/** A stage; start and duration in seconds. */
export const stage = (
  name: ReportStage['stage'],
  from: number,
  seconds: number,
  outcome: ReportStage['outcome'] = 'done',
): ReportStage => ({ stage: name, outcome, startedAt: at(from), seconds });

const runOf = (name: string, side: ReportDocument['sides']['source'], has: boolean): string | null =>
  has && side !== null ? `${side.registryId ?? ''}/pipelineRuns/${name}${sha(name).slice(0, 32)}` : null;

/** A batch. */
export const batch = (
  number: number,
  bytes: number,
  artifacts: number,
  stages: readonly ReportStage[],
): ReportBatch => {
  const handoff = stages.find((item) => item.stage === 'handoff' && item.outcome === 'done');
  const has = (name: ReportStage['stage']): boolean => stages.some((item) => item.stage === name);
  return {
    blob: `contoso-shop-1001-${sha(`batch ${number}`).slice(0, 16)}.tar`,
    bytes,
    artifacts,
    handoff: handoff === undefined ? null : { method: 'server', bytes, reused: 0, seconds: handoff.seconds },
    runs: { export: runOf('export', SOURCE, has('export')), import: runOf('import', TARGET, has('import')) },
    stages: [...stages],
  };
};

const SERVICES = ['api', 'web', 'worker', 'billing', 'search', 'mail', 'auth', 'report'];

/** References of images, charts, and signatures. */
export const references = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => {
    const service = SERVICES[index % SERVICES.length] ?? 'api';
    if (index % 7 === 5) return `charts/${service}:1.${index}.0`;
    if (index % 5 === 3) return `shop/${service}@${digest(`signature ${index}`)}`;
    return `shop/${service}:v2.${Math.floor(index / 8)}.${index % 8}`;
  });

/** An artifact. */
export const artifact = (
  reference: string,
  index: number,
  outcome: ReportArtifact['outcome'],
  changes: Partial<ReportArtifact> = {},
): ReportArtifact => ({
  reference,
  digest: digest(reference),
  size: reference.includes('@') ? 1822 : (40_112_333 * ((index % 9) + 1)) % 398_000_000,
  outcome,
  reason: null,
  why: null,
  failure: null,
  blob: null,
  ...changes,
});

/** A check that passed or couldn't be made. */
export const seen = (
  side: ReportCheck['side'],
  check: ReportCheck['check'],
  text: string,
  verdict: 'ok' | 'unknown' = 'ok',
): ReportCheck => ({ side, check, verdict, text, failure: null });

/** A check with a warning or an error. */
export const found = (
  side: ReportCheck['side'],
  check: ReportCheck['check'],
  verdict: 'warning' | 'error',
  failure: NonNullable<ReportCheck['failure']>,
): ReportCheck => ({ side, check, verdict, text: failure.title, failure });

/** A report without artifacts. */
export const BASE: ReportDocument = {
  kind: 'acr-transfer/report',
  version: 1,
  transferName: 'contoso-shop-1001',
  createdAt: at(600),
  mode: 'full',
  status: 'succeeded',
  from: 'contosodev.azurecr.io',
  to: 'contosogov.azurecr.us',
  sides: { source: SOURCE, target: TARGET },
  startedAt: at(0),
  seconds: 600,
  counts: { selected: 0, transferred: 0, skipped: 0, failed: 0 },
  dryRun: false,
  planDigest: null,
  bytes: 0,
  handoff: null,
  planned: null,
  provenance: {
    repository: 'contoso/shop',
    commit: sha('commit').slice(0, 40),
    workflow: 'Nightly sync',
    run: 'https://github.com/contoso/shop/actions/runs/1001/attempts/1',
    actor: 'mona',
  },
  batches: [],
  artifacts: [],
  leftOut: [],
  checks: [],
  documents: { plan: null, manifest: null, receipt: null },
  extra: [],
  failures: [],
  cleanup: [],
  warnings: [],
};
