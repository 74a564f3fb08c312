/** Writes what happened into the versioned documents. Pure: times and provenance are handed in. */
import type { BatchResult } from './carry.ts';
import { runName, type Batch, type ResolvedArtifact } from './plan.ts';
import { formatReference } from './reference.ts';
import {
  artifactDocument,
  type ManifestDocument,
  type PlanDocument,
  type Provenance,
  type ReceiptDocument,
} from './schemas.ts';

/** What every document begins with. */
export interface Heading {
  readonly transferName: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly provenance: Provenance | null;
  /** Login server of the registry that the document speaks of. */
  readonly registry: string;
}

/** The plan: what would travel, in which batches, and which line selected it. */
export function planDocument(
  { transferName, createdAt, registry }: Heading,
  batches: readonly Batch[],
  artifacts: readonly ResolvedArtifact[],
  exportPipelineId: string,
): PlanDocument {
  const why = new Map(artifacts.map((artifact) => [artifact.reference, `selected by ${artifact.where}`]));
  return {
    kind: 'acr-transfer/plan',
    version: 1,
    transferName,
    createdAt,
    registry,
    batches: batches.map((batch) => ({
      blob: batch.blob,
      exportRun: runName('export', exportPipelineId, batch.blob),
      bytes: batch.bytes,
      artifacts: batch.artifacts.map((artifact) => ({
        ...artifactDocument(artifact),
        why: why.get(artifact.reference) ?? 'selected',
      })),
    })),
  };
}

/** The transfer manifest: every batch that was exported, with its blob as storage has it. */
export function manifestDocument(
  heading: Heading,
  results: readonly BatchResult[],
  exportPipelineId: string,
): ManifestDocument {
  return {
    kind: 'acr-transfer/manifest',
    version: 1,
    ...heading,
    batches: results.flatMap(({ batch, blob }) => {
      if (blob === null) return [];
      const { size, md5, contentType, metadata } = blob;
      return {
        blob: { name: batch.blob, size, md5, contentType, metadata: { ...metadata } },
        exportRun: runName('export', exportPipelineId, batch.blob),
        artifacts: batch.artifacts.map(artifactDocument),
      };
    }),
    missing: results.flatMap(({ batch, blob }) =>
      blob === null ? batch.artifacts.map(({ reference }) => formatReference(reference)) : [],
    ),
  };
}

const RECEIVED = { verified: 'verified', present: 'verified', failed: 'failed' } as const;

/** The receipt: what is at the target now, artifact by artifact, verified or not. */
export function receiptDocument(heading: Heading, results: readonly BatchResult[]): ReceiptDocument {
  return {
    kind: 'acr-transfer/receipt',
    version: 1,
    ...heading,
    artifacts: results.flatMap(({ batch, artifacts, failure }) =>
      artifacts.map((item) => ({
        reference: item.reference,
        digest: item.digest,
        outcome: item.outcome in RECEIVED ? RECEIVED[item.outcome as keyof typeof RECEIVED] : 'unverified',
        blob: batch.blob,
        failure: (item.failure ?? failure)?.facts ?? null,
      })),
    ),
  };
}
