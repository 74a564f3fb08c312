/** Reads an approved plan, checks that it belongs to this transfer, and compares it with the source. */
import { documentArtifact, PLAN, readDocument, type PlanDocument } from '../documents/index.ts';
import { transferError, type TransferError } from '../errors/index.ts';
import { blobName } from '../model/artifact.ts';
import { isSameResource } from '../model/pipeline-id.ts';
import type { Plan, PlannedArtifact, PlannedBatch } from '../model/plan.ts';
import { formatReference } from '../model/reference.ts';
import type { Registry } from '../ports/registry.ts';
import { listRepository } from './baseline/baseline.ts';

/** What a plan must belong to. */
export interface PlanOrigin {
  /** Login server of the source registry. */
  readonly registry: string;
  readonly exportPipelineId: string;
  /** ARM resource ID of the target registry; null if this step doesn't know it. */
  readonly destination: string | null;
}

/** The batches of a plan document, with its reasons. */
export const documentBatches = ({ batches }: PlanDocument): readonly PlannedBatch[] =>
  batches.map(({ blob, bytes, artifacts }, index) => ({
    index: index + 1,
    blob,
    bytes,
    artifacts: artifacts.map((item) => ({
      ...documentArtifact(item),
      where: item.why.line,
      reason: { kind: 'as-planned', text: item.why.text },
    })),
  }));

/** Why a plan doesn't belong to this transfer; null if it does. */
function originMismatch(document: PlanDocument, expected: PlanOrigin): string | null {
  if (!isSameResource(document.registry, expected.registry)) {
    return `its source is ${document.registry}, not ${expected.registry}`;
  }
  if (!isSameResource(document.exportPipeline, expected.exportPipelineId)) {
    return `its export pipeline is ${document.exportPipeline}`;
  }
  const { target } = document;
  // Otherwise the history and manifest would have no target, and the next sync would transfer everything again.
  if (target !== null && !isSameResource(target, expected.destination)) {
    return `its target is ${target}, and import-pipeline is ${expected.destination ?? 'not set'}`;
  }
  const altered = documentBatches(document).find(
    ({ blob, artifacts }) => blob !== blobName(document.transferName, artifacts),
  );
  return altered === undefined ? null : `the name of ${altered.blob} doesn't match its artifacts: the plan was changed`;
}

/**
 * Reads a plan and checks that it belongs to this transfer.
 * @throws ACRT7001, ACRT7002, ACRT7005
 */
export function readPlan(text: string, place: string, expected: PlanOrigin): PlanDocument {
  const document = readDocument(PLAN, text, place);
  const reason = originMismatch(document, expected);
  if (reason !== null) throw transferError('ACRT7005', { place, reason });
  return document;
}

/** {@link Drift.now} of an artifact that exists and lost its tag. */
export const NO_TAG = 'no tag';

/** A planned artifact whose tag moved, or that was deleted. */
export interface Drift {
  readonly artifact: PlannedArtifact;
  /** The digest that its tag has now; null if the artifact was deleted. */
  readonly now: string | null;
}

/**
 * Compares a plan with the source. Takes one listing for each repository.
 * @throws ACRT6004
 */
export async function findDrift(registry: Registry, batches: readonly PlannedBatch[]): Promise<readonly Drift[]> {
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

/** The error for a plan that no longer matches the source (ACRT4010). */
export function driftError(drifts: readonly Drift[]): TransferError {
  const count = drifts.length === 1 ? 'One artifact has changed' : `${drifts.length} artifacts have changed`;
  const references = drifts.map(
    ({ artifact, now }) =>
      `  ${formatReference(artifact.reference)}\n    planned  ${artifact.digest}\n    now      ${now ?? 'not in the registry'}`,
  );
  return transferError('ACRT4010', { count, references: references.join('\n') });
}

/** Replaces the tag of an artifact by the planned digest. */
const pin = (artifact: PlannedArtifact): PlannedArtifact => ({
  ...artifact,
  reference: { kind: 'digest', repository: artifact.reference.repository, digest: artifact.digest },
});

/**
 * Applies drift to batches: removes deleted artifacts, and pins artifacts whose tag moved to their planned digest. A batch
 * that changes gets another blob name.
 */
export function afterDrift(
  batches: readonly PlannedBatch[],
  drifts: readonly Drift[],
  transferName: string,
): readonly PlannedBatch[] {
  const drifted = new Map(drifts.map(({ artifact, now }) => [artifact, now]));
  return batches.flatMap((batch): PlannedBatch[] => {
    if (!batch.artifacts.some((artifact) => drifted.has(artifact))) return [batch];
    const rest = batch.artifacts.flatMap((artifact) => {
      const now = drifted.get(artifact);
      if (now === undefined) return [artifact];
      return now === null ? [] : [pin(artifact)];
    });
    const artifacts = [...new Map(rest.map((artifact) => [formatReference(artifact.reference), artifact])).values()];
    const deleted = batch.artifacts.filter((artifact) => drifted.get(artifact) === null);
    // Content that deleted artifacts share with others is still there, so this is the least.
    const bytes = Math.max(0, batch.bytes - deleted.reduce((sum, { size }) => sum + size, 0));
    return artifacts.length === 0 ? [] : [{ ...batch, artifacts, bytes, blob: blobName(transferName, artifacts) }];
  });
}

/** The plan for these batches of an approved plan. Doesn't repeat the skipped artifacts. */
export function approvedPlan(batches: readonly PlannedBatch[]): Plan {
  const planned = batches.reduce((sum, { bytes }) => sum + bytes, 0);
  return { batches, skipped: [], bytes: { planned, naive: planned, least: planned } };
}
