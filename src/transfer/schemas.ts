/** The parts that several documents share, and the documents themselves. `docs/schemas` is generated from here. */
import * as z from 'zod';
import type { DocumentType } from './document.ts';
import { isBlobName, isTransferName } from './names.ts';
import type { Artifact } from './artifact.ts';
import { formatReference, parseReference, type Reference } from './reference.ts';

const digest = z.string().regex(/^sha256:[a-f0-9]{64}$/);
const bytes = z.number().int().nonnegative();
const time = z.iso.datetime();
const blobName = z.string().refine(isBlobName, 'is not the name of a transfer blob');
const reference = z.string().refine((text) => 'value' in parseReference(text), 'is not an artifact');

const artifact = z.object({
  reference: reference.describe('repository:tag or repository@sha256:…'),
  digest,
  mediaType: z.string(),
  size: bytes.describe('Bytes, each content counted once'),
  children: z.array(digest).describe('Manifests below a multi-arch index'),
  subject: digest.nullable().default(null).describe('What a signature, an SBOM or another referrer refers to'),
});

const registryId = z.string().describe('ARM resource ID of the target registry');

const head = <Kind extends string>(kind: Kind) => ({
  kind: z.literal(kind),
  version: z.literal(1),
  transferName: z.string().refine(isTransferName, 'is not the name of a transfer'),
  createdAt: time,
});

const failureFacts = z.object({
  id: z.string(),
  title: z.string(),
  message: z.string(),
  remedy: z.string(),
  correlationId: z.string().nullable(),
});

const provenance = z
  .object({ repository: z.string(), commit: z.string(), workflow: z.string(), run: z.string(), actor: z.string() })
  .describe('The workflow run that wrote the document');

const why = z.object({
  reason: z.enum(['selected', 'new', 'changed', 'incomplete', 'resumed']),
  text: z.string().describe('The reason in words'),
  line: z.string().nullable().describe('The line of the selection'),
  was: digest.nullable().describe('What a tag pointed to when it went over'),
});

const leftOut = z.object({
  reference: z.string(),
  digest,
  mediaType: z.string().nullable(),
  size: bytes.nullable(),
  why: z.object({
    reason: z.enum(['present', 'excluded', 'gone', 'blocked', 'subject-stays']),
    text: z.string(),
    line: z.string().nullable(),
  }),
  failure: z.string().nullable().describe('Id of what keeps it from travelling'),
});

const plan = z.object({
  ...head('acr-transfer/plan'),
  registry: z.string().describe('Login server of the source registry'),
  exportPipeline: z.string().describe('ARM resource ID'),
  target: registryId.nullable().describe('ARM resource ID of the target registry; null when it is not known here'),
  provenance: provenance.nullable(),
  incremental: z.enum(['off', 'target', 'receipt', 'history']).describe('What the source was compared with'),
  selection: z.array(z.string()).describe('The lines, as they were understood'),
  bytes: z.object({
    planned: bytes.describe('Of all blobs together, estimated'),
    naive: bytes.describe('Of batches in the order of the listing'),
    least: bytes.describe('Of all content, each once'),
  }),
  batches: z.array(
    z.object({
      blob: blobName,
      exportRun: z.string(),
      bytes: bytes.describe('Estimated'),
      artifacts: z.array(
        artifact.extend({ why, referrers: z.array(reference).describe('Artifacts of this plan that refer to it') }),
      ),
    }),
  ),
  leftOut: z.array(leftOut).describe('What was considered and stays'),
  notes: z.array(z.string()).describe('What a reader should know before approving'),
});

const manifest = z.object({
  ...head('acr-transfer/manifest'),
  registry: z.string().describe('Login server of the source registry'),
  target: registryId.nullable().default(null).describe('ARM resource ID of the target registry; null when not known'),
  provenance: provenance.nullable(),
  batches: z.array(
    z.object({
      blob: z.object({
        name: blobName,
        size: bytes,
        md5: z.string().describe('Content-MD5, base64'),
        contentType: z.string(),
        metadata: z.record(z.string(), z.string()),
      }),
      exportRun: z.string(),
      artifacts: z.array(artifact),
    }),
  ),
  missing: z.array(z.string()).default([]).describe('Artifacts of the plan that could not be exported'),
});

