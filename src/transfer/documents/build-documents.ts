/**
 * Builds plan, transfer manifest and receipt from plans and results.
 *
 * Pure: times and provenance are parameters.
 */
import { runName, type Artifact } from '../model/artifact.ts';
import { plannedArtifacts, reasonText, type Plan, type PlannedArtifact, type Skipped } from '../model/plan.ts';
import { formatReference } from '../model/reference.ts';
import { extraArtifacts, type ArtifactStatus, type BatchResult } from '../model/result.ts';
import type { Provenance } from '../ports/context.ts';
import { artifactDocument, type ManifestDocument, type PlanDocument, type ReceiptDocument } from './schemas.ts';

/** Header of every document. */
export interface DocumentHeader {
  readonly transferName: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly provenance: Provenance | null;
  /** Login server of the source registry; in a receipt, of the target registry. */
  readonly registry: string;
}

/** Header of a plan. */
interface PlanHeader extends DocumentHeader {
  readonly exportPipelineId: string;
  /** ARM resource ID of the target registry; null if it is unknown. */
  readonly target: string | null;
  readonly incremental: PlanDocument['incremental'];
  readonly selection: readonly string[];
  readonly notes: readonly string[];
}

type PlanArtifact = PlanDocument['batches'][number]['artifacts'][number];

function planArtifact(artifact: PlannedArtifact, referrers: readonly string[]): PlanArtifact {
  const { reason, where } = artifact;
  // Approved plans are not written again, so the reason `as-planned` doesn't occur.
  const kind = reason.kind === 'as-planned' ? 'selected' : reason.kind;
  const was = reason.kind === 'changed' ? reason.was : null;
  return {
    ...artifactDocument(artifact),
    referrers: [...referrers],
    why: { reason: kind, text: reasonText(reason), line: where, was },
  };
}

const skippedArtifact = ({
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

/** Builds the plan: the batches, and for each artifact the reason why it is transferred or skipped. */
export function planDocument(header: PlanHeader, plan: Plan): PlanDocument {
  const { transferName, createdAt, registry, provenance, exportPipelineId, target, incremental } = header;
  const subjectOf = ({ reference, subject }: Artifact): string => `${reference.repository}@${subject ?? ''}`;
  const referrers = Map.groupBy(plannedArtifacts(plan), subjectOf);
  const referrersOf = ({ reference, digest }: Artifact): readonly string[] =>
    (referrers.get(`${reference.repository}@${digest}`) ?? []).map((item) => formatReference(item.reference));
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
    selection: [...header.selection],
    bytes: plan.bytes,
    batches: plan.batches.map(({ blob, bytes, artifacts }) => ({
      blob,
      exportRun: runName('export', exportPipelineId, blob),
      bytes,
      artifacts: artifacts.map((artifact) => planArtifact(artifact, referrersOf(artifact))),
    })),
    leftOut: plan.skipped.map(skippedArtifact),
    notes: [...header.notes],
  };
}

/**
 * Artifacts that no blob contains. An artifact without a blob that is at the target isn't missing: a cleanup has removed the
 * blob after the import.
 */
function missingOf({ batch, blob, artifacts }: BatchResult): readonly string[] {
  const exported = new Set(blob === null ? [] : batch.artifacts.map(({ reference }) => formatReference(reference)));
  return artifacts.flatMap(({ reference, outcome }) =>
    outcome === 'failed' && !exported.has(reference) ? [reference] : [],
  );
}

/** Builds the transfer manifest: every exported batch, with its blob as storage describes it. */
export function manifestDocument(
  header: DocumentHeader,
  results: readonly BatchResult[],
  { exportPipelineId, target }: Pick<PlanHeader, 'exportPipelineId' | 'target'>,
): ManifestDocument {
  return {
    kind: 'acr-transfer/manifest',
    version: 1,
    ...header,
    target,
    batches: results.flatMap(({ batch, blob }) => {
      // Without artifacts, an import would accept any content.
      if (blob === null || batch.artifacts.length === 0) return [];
      const { size, md5, contentType, metadata } = blob;
      return {
        blob: { name: batch.blob, size, md5, contentType, metadata: { ...metadata } },
        exportRun: runName('export', exportPipelineId, batch.blob),
        artifacts: batch.artifacts.map(artifactDocument),
      };
    }),
    missing: results.flatMap(missingOf),
  };
}

const RECEIPT_OUTCOMES = { verified: 'verified', present: 'verified', failed: 'failed' } as const;

type ReceiptArtifact = ReceiptDocument['artifacts'][number];

const receiptOutcome = (outcome: ArtifactStatus): ReceiptArtifact['outcome'] =>
  outcome in RECEIPT_OUTCOMES ? RECEIPT_OUTCOMES[outcome as keyof typeof RECEIPT_OUTCOMES] : 'unverified';

function receiptArtifacts({ batch, artifacts, failure }: BatchResult): readonly ReceiptArtifact[] {
  const children = new Map(batch.artifacts.map((item) => [formatReference(item.reference), item.children]));
  return artifacts.map((item) => ({
    reference: item.reference,
    digest: item.digest,
    children: [...(children.get(item.reference) ?? [])],
    outcome: receiptOutcome(item.outcome),
    blob: batch.blob,
    failure: (item.failure ?? failure)?.facts ?? null,
  }));
}

/** Header of a receipt. */
interface ReceiptHeader extends DocumentHeader {
  /** ARM resource ID of the target registry. */
  readonly registryId: string;
  /** Login server of the source registry; null without a transfer manifest. */
  readonly source: string | null;
  /** The transfer manifest that the receipt answers; null without one. */
  readonly manifest: ReceiptDocument['manifest'];
}

/** An artifact that is at the target, according to a document. */
export interface BaselineEntry {
  /** `repository:tag` or `repository@sha256:…` */
  readonly reference: string;
  readonly digest: string;
  readonly children: readonly string[];
}

/**
 * Builds the receipt: each artifact at the target, verified or not.
 * @param before artifacts that were at the target before, by this transfer's checks or by earlier receipts
 */
export const receiptDocument = (
  header: ReceiptHeader,
  results: readonly BatchResult[],
  before: readonly BaselineEntry[],
): ReceiptDocument => ({
  kind: 'acr-transfer/receipt',
  version: 1,
  ...header,
  artifacts: [
    ...results.flatMap(receiptArtifacts),
    ...before.map(({ reference, digest, children }): ReceiptArtifact => {
      return { reference, digest, children: [...children], outcome: 'verified', blob: null, failure: null };
    }),
  ],
  extra: extraArtifacts(results).map(({ reference, digest, blob }) => ({ reference, digest, blob })),
});
