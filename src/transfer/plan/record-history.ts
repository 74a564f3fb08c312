/** Records what was handed over in the history, and keeps batches of earlier exports in the transfer manifest. */
import { MANIFEST, readDocument, type ManifestDocument } from '../documents/index.ts';
import { toResult, type Result } from '../errors/index.ts';
import { manifestName } from '../model/names.ts';
import { formatReference } from '../model/reference.ts';
import type { ArtifactStatus, BatchResult } from '../model/result.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import { withDeadline } from '../resilience/deadline.ts';
import { addToHistory, type HistoryEntry } from './baseline/history.ts';
import type { PreparedPlan } from './plan-transfer.ts';
import { registryPairOf, type PlanContext } from './prepare.ts';

/** Outcomes that count as handed over: the artifact was exported, and this step saw no failure after that. */
const HANDED_OVER: readonly ArtifactStatus[] = ['exported', 'verified', 'unverified', 'present', 'present-unverified'];

function entriesOf({ batch, artifacts }: BatchResult, at: string, transferName: string): readonly HistoryEntry[] {
  const handedOver = new Set(
    artifacts.flatMap(({ reference, outcome }) => (HANDED_OVER.includes(outcome) ? [reference] : [])),
  );
  return batch.artifacts
    .filter(({ reference }) => handedOver.has(formatReference(reference)))
    .map(({ reference, digest, children }) => ({
      reference: formatReference(reference),
      digest,
      children: [...children],
      at,
      transferName,
    }));
}

/** Adds what was handed over to the history. Does nothing with another baseline. */
export function recordHistory(
  results: readonly BatchResult[],
  { incremental, documentName }: PreparedPlan,
  planContext: PlanContext,
): Promise<Result<void>> {
  const now = planContext.context.clock.now();
  const entries = results.flatMap((result) => entriesOf(result, new Date(now).toISOString(), documentName));
  if (incremental !== 'history') return Promise.resolve({ ok: true, value: undefined });
  return toResult(() =>
    withDeadline(planContext.context.ending, () =>
      addToHistory(planContext.source.container, registryPairOf(planContext), entries, now),
    ),
  );
}

/**
 * Adds the batches of an earlier manifest of the same name whose blobs still exist. With a history, they count as handed
 * over. Without them in the manifest, they would never be transferred.
 */
export async function withEarlierBatches(
  document: ManifestDocument,
  { incremental, documentName }: PreparedPlan,
  container: BlobContainer,
): Promise<ManifestDocument> {
  if (incremental !== 'history') return document;
  const name = manifestName(documentName);
  const text = await container.readText(name);
  const earlier = text === null ? null : await toResult(() => Promise.resolve(readDocument(MANIFEST, text, name)));
  if (earlier === null || !earlier.ok) return document;
  const ownBlobs = new Set(document.batches.map(({ blob }) => blob.name));
  const others = earlier.value.batches.filter(({ blob }) => !ownBlobs.has(blob.name));
  const isStored = await Promise.all(
    others.map(async (batch) => (await container.find(batch.blob.name))?.md5 === batch.blob.md5),
  );
  return { ...document, batches: [...document.batches, ...others.filter((_, index) => isStored[index])] };
}