const receipt = z.object({
  ...head('acr-transfer/receipt'),
  registry: z.string().describe('Login server of the target registry'),
  registryId: registryId.nullable().default(null),
  source: z.string().nullable().default(null).describe('Login server of the source registry; null when not known'),
  provenance: provenance.nullable(),
  artifacts: z.array(
    z.object({
      reference: z.string(),
      digest: digest.nullable().describe('What left the source; null when no transfer manifest told'),
      children: z.array(digest).default([]).describe('Manifests below a multi-arch index, there as well'),
      outcome: z.enum(['verified', 'unverified', 'failed']),
      blob: blobName.nullable().describe('Null when it was there before'),
      failure: failureFacts.nullable(),
    }),
  ),
});

const history = z.object({
  kind: z.literal('acr-transfer/history'),
  version: z.literal(1),
  createdAt: time,
  registry: z.string().describe('Login server of the source registry'),
  target: registryId.nullable().describe('ARM resource ID of the target registry; null when it is not known here'),
  artifacts: z.array(
    z.object({
      reference,
      digest,
      children: z.array(digest),
      at: time.describe('When it was handed over'),
      transferName: z.string(),
    }),
  ),
});

const stage = z.object({
  stage: z.enum(['export', 'handoff', 'import', 'verify']),
  outcome: z.enum(['done', 'skipped', 'failed']),
  startedAt: time,
  seconds: z.number().nonnegative(),
});

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

const report = z.object({
  ...head('acr-transfer/report'),
  mode: z.enum(['export', 'handoff', 'import', 'full']),
  status: z.enum(['succeeded', 'partial', 'failed', 'nothing-to-do']),
  from: z.string().nullable(),
  to: z.string().nullable(),
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
    z.object({ blob: blobName, bytes, artifacts: bytes, handoff: batchHandoff, stages: z.array(stage) }),
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
      why: z.string().nullable().describe('Why it travels or stays; null when there was no plan'),
      failure: z.string().nullable().describe('Id of what went wrong'),
      blob: blobName.nullable().describe('Null when it travels in none'),
    }),
  ),
  leftOut: z
    .array(z.object({ reference: z.string(), why: z.string() }))
    .describe('What a line leaves out, or what is gone from the source'),
  failures: z.array(failureFacts),
  warnings: z.array(z.string()),
});

const documentType = <Shape extends z.ZodType>(title: string, kind: string, schema: Shape): DocumentType<Shape> => ({
  title,
  kind: `acr-transfer/${kind}`,
  version: 1,
  schema,
});

/** `plan.json`: what would travel, in which batches. */
export const PLAN = documentType('plan', 'plan', plan);
/** `*.transfer.json`: travels beside the blobs. */
export const MANIFEST = documentType('transfer manifest', 'manifest', manifest);
/** `*.receipt.json`: what arrived on the far side. */
export const RECEIPT = documentType('receipt', 'receipt', receipt);
/** `*.history.json`: what this side has handed over, kept beside the blobs. */
export const HISTORY = documentType('history', 'history', history);
/** `report.json`: everything that the job summary tells. */
export const REPORT = documentType('report', 'report', report);

/** See {@link PLAN}. */
export type PlanDocument = z.infer<typeof plan>;
/** See {@link MANIFEST}. */
export type ManifestDocument = z.infer<typeof manifest>;
/** See {@link RECEIPT}. */
export type ReceiptDocument = z.infer<typeof receipt>;
/** See {@link HISTORY}. */
export type HistoryDocument = z.infer<typeof history>;
/** See {@link REPORT}. */
export type ReportDocument = z.infer<typeof report>;
/** The workflow run that writes the documents; null outside of one. */
export type Provenance = z.infer<typeof provenance>;

/** An artifact as documents write it. */
export const artifactDocument = (item: Artifact): z.infer<typeof artifact> => ({
  reference: formatReference(item.reference),
  digest: item.digest,
  mediaType: item.mediaType,
  size: item.size,
  children: [...item.children],
  subject: item.subject,
});

/** A reference out of a document that the schema has accepted. */
export function documentReference(text: string): Reference {
  const parsed = parseReference(text);
  if ('problem' in parsed) throw new Error(`the schema let "${text}" pass: ${parsed.problem}`);
  return parsed.value;
}

/** An artifact out of a document that the schema has accepted; see {@link artifactDocument}. */
export const documentArtifact = (item: z.infer<typeof artifact>): Artifact => ({
  reference: documentReference(item.reference),
  digest: item.digest,
  mediaType: item.mediaType,
  size: item.size,
  children: item.children,
  subject: item.subject,
});
