/**
 * Plan, transfer manifest, receipt, history.
 *
 * The documents. `docs/schemas` is generated from here.
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
  size: bytes.describe('Bytes, each content counted once'),
  children: z.array(digest).describe('Manifests below a multi-arch index'),
  subject: digest.nullable().default(null).describe('What a signature, an SBOM or another referrer refers to'),
});

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
  ...header('acr-transfer/plan'),
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
  batches: batchList(
    z.object({
      blob: blobName,
      exportRun: z.string(),
      bytes: bytes.describe('Estimated'),
      artifacts: z.array(
        artifact.extend({ why, referrers: z.array(reference).describe('Artifacts of this plan that refer to it') }),
      ),
    }),
    ({ blob }) => blob,
  ),
  leftOut: z.array(leftOut).describe('What was considered and stays'),
  notes: z.array(z.string()).describe('What a reader should know before approving'),
});

const manifest = z.object({
  ...header('acr-transfer/manifest'),
  registry: z.string().describe('Login server of the source registry'),
  target: registryId.nullable().default(null).describe('ARM resource ID of the target registry; null when not known'),
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
      artifacts: z.array(artifact),
    }),
    ({ blob }) => blob.name,
  ),
  missing: z.array(z.string()).default([]).describe('Artifacts of the plan that could not be exported'),
});

const receipt = z.object({
  ...header('acr-transfer/receipt'),
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
      failure: errorFacts.nullable(),
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

/** `plan.json`: what would travel, in which batches. */
export const PLAN = documentType('plan', 'plan', plan);
/** `*.transfer.json`: travels beside the blobs. */
export const MANIFEST = documentType('transfer manifest', 'manifest', manifest);
/** `*.receipt.json`: what arrived on the far side. */
export const RECEIPT = documentType('receipt', 'receipt', receipt);
/** `*.history.json`: what this side has handed over, kept beside the blobs. */
export const HISTORY = documentType('history', 'history', history);

/** See {@link PLAN}. */
export type PlanDocument = z.infer<typeof plan>;
/** See {@link MANIFEST}. */
export type ManifestDocument = z.infer<typeof manifest>;
/** See {@link RECEIPT}. */
export type ReceiptDocument = z.infer<typeof receipt>;
/** See {@link HISTORY}. */
export type HistoryDocument = z.infer<typeof history>;

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
