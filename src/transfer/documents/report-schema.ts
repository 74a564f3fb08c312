/** Schema of `report.json`: the facts of the job summary, machine-readable. */
import * as z from 'zod';
import { CHECK_NAMES } from '../model/check-result.ts';
import {
  blobName,
  bytes,
  digest,
  documentType,
  errorFacts,
  extraArtifact,
  header,
  provenance,
  time,
} from './schema-parts.ts';

const stage = z.object({
  stage: z.enum(['export', 'handoff', 'check', 'import', 'verify']),
  outcome: z.enum(['done', 'skipped', 'failed']),
  startedAt: time,
  seconds: z.number().nonnegative(),
});

const runs = z
  .object({ export: z.string().nullable(), import: z.string().nullable() })
  .describe('ARM resource IDs of its pipeline runs; null if there was none or its name is unknown');

const handoffMethod = z.enum(['server', 'stream']).describe('Copied by the target storage, or through the runner');
const handoffBytes = {
  bytes: bytes.describe('Bytes that were copied'),
  reused: bytes.describe('Bytes that an earlier attempt copied'),
};

const batchHandoff = z
  .object({ method: handoffMethod, ...handoffBytes, seconds: z.number().nonnegative() })
  .nullable()
  .describe('Null if the blob was not handed off');

const handoff = z
  .object({
    blobs: bytes.describe('Number of blobs that were handed off'),
    methods: z.array(handoffMethod),
    ...handoffBytes,
    seconds: z.number().nonnegative().describe('Time in which at least one blob was copied'),
  })
  .nullable()
  .describe('Totals of all handoffs; null if there was none');

const check = z.object({
  side: z.enum(['source', 'target']),
  check: z.enum(CHECK_NAMES),
  verdict: z.enum(['ok', 'warning', 'error', 'unknown']).describe('unknown: the check was not possible'),
  text: z.string().describe('The result, or why the check was not possible'),
  failure: errorFacts.nullable().describe('Details of a warning or an error'),
});

const resourceId = z.string().nullable().describe('ARM resource ID; null if it is unknown');

const side = z
  .object({
    cloud: z.string(),
    portal: z.string().nullable().describe('URL of the portal of this cloud; null if it is unknown'),
    registryId: resourceId,
    pipelineId: resourceId,
    container: z.string().nullable().describe('URI, without SAS'),
    storageAccountId: resourceId.default(null),
    identity: z
      .object({ clientId: z.string().nullable(), objectId: z.string().nullable(), tenantId: z.string().nullable() })
      .nullable()
      .default(null)
      .describe('The identity of the job that the step used; null if the inputs define the identity'),
  })
  .nullable()
  .describe('Null if the mode does not use this side');

const report = z.object({
  ...header('acr-transfer/report'),
  mode: z.enum(['export', 'handoff', 'import', 'full', 'doctor']),
  status: z.enum(['succeeded', 'partial', 'failed', 'nothing-to-do']),
  from: z.string().nullable(),
  to: z.string().nullable(),
  sides: z
    .object({ source: side, target: side })
    .default({ source: null, target: null })
    .describe('The sides of the transfer'),
  startedAt: time.nullable().default(null),
  seconds: z.number().nonnegative(),
  counts: z.object({ selected: bytes, transferred: bytes, skipped: bytes, failed: bytes }),
  dryRun: z.boolean(),
  bytes: bytes.describe('Total size of the transfer blobs'),
  handoff,
  planDigest: digest
    .nullable()
    .default(null)
    .describe('SHA-256 digest of the text of the plan that the step wrote or executed; null without a plan'),
  planned: z
    .object({ bytes, naiveBytes: bytes, incremental: z.enum(['off', 'target', 'receipt', 'history']) })
    .nullable()
    .describe('Totals of the plan; null if there was none'),
  provenance: provenance.nullable(),
  batches: z.array(
    z.object({
      blob: blobName,
      bytes,
      artifacts: bytes,
      handoff: batchHandoff,
      stages: z.array(stage),
      runs: runs.default({ export: null, import: null }),
    }),
  ),
  artifacts: z.array(
    z.object({
      reference: z.string(),
      digest: digest.nullable(),
      size: bytes.nullable(),
      outcome: z.enum([
        'planned',
        'exported',
        'verified',
        'unverified',
        'present',
        'present-unverified',
        'handed-off',
        'failed',
      ]),
      reason: z
        .enum([
          'selected',
          'new',
          'changed',
          'incomplete',
          'resumed',
          'as-planned',
          'present',
          'blocked',
          'subject-stays',
        ])
        .nullable()
        .default(null)
        .describe('Kind of the reason why it is transferred or skipped; null without a plan'),
      why: z.string().nullable().describe('Why it is transferred or skipped; null without a plan'),
      failure: z.string().nullable().describe('ID of the error'),
      blob: blobName.nullable().describe('Null if it is in no transfer blob'),
    }),
  ),
  leftOut: z
    .array(z.object({ reference: z.string(), why: z.string() }))
    .describe('Artifacts that a line excludes, or that were deleted at the source'),
  checks: z.array(check).default([]).describe('Checks before the first run'),
  documents: z
    .object({
      plan: z.string().nullable(),
      manifest: z.string().nullable(),
      receipt: z.string().nullable(),
    })
    .default({ plan: null, manifest: null, receipt: null })
    .describe('Paths of the documents on the runner'),
  extra: z
    .array(extraArtifact.extend({ removeCommand: z.string().nullable().describe('Azure CLI command that removes it') }))
    .default([])
    .describe('Artifacts that were imported, although they are not planned'),
  failures: z.array(errorFacts),
  cleanup: z
    .array(z.object({ side: z.enum(['source', 'target']), runs: bytes, blobs: bytes, bytes }))
    .default([])
    .describe('Pipeline runs and blobs of older transfers that the cleanup removed'),
  warnings: z.array(z.string()),
});

/** Type of `report.json`. */
export const REPORT = documentType('report', 'report', report);

/** See {@link REPORT}. */
export type ReportDocument = z.infer<typeof report>;
