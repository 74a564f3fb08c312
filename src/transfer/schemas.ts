/** The parts that several documents share, and the documents themselves. `docs/schemas` is generated from here. */
import * as z from 'zod';
import type { DocumentType } from './document.ts';
import { isBlobName, isTransferName } from './names.ts';
import type { Artifact } from './plan.ts';
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
});

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

const plan = z.object({
  ...head('acr-transfer/plan'),
  registry: z.string().describe('Login server of the source registry'),
  batches: z.array(
    z.object({
      blob: blobName,
      exportRun: z.string(),
      bytes: bytes.describe('Estimated'),
      artifacts: z.array(artifact.extend({ why: z.string() })),
    }),
  ),
});

const manifest = z.object({
  ...head('acr-transfer/manifest'),
  registry: z.string().describe('Login server of the source registry'),
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
  provenance: provenance.nullable(),
  artifacts: z.array(
    z.object({
      reference: z.string(),
      digest: digest.nullable().describe('What left the source; null when no transfer manifest told'),
      outcome: z.enum(['verified', 'unverified', 'failed']),
      blob: blobName,
      failure: failureFacts.nullable(),
    }),
  ),
});

const stage = z.object({
  stage: z.enum(['export', 'handoff', 'import', 'verify']),
  outcome: z.enum(['done', 'skipped', 'failed']),
  startedAt: time,
  seconds: z.number().nonnegative(),
});

const report = z.object({
  ...head('acr-transfer/report'),
  mode: z.enum(['export', 'handoff', 'import', 'full']),
  status: z.enum(['succeeded', 'partial', 'failed', 'nothing-to-do']),
  from: z.string().nullable(),
  to: z.string().nullable(),
  seconds: z.number().nonnegative(),
  counts: z.object({ selected: bytes, transferred: bytes, skipped: bytes, failed: bytes }),
  bytes: bytes.describe('Of the transfer blobs that moved'),
  provenance: provenance.nullable(),
  batches: z.array(z.object({ blob: blobName, bytes, artifacts: bytes, stages: z.array(stage) })),
  artifacts: z.array(
    z.object({
      reference: z.string(),
      digest: digest.nullable(),
      size: bytes.nullable(),
      outcome: z.enum(['exported', 'verified', 'unverified', 'present', 'present-unverified', 'handed-off', 'failed']),
      failure: z.string().nullable().describe('Id of what went wrong'),
      blob: blobName,
    }),
  ),
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
/** `report.json`: everything that the job summary tells. */
export const REPORT = documentType('report', 'report', report);

/** See {@link PLAN}. */
export type PlanDocument = z.infer<typeof plan>;
/** See {@link MANIFEST}. */
export type ManifestDocument = z.infer<typeof manifest>;
/** See {@link RECEIPT}. */
export type ReceiptDocument = z.infer<typeof receipt>;
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
});

/** A reference out of a document that the schema has accepted. */
export function documentReference(text: string): Reference {
  const parsed = parseReference(text);
  if ('problem' in parsed) throw new Error(`the schema let "${text}" pass: ${parsed.problem}`);
  return parsed.value;
}
