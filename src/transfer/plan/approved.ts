/** A plan that is given back: checked that it fits, compared with the source of now, and carried out as it is. */
import { documentArtifact, PLAN, readDocument, type PlanDocument } from '../documents/index.ts';
import { transferError, type TransferError } from '../errors/index.ts';
import { blobName, type Artifact, type Batch } from '../model/artifact.ts';
import type { Plan, PlannedArtifact, TransferReason } from '../model/plan.ts';
import { formatReference } from '../model/reference.ts';
import type { Registry } from '../ports/registry.ts';
import { isSameRegistry, listRepository } from './baseline/baseline.ts';

/** What a plan must be of. */
export interface PlanOrigin {
  /** Login server of the source registry. */
  readonly registry: string;
  readonly exportPipelineId: string;
  /** ARM resource ID of the target registry; null when this step does not know it. */
  readonly destination: string | null;
}

/** The batches of a plan document. */
export const documentBatches = ({ batches }: PlanDocument): readonly Batch[] =>
  batches.map(({ blob, bytes, artifacts }, index) => ({
    index: index + 1,
    blob,
    bytes,
    artifacts: artifacts.map(documentArtifact),
  }));

function originMismatch(document: PlanDocument, fit: PlanOrigin): string | null {
  if (!isSameRegistry(document.registry, fit.registry)) return `it is of ${document.registry}, not of ${fit.registry}`;
  if (!isSameRegistry(document.exportPipeline, fit.exportPipelineId))
    return `it is of the pipeline ${document.exportPipeline}`;
  const { target } = document;
  // Without the target, history and manifest would be those of no target, and the next night would send it all again.
  if (target !== null && !isSameRegistry(target, fit.destination)) {
    return `it is meant for ${target}, and import-pipeline names ${fit.destination ?? 'nothing'}`;
  }
  const altered = documentBatches(document).find(
    ({ blob, artifacts }) => blob !== blobName(document.transferName, artifacts),
  );
  return altered === undefined ? null : `${altered.blob} does not hold what its name says, so the plan was altered`;
}

/**
 * Reads a plan and checks that this step may carry it out.
 * @throws ACRT7001, ACRT7002, ACRT7005
 */
export function readPlan(text: string, place: string, fit: PlanOrigin): PlanDocument {
  const document = readDocument(PLAN, text, place);
  const reason = originMismatch(document, fit);
  if (reason !== null) throw transferError('ACRT7005', { place, reason });
  return document;
}

/** What {@link Drift} says of an artifact that is there, under no tag. */
export const NO_TAG = 'no tag';

/** A tag that points elsewhere than when it was planned; null: the artifact is gone. */
export interface Drift {
  readonly artifact: Artifact;
  readonly now: string | null;
}

/**
 * Compares a plan with the source: one listing for each repository.
 * @throws ACRT6004
 */
export async function findDrift(registry: Registry, batches: readonly Batch[]): Promise<readonly Drift[]> {
  const artifacts = batches.flatMap((batch) => batch.artifacts);
  const byRepository = Map.groupBy(artifacts, ({ reference }) => reference.repository);
  const drifts = await Promise.all(
    [...byRepository].map(async ([repository, planned]) => {
      const { tags, digests } = await listRepository(registry, repository);
      return planned.flatMap((artifact): Drift[] => {
        const { reference, digest } = artifact;
        const now = reference.kind === 'tag' ? (tags.get(reference.tag) ?? null) : digest;
        if (now === digest && digests.has(digest)) return [];
        return [{ artifact, now: digests.has(digest) ? (now ?? NO_TAG) : null }];
      });
    }),
  );
  return drifts.flat();
}

/** The failure of a plan that the source has moved away from (ACRT4010). */
export function driftError(drifts: readonly Drift[]): TransferError {
  const count = drifts.length === 1 ? 'One artifact has changed' : `${drifts.length} artifacts have changed`;
  const references = drifts.map(
    ({ artifact, now }) =>
      `  ${formatReference(artifact.reference)}\n    planned  ${artifact.digest}\n    now      ${now ?? 'not in the registry'}`,
  );
  return transferError('ACRT4010', { count, references: references.join('\n') });
}

/** The artifact as it was planned, whatever its tag says now. */
const pinned = (artifact: Artifact): Artifact => ({
  ...artifact,
  reference: { kind: 'digest', repository: artifact.reference.repository, digest: artifact.digest },
});

/**
 * The batches without what is gone, and with everything that moved pinned to its planned digest. A batch that changes by it
 * has another name.
 */
export function afterDrift(
  batches: readonly Batch[],
  drifts: readonly Drift[],
  transferName: string,
): readonly Batch[] {
  const drifted = new Map(drifts.map(({ artifact, now }) => [artifact, now]));
  return batches.flatMap((batch): Batch[] => {
    if (!batch.artifacts.some((artifact) => drifted.has(artifact))) return [batch];
    const rest = batch.artifacts.flatMap((artifact) => {
      const now = drifted.get(artifact);
      if (now === undefined) return [artifact];
      return now === null ? [] : [pinned(artifact)];
    });
    const artifacts = [...new Map(rest.map((artifact) => [formatReference(artifact.reference), artifact])).values()];
    return artifacts.length === 0 ? [] : [{ ...batch, artifacts, blob: blobName(transferName, artifacts) }];
  });
}

/** The plan that these batches of a document are. What stayed when it was planned is not spoken of again. */
export function approvedPlan(document: PlanDocument, batches: readonly Batch[]): Plan {
  const items = document.batches.flatMap(({ artifacts }) => artifacts);
  const byReference = new Map(items.map((item) => [item.reference, item]));
  // What is pinned to its digest was planned by its tag.
  const byDigest = new Map(items.map((item) => [item.digest, item]));
  const artifacts = batches.flatMap(({ blob, artifacts: members }) =>
    members.map((artifact): PlannedArtifact => {
      const item = byReference.get(formatReference(artifact.reference)) ?? byDigest.get(artifact.digest);
      const reason: TransferReason = { kind: 'as-planned', text: item?.why.text ?? 'as planned' };
      return { ...artifact, blob, where: item?.why.line ?? null, reason };
    }),
  );
  const planned = batches.reduce((sum, { bytes }) => sum + bytes, 0);
  return { batches, artifacts, staying: [], bytes: { planned, naive: planned, least: planned } };
}
