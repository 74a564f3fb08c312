/** `report.json`: the same facts as the job summary, for machines. */
import * as z from 'zod';
import { CHECK_NAMES } from '../model/check-result.ts';
import { blobName, bytes, digest, documentType, errorFacts, header, provenance, time } from './schema-parts.ts';

const stage = z.object({
  stage: z.enum(['export', 'handoff', 'import', 'verify']),
  outcome: z.enum(['done', 'skipped', 'failed']),
  startedAt: time,
  seconds: z.number().nonnegative(),
});

const runs = z
  .object({ export: z.string().nullable(), import: z.string().nullable() })
  .describe('ARM resource IDs of its pipeline runs; null where there was none, or where its name is not known');

const handoffMethod = z.enum(['server', 'stream']).describe('From storage to storage, or through the runner');
const handoffBytes = {
  bytes: bytes.describe('That moved'),
  reused: bytes.describe('That an earlier attempt had brought'),
};

const batchHandoff = z
  .object({ method: handoffMethod, ...handoffBytes, seconds: z.number().nonnegative() })
  .nullable()
  .describe('Null when nothing had to be handed off');

const handoff = z
  .object({
    blobs: bytes.describe('How many were handed off'),
    methods: z.array(handoffMethod),
    ...handoffBytes,
    seconds: z.number().nonnegative().describe('In which at least one blob was on its way'),
  })
  .nullable()
  .describe('All handoffs together; null when there was none');

const check = z.object({
  side: z.enum(['source', 'target']),
  check: z.enum(CHECK_NAMES),
  verdict: z.enum(['ok', 'warning', 'error', 'unknown']).describe('unknown: it could not be checked'),
  text: z.string().describe('What was found, or why nothing could be seen'),
  failure: errorFacts.nullable().describe('Of a warning or an error'),
});

const resourceId = z.string().nullable().describe('ARM resource ID; null when it is not known');

const side = z
  .object({
    cloud: z.string(),
    portal: z.string().nullable().describe('Where people see this cloud in a browser; null when nobody knows'),
    registryId: resourceId,
    pipelineId: resourceId,
    container: z.string().nullable().describe('URI, without SAS'),
    storageAccountId: resourceId.default(null),
  })
  .nullable()
  .describe('Null when the mode does not touch it');

const report = z.object({
  ...header('acr-transfer/report'),
  mode: z.enum(['export', 'handoff', 'import', 'full', 'doctor']),
  status: z.enum(['succeeded', 'partial', 'failed', 'nothing-to-do']),
  from: z.string().nullable(),
  to: z.string().nullable(),
  sides: z
    .object({ source: side, target: side })
    .default({ source: null, target: null })
    .describe('Where to look for it'),
  startedAt: time.nullable().default(null),
  seconds: z.number().nonnegative(),
  counts: z.object({ selected: bytes, transferred: bytes, skipped: bytes, failed: bytes }),
  dryRun: z.boolean(),
  bytes: bytes.describe('Of the transfer blobs that moved'),
  handoff,
  planned: z
    .object({ bytes, naiveBytes: bytes, incremental: z.enum(['off', 'target', 'receipt', 'history']) })
    .nullable()
    .describe('What the plan came to; null when there was none'),
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
        .describe('The kind of reason for which it travels or stays; null when there was no plan'),
      why: z.string().nullable().describe('Why it travels or stays; null when there was no plan'),
      failure: z.string().nullable().describe('Id of what went wrong'),
      blob: blobName.nullable().describe('Null when it travels in none'),
    }),
  ),
  leftOut: z
    .array(z.object({ reference: z.string(), why: z.string() }))
    .describe('What a line leaves out, or what is gone from the source'),
  checks: z.array(check).default([]).describe('What was looked at before the first run'),
  documents: z
    .object({
      plan: z.string().nullable(),
      manifest: z.string().nullable(),
      receipt: z.string().nullable(),
    })
    .default({ plan: null, manifest: null, receipt: null })
    .describe('Paths of what was written on the runner'),
  failures: z.array(errorFacts),
  swept: z
    .array(z.object({ side: z.enum(['source', 'target']), runs: bytes, blobs: bytes, bytes }))
    .default([])
    .describe('What cleaning up has removed of older transfers: ended pipeline runs and blobs'),
  warnings: z.array(z.string()),
});

/** `report.json`: everything that the job summary tells. */
export const REPORT = documentType('report', 'report', report);

/** See {@link REPORT}. */
export type ReportDocument = z.infer<typeof report>;
