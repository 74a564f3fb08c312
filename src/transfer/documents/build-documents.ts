/**
 * Plan, manifest and receipt from results.
 *
 * Writes what happened into the versioned documents. Pure: times and provenance are handed in.
 */
import { runName, type Artifact } from '../model/artifact.ts';
import { reasonText, type Plan, type PlannedArtifact, type Skipped } from '../model/plan.ts';
import { formatReference } from '../model/reference.ts';
import type { ArtifactStatus, BatchResult } from '../model/result.ts';
import type { Provenance } from '../ports/context.ts';
import { artifactDocument, type ManifestDocument, type PlanDocument, type ReceiptDocument } from './schemas.ts';

/** What every document begins with. */
export interface DocumentHeader {
  readonly transferName: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly provenance: Provenance | null;
  /** Login server of the registry that the document speaks of. */
  readonly registry: string;
}

/** What a plan is of. */
export interface PlanHeader extends DocumentHeader {
  readonly exportPipelineId: string;
  /** ARM resource ID of the target registry; null when it is not known. */
  readonly target: string | null;
  readonly incremental: PlanDocument['incremental'];
  readonly selection: readonly string[];
  readonly notes: readonly string[];
}

type PlanArtifact = PlanDocument['batches'][number]['artifacts'][number];

function planArtifact(artifact: PlannedArtifact, referrers: readonly string[]): PlanArtifact {
  const { reason, where } = artifact;
  // A plan that was given is not written again.
  const kind = reason.kind === 'as-planned' ? 'selected' : reason.kind;
  const was = reason.kind === 'changed' ? reason.was : null;
  return {
    ...artifactDocument(artifact),
    referrers: [...referrers],
    why: { reason: kind, text: reasonText(reason), line: where, was },
  };
}

const leftOutDocument = ({
  reference,
  digest,
  mediaType,
  size,
  where,
  reason,
}: Skipped): PlanDocument['leftOut'][number] => ({
  reference: formatReference(reference),
  digest,
  mediaType,
  size,
  why: { reason: reason.kind, text: reasonText(reason), line: where },
  failure: reason.kind === 'blocked' ? reason.failure.facts.id : null,
});

/** The plan: what would travel, in which batches, and for everything why it travels or stays. */
export function planDocument(heading: PlanHeader, plan: Plan): PlanDocument {
  const { transferName, createdAt, registry, provenance, exportPipelineId, target, incremental } = heading;
  const subjectOf = ({ reference, subject }: Artifact): string => `${reference.repository}@${subject ?? ''}`;
  const referrers = Map.groupBy(plan.artifacts, subjectOf);
  const referrersOf = ({ reference, digest }: Artifact): readonly string[] =>
    (referrers.get(`${reference.repository}@${digest}`) ?? []).map((item) => formatReference(item.reference));
  const byBlob = Map.groupBy(plan.artifacts, ({ blob }) => blob);
  return {
    kind: 'acr-transfer/plan',
    version: 1,
    transferName,
    createdAt,
    registry,
    exportPipeline: exportPipelineId,
    target,
    provenance,
    incremental,
    selection: [...heading.selection],
    bytes: plan.bytes,
    batches: plan.batches.map(({ blob, bytes }) => ({
      blob,
      exportRun: runName('export', exportPipelineId, blob),
      bytes,
      artifacts: (byBlob.get(blob) ?? []).map((artifact) => planArtifact(artifact, referrersOf(artifact))),
    })),
    leftOut: plan.staying.map(leftOutDocument),
    notes: [...heading.notes],
  };
}

/** The transfer manifest: every batch that was exported, with its blob as storage has it. */
export function manifestDocument(
  heading: DocumentHeader,
  results: readonly BatchResult[],
  { exportPipelineId, target }: Pick<PlanHeader, 'exportPipelineId' | 'target'>,
): ManifestDocument {
  return {
    kind: 'acr-transfer/manifest',
    version: 1,
    ...heading,
    target,
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

type ReceivedArtifact = ReceiptDocument['artifacts'][number];

const receivedOutcome = (outcome: ArtifactStatus): ReceivedArtifact['outcome'] =>
  outcome in RECEIVED ? RECEIVED[outcome as keyof typeof RECEIVED] : 'unverified';

function receivedBatch({ batch, artifacts, failure }: BatchResult): readonly ReceivedArtifact[] {
  const children = new Map(batch.artifacts.map((item) => [formatReference(item.reference), item.children]));
  return artifacts.map((item) => ({
    reference: item.reference,
    digest: item.digest,
    children: [...(children.get(item.reference) ?? [])],
    outcome: receivedOutcome(item.outcome),
    blob: batch.blob,
    failure: (item.failure ?? failure)?.facts ?? null,
  }));
}

/** What a receipt is of. */
export interface ReceiptHeader extends DocumentHeader {
  /** ARM resource ID of the target registry. */
  readonly registryId: string;
  /** Login server of the source registry; null when no transfer manifest told. */
  readonly source: string | null;
}

/**
 * The receipt: what is at the target now, artifact by artifact, verified or not.
 * @param before what was there already, as it was seen tonight or as earlier receipts tell
 */
export const receiptDocument = (
  heading: ReceiptHeader,
  results: readonly BatchResult[],
  before: readonly BaselineEntry[],
): ReceiptDocument => ({
  kind: 'acr-transfer/receipt',
  version: 1,
  ...heading,
  artifacts: [
    ...results.flatMap(receivedBatch),
    ...before.map(({ reference, digest, children }): ReceivedArtifact => {
      return { reference, digest, children: [...children], outcome: 'verified', blob: null, failure: null };
    }),
  ],
});

/** An artifact that a document says is at the far side. */
export interface BaselineEntry {
  /** `repository:tag` or `repository@sha256:…` */
  readonly reference: string;
  readonly digest: string;
  readonly children: readonly string[];
}
