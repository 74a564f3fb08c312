/**
 * Schemas of plan, transfer manifest, receipt, and history.
 *
 * `docs/schemas` is generated from them.
 */
import * as z from 'zod';
import type { Artifact } from '../model/artifact.ts';
import { formatReference, parseReference, type Reference } from '../model/reference.ts';
import {
  batchList,
  blobName,
  bytes,
  digest,
  documentType,
  errorFacts,
  extraArtifact,
  header,
  headerName,
  headerValue,
  provenance,
  reference,
  registryId,
  time,
} from './schema-parts.ts';

const artifact = z.object({
  reference: reference.describe('repository:tag or repository@sha256:…'),
  digest,
  mediaType: z.string(),
  size: bytes.describe('Bytes; each content is counted once'),
  children: z.array(digest).describe('Manifests of a multi-arch index'),
  subject: digest.nullable().default(null).describe('Subject of a signature, an SBOM or another referrer'),
});

const why = z.object({
  reason: z.enum(['selected', 'new', 'changed', 'incomplete', 'resumed']),
  text: z.string().describe('Text of the reason'),
  line: z.string().nullable().describe('The line of the selection that selects the artifact'),
  was: digest.nullable().describe('Digest of the tag at the last transfer'),
});

const leftOut = z.object({
  reference: z.string(),
  digest,
  mediaType: z.string().nullable(),
  size: bytes.nullable(),
  why: z.object({
    reason: z.enum(['present', 'excluded', 'deleted', 'blocked', 'subject-stays']),
    text: z.string(),
    line: z.string().nullable(),
  }),
  failure: z.string().nullable().describe('ID of the error that prevents the transfer'),
});

const plan = z.object({
  ...header('acr-transfer/plan'),
  registry: z.string().describe('Login server of the source registry'),
  exportPipeline: z.string().describe('ARM resource ID'),
  target: registryId.nullable().describe('ARM resource ID of the target registry; null if this side does not know it'),
  provenance: provenance.nullable(),
  incremental: z
    .enum(['off', 'target', 'receipt', 'history'])
    .describe('The baseline that the source was compared with'),
  selection: z.array(z.string()).describe('The parsed lines'),
  bytes: z.object({
    planned: bytes.describe('Estimated total size of all blobs'),
    naive: bytes.describe('Total size with batches in the order of the listing'),
    least: bytes.describe('Total size with each content transferred once'),
  }),
  batches: batchList(
    z.object({
      blob: blobName,
      exportRun: z.string(),
      bytes: bytes.describe('Estimated'),
      artifacts: z.array(
        artifact.extend({ why, referrers: z.array(reference).describe('Artifacts of this plan with this subject') }),
      ),
    }),
    ({ blob }) => blob,
  ),
  leftOut: z.array(leftOut).describe('Skipped artifacts'),
  notes: z.array(z.string()).describe('Notes for the approval'),
});

const manifest = z.object({
  ...header('acr-transfer/manifest'),
  registry: z.string().describe('Login server of the source registry'),
  target: registryId.nullable().default(null).describe('ARM resource ID of the target registry; null if it is unknown'),
  provenance: provenance.nullable(),
  batches: batchList(
    z.object({
      blob: z.object({
        name: blobName,
        size: bytes,
        md5: z.string().describe('Content-MD5, base64'),
        contentType: headerValue,
        metadata: z.record(headerName, headerValue),
      }),
      exportRun: z.string(),
      // Without artifacts, nothing would be compared with what the blob brings.
      artifacts: z.array(artifact).min(1),
    }),
    ({ blob }) => blob.name,
  ),
  missing: z.array(z.string()).default([]).describe('Artifacts of the plan whose export failed'),
});

const receipt = z.object({
  ...header('acr-transfer/receipt'),
  registry: z.string().describe('Login server of the target registry'),
  registryId: registryId.nullable().default(null),
  source: z.string().nullable().default(null).describe('Login server of the source registry; null if it is unknown'),
  manifest: z
    .object({ digest: digest.describe('SHA-256 digest of its text'), createdAt: time })
    .nullable()
    .default(null)
    .describe('The transfer manifest that this receipt answers; null without one'),
  provenance: provenance.nullable(),
  artifacts: z.array(
    z.object({
      reference: z.string(),
      digest: digest.nullable().describe('Digest at the source; null without a transfer manifest'),
      children: z.array(digest).default([]).describe('Manifests of a multi-arch index, at the target too'),
      outcome: z.enum(['verified', 'unverified', 'failed']),
      blob: blobName.nullable().describe('Null if it was at the target before'),
      failure: errorFacts.nullable(),
    }),
  ),
  extra: z.array(extraArtifact).default([]).describe('Artifacts that were imported, although they are not planned'),
});

const history = z.object({
  kind: z.literal('acr-transfer/history'),
  version: z.literal(1),
  createdAt: time,
  registry: z.string().describe('Login server of the source registry'),
  target: registryId.nullable().describe('ARM resource ID of the target registry; null if this side does not know it'),
  artifacts: z.array(
    z.object({
      reference,
      digest,
      children: z.array(digest),
      at: time.describe('Time of the transfer'),
      transferName: z.string(),
    }),
  ),
});

/** `plan.json`: the artifacts to transfer, in their batches. */
export const PLAN = documentType('plan', 'plan', plan);
/** `*.transfer.json`: copied together with the transfer blobs. */
export const MANIFEST = documentType('transfer manifest', 'manifest', manifest);
/** `*.receipt.json`: the artifacts that arrived at the target. */
export const RECEIPT = documentType('receipt', 'receipt', receipt);
/** `*.history.json`: the artifacts that the source has transferred. */
export const HISTORY = documentType('history', 'history', history);

/** See {@link PLAN}. */
export type PlanDocument = z.infer<typeof plan>;
/** See {@link MANIFEST}. */
export type ManifestDocument = z.infer<typeof manifest>;
/** See {@link RECEIPT}. */
export type ReceiptDocument = z.infer<typeof receipt>;
/** See {@link HISTORY}. */
export type HistoryDocument = z.infer<typeof history>;

/** Converts an artifact to its form in documents. */
export const artifactDocument = (item: Artifact): z.infer<typeof artifact> => ({
  reference: formatReference(item.reference),
  digest: item.digest,
  mediaType: item.mediaType,
  size: item.size,
  children: [...item.children],
  subject: item.subject,
});

/** Parses a reference in a valid document. */
export function documentReference(text: string): Reference {
  const parsed = parseReference(text);
  if (!parsed.ok) throw new Error(`the schema accepted "${text}": ${parsed.problem}`);
  return parsed.value;
}

/** Converts an artifact of a valid document; the inverse of {@link artifactDocument}. */
export const documentArtifact = (item: z.infer<typeof artifact>): Artifact => ({
  reference: documentReference(item.reference),
  digest: item.digest,
  mediaType: item.mediaType,
  size: item.size,
  children: item.children,
  subject: item.subject,
});
